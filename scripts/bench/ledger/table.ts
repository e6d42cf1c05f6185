/** One line of the result. What has a bar holds it or fails the run. */
export interface Row {
  what: string;
  perSecond?: number | undefined;
  p99Ms?: number | undefined;
  cpuUs?: number | undefined;
  ratio?: number;
  value?: string;
  bar?: string;
  holds?: boolean;
}

/** A figure that must not exceed its bar. */
export const bar = (what: string, value: number, atMost: number, unit: string): Row => ({
  what,
  value: `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`,
  bar: `≤ ${atMost} ${unit}`,
  holds: value <= atMost,
});

export function printTable(rows: readonly Row[]): void {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  for (const line of cells) {
    const padded = line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
    );
    console.log(padded.join('  ').trimEnd());
  }
}

const HEAD = ['', 'per second', 'p99', 'CPU', 'measured', 'bar', ''];

function cellsOf({ what, perSecond, p99Ms, cpuUs, ratio, value, bar: limit, holds }: Row): string[] {
  return [
    what,
    perSecond?.toFixed(0) ?? '',
    p99Ms === undefined ? '' : `${p99Ms.toFixed(0)} ms`,
    cpuUs === undefined ? '' : `${cpuUs.toFixed(0)} µs`,
    value ?? (ratio === undefined ? '' : `${ratio.toFixed(2)} ×`),
    limit ?? '',
    holds === undefined ? '' : holds ? 'holds' : 'MISSED',
  ];
}
