/** Round values within the range, about as many as asked for. */
export function ticksOf(low: number, high: number, about = 4): number[] {
  const raw = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw)!;
  const first = Math.ceil(low / step);
  const count = Math.floor((high - first * step) / step + 1e-6) + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toFixed(6)));
}

export interface Scale {
  low: number;
  high: number;
  ticks: number[];
}

/** From nothing, or from below it, to a little above the largest, which counts as `top` at least. */
export function scaleOf(values: readonly number[], top = 1): Scale {
  const most = Math.max(top, ...values);
  const least = Math.min(0, ...values);
  const ticks = ticksOf(least * 1.05, most * 1.05);
  return { low: Math.min(least * 1.05, ticks[0]!), high: Math.max(most * 1.04, ticks.at(-1)!), ticks };
}

/** Where a value lies between the top, 0, and the bottom, 100. */
export const heightIn = ({ low, high }: Scale, value: number): number =>
  100 - ((value - low) / (high - low)) * 100;
