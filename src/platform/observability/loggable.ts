/**
 * What may be written of a value: a copy that always turns into JSON and holds no secret. Circles, bigints,
 * throwing getters and endless nests come out as text; anything that is or is named like a secret is masked.
 */
export const toLoggable = (value: unknown): Loggable => copy(value, []);

/** The same for text: secrets are masked wherever they stand in it. */
export const maskText = (text: string): string => {
  const masked = text.replace(SECRET_VALUE, REDACTED).replace(NAMED_SECRET, `$1${REDACTED}`);
  return masked.length > TEXT_MAX ? `${masked.slice(0, TEXT_MAX)}… (${masked.length} characters)` : masked;
};

export type Loggable = null | boolean | number | string | Loggable[] | { [key: string]: Loggable };

export const REDACTED = '[redacted]';

const TEXT_MAX = 16_000;
const DEPTH_MAX = 8;
const MEMBERS_MAX = 100;

const SECRET_NAME =
  /authorization|api[_-]?key|secret|passw(?:or)?d|pepper|token|idempotency[_-]?key|cookie|credential|(?:private|encryption|signing|operator)[_-]?key/i;

/**
 * Every repetition is bounded, so that hostile text cannot make the search quadratic. An operator's id
 * (`opk_` and eight letters) is no secret, only what is longer; half an API key is treated as one.
 */
const SECRET_VALUE = new RegExp(
  [
    'axe_[a-z0-9_]{1,40}_[0-9a-f]{16,}',
    'opk_[\\w-]{9,}',
    'whsec_[\\w+/=-]+',
    '\\bbearer\\s{1,8}[^\\s"\',;]+',
    '\\bbasic\\s{1,8}[\\w+/=-]{8,}',
    // A URL with a password; a colon followed by digits and a slash is only a port.
    '[a-z][a-z0-9+.-]{0,20}://[^\\s:/@"\'<>]{0,128}:(?!\\d{1,5}[/?#])[^\\s"\'<>]{0,256}@[^\\s"\'<>]*',
  ].join('|'),
  'gi',
);

/** `password=…` in a query or connection string, `"api_key":"…"` in quoted JSON, `Idempotency-Key: …` in a header. */
const NAMED_SECRET = new RegExp(
  `((?:${SECRET_NAME.source})[\\w-]{0,30}=|"[\\w-]{0,30}(?:${SECRET_NAME.source})[\\w-]{0,30}"\\s{0,4}:\\s{0,4}"|` +
    `(?:authorization|idempotency-key|api-key|cookie):\\s{0,4})(?!\\[redacted\\])[^\\s"'&,;]+`,
  'gi',
);

/** `above` holds the objects on the way down to this value, so that a circle is told from a repetition. */
function copy(value: unknown, above: readonly object[]): Loggable {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint' || typeof value === 'symbol') return value.toString();
  if (typeof value === 'function') return `[function ${value.name}]`;
  return value === undefined ? null : copyObject(value, above);
}

function copyObject(value: object, above: readonly object[]): Loggable {
  if (above.includes(value)) return '[circular]';
  if (above.length >= DEPTH_MAX) return '[too deep]';
  const here = [...above, value];
  try {
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (value instanceof URL || value instanceof RegExp) return maskText(String(value));
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (value instanceof Map)
      return copyMembers(
        [...value].map(([key, member]) => [keyOf(key), member]),
        here,
      );
    if (Array.isArray(value) || value instanceof Set)
      return copyItems([...(value as Iterable<unknown>)], here);
    if (value instanceof Error) return copyError(value, here);
    return copyMembers(membersOf(value), here);
  } catch {
    return '[unreadable]';
  }
}

const keyOf = (key: unknown): string => (typeof key === 'string' ? key : JSON.stringify(copy(key, [])));

function copyItems(items: readonly unknown[], above: readonly object[]): Loggable[] {
  const copied = items.slice(0, MEMBERS_MAX).map((item) => copy(item, above));
  if (items.length > MEMBERS_MAX) copied.push(`… (${items.length} in all)`);
  return copied;
}

function copyMembers(members: readonly (readonly [string, unknown])[], above: readonly object[]): Loggable {
  const copied: [string, Loggable][] = [];
  for (const [name, member] of members.slice(0, MEMBERS_MAX)) {
    if (member === undefined) continue;
    copied.push([maskText(name), isSecret(name, member) ? REDACTED : copy(member, above)]);
  }
  if (members.length > MEMBERS_MAX) copied.push(['…', `${members.length} in all`]);
  return Object.fromEntries(copied);
}

/** That a secret is set or absent may be told; what it is, not even as a number. */
const isSecret = (name: string, member: unknown): boolean =>
  member !== null && typeof member !== 'boolean' && SECRET_NAME.test(name);

/** One unreadable getter must not hide the members beside it. */
function membersOf(value: object): [string, unknown][] {
  return Object.keys(value).map((name) => {
    try {
      return [name, (value as Record<string, unknown>)[name]];
    } catch {
      return [name, '[unreadable]'];
    }
  });
}

/**
 * Beside name, message and stack only plain values and the cause: what drivers hang on their errors besides
 * (parameters of the statement, sockets, whole requests) holds other people's data.
 */
function copyError(error: Error, above: readonly object[]): Loggable {
  const plain = membersOf(error).filter(([, member]) => member === null || typeof member !== 'object');
  const nested =
    'errors' in error && Array.isArray(error.errors) ? { errors: error.errors as unknown[] } : {};
  return copyMembers(
    Object.entries({
      name: error.name,
      message: error.message,
      ...Object.fromEntries(plain),
      stack: error.stack,
      cause: error.cause,
      ...nested,
    }),
    above,
  );
}
