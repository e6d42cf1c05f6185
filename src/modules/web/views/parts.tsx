import type { ReactNode } from 'react';
import type { Currency } from '#kernel/money';
import { Spark } from './charts/spark.js';
import { number, worded } from './format.js';
import { Said } from './said.js';

/** An agent as a page names it. */
export interface Named {
  id: string;
  name: string;
}

const DOTS: Readonly<Record<string, string>> = {
  open: 'bg-s-open',
  bidding: 'bg-s-bidding',
  in_progress: 'bg-s-progress',
  submitted: 'bg-s-submitted',
  validating: 'bg-s-validating',
  completed: 'bg-s-completed',
  cancelled: 'bg-s-cancelled',
  disputed: 'bg-s-disputed',
  approved: 'bg-s-open',
  accepted: 'bg-s-open',
  rejected: 'bg-s-disputed',
};

export const Status = ({ status }: { status: string }) => (
  <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-xs text-ink-2">
    <i className={`size-[7px] rounded-full ${DOTS[status] ?? 'bg-s-cancelled'}`} />
    {worded(status)}
  </span>
);

const HUES = 10;
const hueOf = (id: string): number =>
  [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) % HUES;

/** The first letter of a name, where there is one. */
const initialOf = (name: string): string => (/[\p{L}\p{N}]/u.exec(name)?.[0] ?? '·').toUpperCase();

export const Avatar = ({ id, name, big }: Named & { big?: boolean }) => (
  <span
    aria-hidden="true"
    className={`${big ? 'size-11 text-lg rounded-lg' : 'size-5 text-[10px] rounded-[5px]'} inline-grid place-items-center font-semibold shrink-0 avatar hue-${hueOf(id)}`}
  >
    {initialOf(name)}
  </span>
);

export const AgentLink = ({ id, name }: Named) => (
  <a
    href={`/agents/${id}`}
    className="inline-flex items-center gap-1.5 min-w-0 max-w-full text-ink-2 hover:text-ink"
  >
    <Avatar id={id} name={name} />
    <span className="truncate">
      <Said>{name}</Said>
    </span>
  </a>
);

/** Its name alone, where its picture stands beside it already. */
export const AgentName = ({ id, name }: Named) => (
  <a href={`/agents/${id}`} className="truncate font-medium hover:text-brand">
    <Said>{name}</Said>
  </a>
);

export const TaskLink = ({ id, title, big }: { id: string; title: string; big?: boolean }) => (
  <a
    href={`/tasks/${id}`}
    className={`block truncate ${big ? 'text-[14px] ' : ''}font-medium hover:text-brand`}
  >
    <Said>{title}</Said>
  </a>
);

export const Amount = ({ value, currency = 'points' }: { value: number; currency?: Currency }) => (
  <span className="tnum whitespace-nowrap">
    <b className="font-semibold">{number(value)}</b>
    <span className="text-ink-3 text-xs"> {currency === 'points' ? 'pts' : 'USDC'}</span>
  </span>
);

/** What is offered, in each currency in which it is. */
export function Price({
  price_points,
  price_usdc,
}: {
  price_points: number | null;
  price_usdc: number | null;
}) {
  return (
    <span className="inline-flex flex-wrap justify-end gap-x-2">
      {price_points !== null && <Amount value={price_points} />}
      {price_usdc !== null && <Amount value={price_usdc} currency="usdc" />}
    </span>
  );
}

export interface VotesShown {
  for: number;
  against: number;
}

export function Votes({ votes }: { votes: VotesShown | null | undefined }) {
  if (!votes) return <span className="text-ink-3 text-xs">none</span>;
  const dots = [
    ...Array.from({ length: votes.for }, () => 'bg-s-open'),
    ...Array.from({ length: votes.against }, () => 'bg-s-disputed'),
  ];
  return (
    <span
      className="inline-flex gap-1 items-center"
      role="img"
      aria-label={`${votes.for} for, ${votes.against} against`}
    >
      {dots.map((dot, i) => (
        <i key={i} className={`size-2 rounded-full ${dot}`} />
      ))}
    </span>
  );
}

export const Tile = ({
  name,
  value,
  note,
  isGood,
  spark,
  tone = 'text-c1',
}: {
  name: string;
  value: string;
  note?: string;
  isGood?: boolean;
  spark?: readonly number[];
  tone?: string;
}) => (
  <div className="card relative px-4 py-3 min-w-0">
    <dt className="text-xs text-ink-3 sm:truncate">{name}</dt>
    <dd className="mt-1 text-[22px] leading-7 font-semibold tracking-tight tnum">
      {value}
      {spark && (
        <span className={`absolute right-4 bottom-4 max-sm:hidden ${tone}`}>
          <Spark values={spark} />
        </span>
      )}
    </dd>
    {note !== undefined && (
      <dd className={`text-xs tnum truncate ${isGood ? 'text-pos' : 'text-ink-3'}`}>{note}</dd>
    )}
  </div>
);

export const Heading = ({ children, href, more }: { children: string; href?: string; more?: string }) => (
  <div className="flex items-baseline justify-between gap-4 mb-2.5">
    <h2 className="text-[15px] font-semibold tracking-tight">{children}</h2>
    {href !== undefined && (
      <a href={href} className="link text-[13px] whitespace-nowrap">
        {more}
      </a>
    )}
  </div>
);

export const Card = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="card p-4 min-w-0">
    <h2 className="text-[13px] font-semibold mb-2">{title}</h2>
    {children}
  </section>
);

export interface Fact {
  name: string;
  value: ReactNode;
}

export const Facts = ({ facts }: { facts: readonly Fact[] }) => (
  <dl className="text-[13px] divide-y divide-line">
    {facts.map(({ name, value }) => (
      <div key={name} className="flex justify-between gap-4 py-[7px]">
        <dt className="text-ink-2 shrink-0">{name}</dt>
        <dd className="tnum font-medium text-right min-w-0 truncate">{value}</dd>
      </div>
    ))}
  </dl>
);

export function CodeBlock({ id, title, code }: { id: string; title: string; code: string }) {
  return (
    <figure className="card min-w-0 overflow-hidden">
      <figcaption className="flex items-center justify-between gap-3 pl-4 pr-2 h-9 border-b border-line text-xs text-ink-3">
        <span className="truncate">{title}</span>
        <button
          type="button"
          data-copy={id}
          className="js-only px-2 py-1 rounded text-ink-2 hover:bg-surface-2"
        >
          Copy
        </button>
      </figcaption>
      <pre id={id} className="code px-4 py-3" tabIndex={0} aria-label={title} role="region">
        {code}
      </pre>
    </figure>
  );
}
