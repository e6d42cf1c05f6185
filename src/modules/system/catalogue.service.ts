import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import type { Tx } from '#kernel/tx';
import { SHIPPED } from './domain/catalogue.js';
import { editEntry } from './domain/edit-entry.js';
import type { Entry, EntryChanges } from './domain/entry.js';
import { CatalogueStore, type Edit } from './persistence/catalogue.store.js';
import { PostingsStore } from './persistence/postings.store.js';
import { CatalogueKindNotFound } from './system.errors.js';

/** An entry as it holds, and what of it operators have changed. */
export interface HeldEntry {
  entry: Entry;
  edit: Edit | undefined;
}

/** The shipped catalogue with the operators' edits laid over it. */
@Injectable()
export class Catalogue {
  constructor(
    private readonly store: CatalogueStore,
    private readonly postings: PostingsStore,
    private readonly clock: Clock,
  ) {}

  async all(tx: Tx): Promise<HeldEntry[]> {
    const edits = new Map((await this.store.edits(tx)).map((edit) => [edit.kind, edit]));
    return SHIPPED.map((shipped) => {
      const edit = edits.get(shipped.kind);
      return { entry: { ...shipped, ...edit?.changes }, edit };
    });
  }

  /** Every kind is shipped: operators edit entries and add none. */
  check(kind: string | undefined): void {
    const isKnown = kind === undefined || SHIPPED.some((shipped) => shipped.kind === kind);
    if (!isKnown) throw new CatalogueKindNotFound(kind);
  }

  async get(tx: Tx, kind: string): Promise<HeldEntry> {
    const held = (await this.all(tx)).find(({ entry }) => entry.kind === kind);
    if (!held) throw new CatalogueKindNotFound(kind);
    return held;
  }

  /** Under the lock of those who post: what is being posted is posted as it was read. */
  async edit(tx: Tx, kind: string, changes: EntryChanges): Promise<HeldEntry> {
    await this.postings.lock(tx);
    const { entry } = await this.get(tx, kind);
    editEntry(entry, changes);
    await this.store.edit(tx, kind, changes, this.clock.now());
    return this.get(tx, kind);
  }
}
