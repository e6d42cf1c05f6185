const DATE = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** The instant that a text means, as it goes over the wire; a date is its 00:00 UTC. Undefined for anything else. */
export function instantOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || !(DATE.test(value) || INSTANT.test(value))) return undefined;
  const day = value.slice(0, 10);
  // JavaScript takes 2026-02-30 for the second of March; a day that is none is refused instead.
  const midnight = new Date(`${day}T00:00:00.000Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return undefined;
  const instant = new Date(DATE.test(value) ? midnight : value);
  return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString();
}
