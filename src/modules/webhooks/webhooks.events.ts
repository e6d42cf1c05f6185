/** Not announced to anybody: it goes straight to the address that is to prove itself. */
export const PING = 'webhook.ping';

/** Equal to no event's name. */
export const NO_EVENT = '';

/** Reaches the inbox alone: what would carry it is what has ended. */
export const INBOX_ALONE: ReadonlySet<string> = new Set(['webhook.disabled']);
