import { Injectable } from '@nestjs/common';
import { moneyFromDecimal, toDecimal } from '#kernel/money';
import type { Tx } from '#kernel/tx';
import type { Category, EntryChanges } from '../domain/entry.js';

/** What operators changed of a kind. */
export interface Edit {
  kind: string;
  changes: EntryChanges;
  editedAt: Date;
}

interface Row {
  kind: string;
  title: string | null;
  description: string | null;
  acceptance_criteria: string[] | null;
  points: string | null;
  category: Category | null;
  variants: string[] | null;
  deadline_days: number | null;
  enabled: boolean | null;
  edited_at: Date;
}

@Injectable()
export class CatalogueStore {
  async edits(tx: Tx): Promise<Edit[]> {
    return (await tx.query<Row>('SELECT * FROM system_catalogue_edits')).map(toEdit);
  }

  /** What is not named stays as it was edited before. */
  async edit(tx: Tx, kind: string, changes: EntryChanges, at: Date): Promise<void> {
    await tx.query(
      `INSERT INTO system_catalogue_edits AS e (kind, title, description, acceptance_criteria, points, category,
                                                variants, deadline_days, enabled, edited_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (kind) DO UPDATE SET
         title = coalesce($2, e.title), description = coalesce($3, e.description),
         acceptance_criteria = coalesce($4, e.acceptance_criteria), points = coalesce($5, e.points),
         category = coalesce($6, e.category), variants = coalesce($7, e.variants),
         deadline_days = coalesce($8, e.deadline_days), enabled = coalesce($9, e.enabled), edited_at = $10`,
      [
        kind,
        changes.title ?? null,
        changes.description ?? null,
        changes.acceptanceCriteria ?? null,
        changes.points ? toDecimal(changes.points) : null,
        changes.category ?? null,
        changes.variants ?? null,
        changes.deadlineDays ?? null,
        changes.enabled ?? null,
        at,
      ],
    );
  }
}

const toEdit = (row: Row): Edit => ({
  kind: row.kind,
  editedAt: row.edited_at,
  changes: {
    ...(row.title !== null && { title: row.title }),
    ...(row.description !== null && { description: row.description }),
    ...(row.acceptance_criteria !== null && { acceptanceCriteria: row.acceptance_criteria }),
    ...(row.points !== null && { points: moneyFromDecimal('points', row.points)! }),
    ...(row.category !== null && { category: row.category }),
    ...(row.variants !== null && { variants: row.variants }),
    ...(row.deadline_days !== null && { deadlineDays: row.deadline_days }),
    ...(row.enabled !== null && { enabled: row.enabled }),
  },
});
