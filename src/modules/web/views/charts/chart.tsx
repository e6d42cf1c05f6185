import type { ReactNode } from 'react';
import { day, number, short } from '../format.js';
import { heightIn, scaleOf, type Scale } from './scale.js';

export interface Series {
  name: string;
  /** A class that sets the colour. */
  tone: string;
  values: readonly number[];
}

interface Drawn {
  title: string;
  note?: string;
  days: readonly string[];
  series: readonly Series[];
  height?: number;
  /** The least that the scale reaches. */
  top?: number;
}

const HEIGHT = 200;
/** Room for the half of a label above the plot, and for the days below it. */
const TOP = 8;
const BOTTOM = 22;
const LABELS = 6;
/** One row of the hidden table for a week of a long chart. */
const TABLE_EVERY = 7;

/** Lines, the first of them filled when it is alone. */
export function LineChart({ height = HEIGHT, top, ...drawn }: Drawn) {
  const scale = scaleOf(
    drawn.series.flatMap(({ values }) => values),
    top,
  );
  const x = (i: number): number => (i / Math.max(1, drawn.days.length - 1)) * 100;
  return (
    <Frame {...drawn} height={height} scale={scale} placeOf={x}>
      {drawn.series.map(({ name, tone, values }) => {
        const line = values.map((value, i) => `${fixed(x(i))} ${fixed(heightIn(scale, value))}`).join('L');
        const zero = fixed(heightIn(scale, 0));
        return (
          <g key={name} className={tone}>
            {drawn.series.length === 1 && (
              <path d={`M0 ${zero}L${line}L100 ${zero}z`} fill="currentColor" fillOpacity="0.12" />
            )}
            <path
              d={`M${line}`}
              fill="none"
              stroke="currentColor"
              strokeWidth="1.75"
              strokeLinejoin="round"
              vectorEffect="non-scaling-stroke"
            />
          </g>
        );
      })}
    </Frame>
  );
}

/** Bars upwards, and those of a second series downwards. */
export function BarChart({ height = HEIGHT, top, ...drawn }: Drawn) {
  const [up, down] = drawn.series;
  const below = down?.values.map((value) => -value) ?? [];
  const scale = scaleOf([...up!.values, ...below], top);
  const width = 100 / drawn.days.length;
  const x = (i: number): number => (i + 0.5) * width;
  const bars = (values: readonly number[]): string =>
    values
      .map((value, i) => {
        if (value === 0) return '';
        const [from, to] = [heightIn(scale, 0), heightIn(scale, value)];
        return `M${fixed(i * width + width * 0.14)} ${fixed(from)}V${fixed(to)}h${fixed(width * 0.72)}V${fixed(from)}z`;
      })
      .join('');
  return (
    <Frame {...drawn} height={height} scale={scale} placeOf={x}>
      <path className={up!.tone} fill="currentColor" d={bars(up!.values)} />
      {down && <path className={down.tone} fill="currentColor" d={bars(below)} />}
    </Frame>
  );
}

/**
 * The plot is stretched to whatever room there is; its words are not, because they stand outside of what is stretched.
 * No element has a style of its own, so the page needs no exception from its policy.
 */
function Frame({
  title,
  note,
  days,
  series,
  height,
  scale,
  placeOf,
  children,
}: Drawn & { height: number; scale: Scale; placeOf: (i: number) => number; children: ReactNode }) {
  const plot = height - TOP - BOTTOM;
  const y = (value: number): number => fixed(TOP + (heightIn(scale, value) / 100) * plot);
  const every = Math.ceil(days.length / LABELS);
  const labelled = days.map((_, i) => i).filter((i) => (days.length - 1 - i) % every === 0 && i > 0);
  const names = series.map(({ name }) => name);
  // The days follow each other: to name the first one makes the page smaller by a third.
  const told = { names, first: days[0], values: series.map(({ values }) => values.map(fixed)) };
  if (series.every(({ values }) => values.every((value) => value === 0)))
    return <NothingDrawn title={title} note={note} />;
  return (
    <figure className="card p-4 min-w-0">
      <Caption title={title} note={note} />
      {series.length > 1 && (
        <ul className="flex flex-wrap gap-x-4 gap-y-1 mt-2 text-xs text-ink-2">
          {series.map(({ name, tone }) => (
            <li key={name} className="flex items-center gap-1.5">
              <i className={`size-2 rounded-[2px] bg-current ${tone}`} />
              {name}
            </li>
          ))}
        </ul>
      )}
      <div className="grid grid-cols-[2.5rem_minmax(0,1fr)] mt-3" aria-hidden="true">
        <svg className="chart overflow-visible" width="100%" height={height}>
          {scale.ticks.map((tick) => (
            <text key={tick} x="32" y={y(tick)} dy="0.35em" textAnchor="end">
              {short(Math.abs(tick))}
            </text>
          ))}
        </svg>
        <div className="relative" data-chart={JSON.stringify(told)}>
          <svg className="chart overflow-visible" width="100%" height={height}>
            {scale.ticks.map((tick) => (
              <line
                key={tick}
                x1="0"
                x2="100%"
                y1={y(tick)}
                y2={y(tick)}
                className={tick === 0 ? 'zero-line' : 'grid-line'}
              />
            ))}
            <svg
              y={TOP}
              width="100%"
              height={plot}
              viewBox="0 0 100 100"
              preserveAspectRatio="none"
              overflow="visible"
            >
              {children}
            </svg>
            {labelled.map((i, turn) => (
              <text
                key={i}
                x={`${fixed(placeOf(i))}%`}
                y={height - 5}
                textAnchor={i === days.length - 1 ? 'end' : 'middle'}
                className={(labelled.length - 1 - turn) % 2 === 1 ? 'max-sm:hidden' : undefined}
              >
                {day(days[i]!)}
              </text>
            ))}
          </svg>
        </div>
      </div>
      <table className="sr-only">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            {names.map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((each, i) =>
            (days.length - 1 - i) % TABLE_EVERY === 0 ? (
              <tr key={each}>
                <th scope="row">{day(each)}</th>
                {series.map(({ name, values }) => (
                  <td key={name}>{number(values[i]!)}</td>
                ))}
              </tr>
            ) : null,
          )}
        </tbody>
      </table>
    </figure>
  );
}

const Caption = ({ title, note }: Pick<Drawn, 'title' | 'note'>) => (
  <figcaption>
    <h2 className="text-[13px] font-semibold">{title}</h2>
    {note !== undefined && <p className="text-xs text-ink-3 mt-0.5">{note}</p>}
  </figcaption>
);

/** A line along the bottom, on a scale of nothing, tells less than to say so. */
const NothingDrawn = ({ title, note }: Pick<Drawn, 'title' | 'note'>) => (
  <figure className="card p-4 min-w-0 min-h-48 flex flex-col">
    <Caption title={title} note={note} />
    <p className="m-auto text-[13px] text-ink-3">Nothing yet</p>
  </figure>
);

/** A hundredth of a percent is finer than any screen; `toFixed` takes ten times as long. */
const fixed = (value: number): number => Math.round(value * 100) / 100;
