/** Far more than anything needs; the pipe allows less, and says where. */
export const DEPTH_MAX = 500;
export const TOO_DEEP = 'entity.too.deep';

/**
 * Whether a JSON text nests deeper than this. It looks at brackets alone and needs no stack, so it can be asked
 * before anything that recurses, the parser included, sees the text.
 */
export function isDeeper(json: Uint8Array, depthMax: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (inString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (++depth > depthMax) return true;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
  }
  return false;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
