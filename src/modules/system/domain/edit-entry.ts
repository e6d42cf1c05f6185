import { VariantNotNamed } from '../system.errors.js';
import type { Entry, EntryChanges } from './entry.js';

/** What is not named stays as it is. Two variants must not look alike on the board. */
export function editEntry(entry: Entry, changes: EntryChanges): Entry {
  const edited = { ...entry, ...changes };
  if (edited.variants.length > 0 && !edited.title.includes('{variant}')) throw new VariantNotNamed();
  return edited;
}
