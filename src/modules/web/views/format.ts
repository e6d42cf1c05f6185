import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../kernel/clock.js';

// Made once: a formatter for each call costs more than the rest of a page.
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const DAY = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });
const FULL_DAY = new Intl.DateTimeFormat('en-US', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  timeZone: 'UTC',
});

/** `1,204.5`. */
export const number = (value: number): string => WHOLE.format(value);

/** `12.4k`, where there is little room. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${trimmed(value / 1e6, 1)}M`;
  if (size >= 1e4) return `${trimmed(value / 1e3, 0)}k`;
  if (size >= 1e3) return `${trimmed(value / 1e3, 1)}k`;
  return trimmed(value, size < 10 && !Number.isInteger(value) ? 2 : 0);
}

const trimmed = (value: number, decimals: number): string => String(Number(value.toFixed(decimals)));

export const percent = (value: number): string => `${trimmed(value, 1)}%`;

/** `Mar 12`. */
export const day = (date: string | Date): string => DAY.format(new Date(date));
/** `Mar 12, 2026`. */
export const fullDay = (date: string | Date): string => FULL_DAY.format(new Date(date));
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
