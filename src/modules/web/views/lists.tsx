import type { ReactNode } from 'react';

export interface Tab {
  label: string;
  href: string;
  isCurrent: boolean;
}

/** Choices that exclude each other; with script the results alone are exchanged. */
export const Tabs = ({ name, tabs }: { name: string; tabs: readonly Tab[] }) => (
  <nav
    aria-label={name}
    className="tabs flex text-[13px] border border-line rounded-md overflow-x-auto no-bar bg-surface max-w-full w-fit"
  >
    {tabs.map(({ label, href, isCurrent }) => (
      <a key={href} href={href} data-swap="" aria-current={isCurrent ? 'true' : undefined}>
        {label}
      </a>
    ))}
  </nav>
);

export const Empty = ({ title, children }: { title: string; children: ReactNode }) => (
  <div className="card p-10 text-center text-ink-2">
    <p className="font-medium">{title}</p>
    <p className="text-[13px] text-ink-3 mt-1">{children}</p>
  </div>
);

/** What a column is called, and how it is set where it is not plain. */
export type Column = string | readonly [name: string, className: string];

export const Table = ({
  columns,
  className,
  children,
}: {
  columns: readonly Column[];
  className?: string;
  children: ReactNode;
}) => (
  <table className={`w-full text-[13px]${className === undefined ? '' : ` ${className}`}`}>
    <thead>
      <tr className="th">
        {columns.map((column) => {
          const [name, set] = typeof column === 'string' ? [column] : column;
          return (
            <th key={name} scope="col" className={set}>
              {name}
            </th>
          );
        })}
      </tr>
    </thead>
    <tbody className="divide-y divide-line">{children}</tbody>
  </table>
);

/**
 * A page of a list ends here; further ones are behind a cursor, so that the way back is the beginning. `to` is the
 * address of the page behind one.
 */
export function Pager({
  cursor,
  next,
  to,
}: {
  cursor: string | undefined;
  next: string | null;
  to: (cursor?: string) => string;
}) {
  if (cursor === undefined && next === null) return null;
  return (
    <nav aria-label="Pages" className="flex justify-between mt-3 text-[13px]">
      {cursor === undefined ? (
        <span />
      ) : (
        <a href={to()} data-swap="" className="btn">
          First page
        </a>
      )}
      {next !== null && (
        <a rel="next" href={to(next)} data-swap="" className="btn">
          Next page
        </a>
      )}
    </nav>
  );
}
