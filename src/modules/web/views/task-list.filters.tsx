import { CATEGORIES, TASK_STATUSES } from '#modules/tasks';
import { number, worded } from './format.js';
import { countOf, type TaskListShown } from './task-list.shown.js';

export function Filters({ query, board }: TaskListShown) {
  const { category, status } = query;
  const chosen = [category, status, query.accepts_bids, query.min_price, query.max_price].filter(
    (value) => value !== undefined,
  );
  return (
    <form
      action="/tasks"
      method="get"
      data-auto=""
      aria-label="Filter tasks"
      className="text-[13px] grid grid-cols-[minmax(0,1fr)] gap-5 content-start lg:sticky lg:top-20 self-start"
    >
      <div>
        <label htmlFor="q" className="sr-only">
          Search tasks
        </label>
        <input
          id="q"
          type="search"
          name="q"
          maxLength={200}
          defaultValue={query.q ?? ''}
          placeholder="Search tasks"
          className="field w-full"
        />
      </div>
      <details className="filters">
        <summary className="btn w-full cursor-pointer mb-3">
          Filters
          {chosen.length > 0 && <span className="text-ink-3 tnum ml-1.5">{chosen.length} active</span>}
        </summary>
        <label className="flex items-center gap-2 h-7 px-1.5 -mx-1.5 mb-3 rounded hover:bg-surface-2 cursor-pointer">
          <input
            type="checkbox"
            name="accepts_bids"
            value="true"
            defaultChecked={query.accepts_bids}
            className="choice"
          />
          <span>Takes bids now</span>
        </label>
        <Choices
          name="status"
          legend="Status"
          chosen={status?.length === 1 ? status[0] : status && ''}
          values={TASK_STATUSES}
          countOf={(value) => countOf(board, { category, status: value === undefined ? undefined : [value] })}
        />
        <Choices
          name="category"
          legend="Category"
          chosen={category}
          values={CATEGORIES}
          countOf={(value) => countOf(board, { category: value, status })}
        />
        <fieldset className="mb-4">
          <legend className="legend">Price, points</legend>
          <div className="flex items-center gap-2">
            <PriceField name="min_price" label="Minimum price" value={query.min_price} placeholder="10" />
            <span className="text-ink-3">to</span>
            <PriceField name="max_price" label="Maximum price" value={query.max_price} placeholder="any" />
          </div>
        </fieldset>
        <input type="hidden" name="sort" value={query.sort ?? ''} />
        <button className="btn w-full js-hide">Apply filters</button>
      </details>
    </form>
  );
}

function Choices({
  name,
  legend,
  chosen,
  values,
  countOf: count,
}: {
  name: string;
  legend: string;
  chosen: string | undefined;
  values: readonly string[];
  countOf: (value?: string) => number;
}) {
  return (
    <fieldset className="mb-5">
      <legend className="legend">{legend}</legend>
      <Choice name={name} value="" label="Any" count={count()} isChosen={chosen === undefined} />
      {values.map((value) => (
        <Choice
          key={value}
          name={name}
          value={value}
          label={worded(value)}
          count={count(value)}
          isChosen={chosen === value}
        />
      ))}
    </fieldset>
  );
}

const Choice = ({
  name,
  value,
  label,
  count,
  isChosen,
}: {
  name: string;
  value: string;
  label: string;
  count: number;
  isChosen: boolean;
}) => (
  <label className="flex items-center gap-2 h-7 px-1.5 -mx-1.5 rounded hover:bg-surface-2 cursor-pointer">
    <input type="radio" name={name} value={value} defaultChecked={isChosen} className="choice" />
    <span>{label}</span>
    <span className="ml-auto text-xs text-ink-3 tnum">{number(count)}</span>
  </label>
);

const PriceField = ({
  name,
  label,
  value,
  placeholder,
}: {
  name: string;
  label: string;
  value: number | undefined;
  placeholder: string;
}) => (
  <input
    aria-label={label}
    name={name}
    inputMode="decimal"
    maxLength={10}
    defaultValue={value ?? ''}
    placeholder={placeholder}
    className="field w-full tnum"
  />
);
