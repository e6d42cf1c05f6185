/**
 * A copy that prints as the same text in every language, so that a receiver may parse the body, take the signature
 * out and print the rest again to check it. What would print differently is put in a form that does not.
 */
export function wireData(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number') return wireNumber(value);
  if (Array.isArray(value)) return value.map(wireData);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [wireName(name), wireData(member)] as const),
  );
}

/** JavaScript moves members that look like an index to the front, whatever order they came in. */
const wireName = (name: string): string => (/^(0|[1-9]\d*)$/.test(name) ? `_${name}` : name.toWellFormed());

/** Python writes exponents from 1e16 on and below 1e-4, JavaScript elsewhere; beyond 2^53 digits are lost. */
function wireNumber(number: number): number | string {
  if (number === 0) return 0;
  const size = Math.abs(number);
  return size >= 1e-4 && size <= Number.MAX_SAFE_INTEGER ? number : String(number);
}
