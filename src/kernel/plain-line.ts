const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * For where no element can hold a text of others apart, such as a title: on one line, and without marks of direction,
 * which would turn around what comes after it.
 */
export const plainLine = (text: string): string =>
  text.replace(DIRECTION_MARKS, '').replace(/\s+/g, ' ').trim();
