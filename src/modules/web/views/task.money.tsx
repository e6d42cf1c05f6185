import type { MoneyShown } from '../reading/money-bar.js';
import { Amount } from './parts.js';

/** What was funded, as a bar of what became of it. */
export function MoneyBar({ money }: { money: MoneyShown }) {
  const parts = [
    { name: 'Held in escrow', value: money.held, tone: 'text-c1' },
    { name: 'Paid to the executor', value: money.paid, tone: 'text-c2' },
    { name: 'Fee, burnt', value: money.burnt, tone: 'text-c3' },
    { name: 'Paid back', value: money.refunded, tone: 'text-c4' },
  ].filter(({ value }) => value > 0);
  return (
    <div className="not-first:mt-4">
      <p className="flex items-baseline justify-between text-[13px] text-ink-2">
        Funded <Amount value={money.funded} currency={money.currency} />
      </p>
      <svg className="mt-2 block rounded overflow-hidden" width="100%" height="10" aria-hidden="true">
        {parts.map(({ name, value, tone }, i) => {
          const before = parts.slice(0, i).reduce((sum, part) => sum + part.value, 0);
          return (
            <rect
              key={name}
              className={tone}
              fill="currentColor"
              x={`${percentOf(before, money.funded)}%`}
              width={`${percentOf(value, money.funded)}%`}
              height="10"
            />
          );
        })}
      </svg>
      <dl className="mt-2 grid gap-1 text-xs">
        {parts.map(({ name, value, tone }) => (
          <div key={name} className="flex items-center justify-between gap-3">
            <dt className="flex items-center gap-1.5 text-ink-2">
              <i className={`size-2 rounded-[2px] bg-current ${tone}`} />
              {name}
            </dt>
            <dd>
              <Amount value={value} currency={money.currency} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

const percentOf = (part: number, whole: number): string => ((part / whole) * 100).toFixed(2);
