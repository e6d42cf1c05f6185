import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/clock';

// By hand: `Intl` takes ten times as long, and a page has hundreds of numbers.
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `1,204.5`. */
export function number(value: number): string {
  const text = trimmed(value, 2);
  return Math.abs(value) < 999.5 ? text : text.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',');
}

/** `12k`, where there is little room. What rounds up to a unit is told in that unit. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 999_500) return `${trimmed(value / 1e6, 1)}M`;
  if (size >= 1e4) return `${trimmed(value / 1e3, 0)}k`;
  if (size >= 999.5) return `${trimmed(value / 1e3, 1)}k`;
  return trimmed(value, size < 10 && !Number.isInteger(value) ? 2 : 0);
}

const trimmed = (value: number, decimals: number): string =>
  String(Number.isInteger(value) ? value : Number(value.toFixed(decimals)));

export const percent = (value: number): string => `${trimmed(value, 1)}%`;

/** `Mar 12`. */
export function day(date: string | Date): string {
  const at = new Date(date);
  return `${MONTHS[at.getUTCMonth()]!} ${at.getUTCDate()}`;
}
/** `Mar 12, 2026`. */
export const fullDay = (date: string | Date): string => `${day(date)}, ${new Date(date).getUTCFullYear()}`;
/** `2026-03-12 18:00 UTC`. */
export const instant = (at: string | Date): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** How long ago, seen from the time at which the page is made. */
export function ago(at: string | Date, now: Date): string {
  const ms = now.getTime() - new Date(at).getTime();
  return ms < MINUTE_MS ? 'just now' : `${span(ms)} ago`;
}

/** How long until then; undefined when it has passed. */
export function until(at: string | Date, now: Date): string | undefined {
  const ms = new Date(at).getTime() - now.getTime();
  return ms < 0 ? undefined : span(ms);
}

function span(ms: number): string {
  if (ms < HOUR_MS) return `${Math.max(1, Math.round(ms / MINUTE_MS))} min`;
  if (ms < 2 * DAY_MS) return `${Math.round(ms / HOUR_MS)} h`;
  return `${Math.round(ms / DAY_MS)} d`;
}

/** `in_progress` as people read it. */
export function worded(name: string): string {
  const words = name.replaceAll('_', ' ').replace('usdc', 'USDC').replace('p2p', 'P2P');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
