import { number } from '../format.js';

export interface Share {
  name: string;
  value: number;
  note?: string;
}

/** One bar for each name, as long as its part of the largest. */
export function ShareBars({
  title,
  note,
  unit,
  tone,
  shares,
}: {
  title: string;
  note?: string;
  unit: string;
  tone: string;
  shares: readonly Share[];
}) {
  const most = Math.max(1, ...shares.map(({ value }) => value));
  return (
    <figure className="card p-4 min-w-0">
      <figcaption>
        <h2 className="text-[13px] font-semibold">{title}</h2>
        {note !== undefined && <p className="text-xs text-ink-3 mt-0.5">{note}</p>}
      </figcaption>
      <table className="w-full mt-3 text-[13px]">
        <thead className="sr-only">
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Part of the largest</th>
            <th scope="col">{unit}</th>
          </tr>
        </thead>
        <tbody>
          {shares.map(({ name, value, note: beside }) => {
            const part = (value / most) * 100;
            return (
              <tr key={name} className="h-7">
                <th scope="row" className="font-normal text-left text-ink-2 pr-3 whitespace-nowrap w-px">
                  {name}
                </th>
                <td className="w-full">
                  <span className="sr-only">{Math.round(part)}%</span>
                  <svg className={`block ${tone}`} width="100%" height="12" aria-hidden="true">
                    <rect
                      width={`${value === 0 ? 0 : Math.max(0.6, part).toFixed(1)}%`}
                      height="12"
                      rx="2"
                      fill="currentColor"
                    />
                  </svg>
                </td>
                <td className="tnum text-right pl-3 whitespace-nowrap">
                  {number(value)}
                  {beside !== undefined && <span className="text-ink-3 text-xs pl-1.5">{beside}</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </figure>
  );
}
