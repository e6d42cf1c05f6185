/** More than anything needs; the pipe allows 32, and says where. */
export const DEPTH_MAX = 100;
/** Twice the longest list that any operation takes. */
export const VALUES_MAX = 2_000;
/** Lists and objects together. Turning one into an instance costs about 30 µs, and no operation takes more than three. */
export const OBJECTS_MAX = 200;

export type Bound = 'depth' | 'values' | 'objects';

/**
 * The first bound that a JSON text breaks: how deep it nests, how many values and how many lists and objects it holds.
 * The text is scanned by bytes, without a stack and without making objects, so it can be asked before the parser and
 * everything after it, whose cost grows with all three.
 */
export function brokenBound(json: Uint8Array): Bound | undefined {
  let depth = 0;
  // Every value but the outermost is the first of its list or object, or stands behind a comma.
  let values = 1;
  let objects = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (inString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === COMMA) {
      if (++values > VALUES_MAX) return 'values';
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (++depth > DEPTH_MAX) return 'depth';
      if (++objects > OBJECTS_MAX) return 'objects';
      values++;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
  }
  return undefined;
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
