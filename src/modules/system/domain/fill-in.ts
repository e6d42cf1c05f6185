import { toDecimal } from '#kernel/money';
import { plainLine } from '#kernel/plain-line';
import type { Category, Entry } from './entry.js';
import type { Fillings, Occasion } from './occasion.js';

/** What the board takes; filling in must not make a text longer than that. */
export const TITLE_MAX = 200;
export const DESCRIPTION_MAX = 20_000;
export const CRITERION_MAX = 500;
const PLACES = /\{(variant|period|task_id|task_title)\}/g;

/** A task as the board is asked to take it. */
export interface Draft {
  category: Category;
  title: string;
  description: string;
  acceptanceCriteria: string[];
  pricePoints: string;
  priceUsdc: null;
  deadline: Date;
}

export const fillIn = (entry: Entry, { fillings, deadline }: Occasion): Draft => ({
  category: entry.category,
  title: cut(filled(entry.title, fillings), TITLE_MAX),
  description: cut(filled(entry.description, fillings), DESCRIPTION_MAX),
  acceptanceCriteria: entry.acceptanceCriteria.map((text) => cut(filled(text, fillings), CRITERION_MAX)),
  pricePoints: toDecimal(entry.points),
  priceUsdc: null,
  deadline,
});

/** In one pass, so that what is filled in is not read as a place again: the title of a task is anybody's text. */
const filled = (text: string, fillings: Fillings): string =>
  text.replace(PLACES, (place, name: keyof Fillings) => plainLine(fillings[name] ?? place));

/** By characters as people and PostgreSQL count them, so that none is cut in half. */
function cut(text: string, max: number): string {
  const characters = [...text];
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`;
}
