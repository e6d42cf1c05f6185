import { Injectable } from '@nestjs/common';
import type { Currency } from '#kernel/money';
import { Database } from '#platform/database';
import { isInstant, matching, type Place, type PlaceShape } from '#platform/http';

/** A task that was completed, with the beginning of what came of it. */
export interface Delivery {
  taskId: string;
  title: string;
  category: string;
  creatorId: string;
  executorId: string | null;
  currency: Currency;
  price: string;
  votesFor: number | null;
  votesAgainst: number | null;
  resultUrl: string | null;
  resultExcerpt: string | null;
  completedAt: Date;
}

export const feedShape: PlaceShape = [isInstant, matching(/^tsk_[0-9a-z]{8}$/)];
export const feedPlace = ({ completedAt, taskId }: Delivery): Place => [completedAt.toISOString(), taskId];

@Injectable()
export class FeedStore {
  constructor(private readonly database: Database) {}

  /** What was completed last comes first, without what is not listed. */
  page(
    after: readonly string[] | undefined,
    limit: number,
    unlisted: readonly string[],
  ): Promise<Delivery[]> {
    const behind = after ? 'AND (closed_at, task_id) < ($3::timestamptz, $4)' : '';
    return this.database.queryLagging<Delivery>(
      `SELECT task_id AS "taskId", title, category, creator_agent_id AS "creatorId", executor_agent_id AS "executorId",
              currency, trim_scale(price)::text AS price, votes_for AS "votesFor", votes_against AS "votesAgainst",
              result_url AS "resultUrl", result_excerpt AS "resultExcerpt", closed_at AS "completedAt"
         FROM showcase_tasks WHERE status = 'completed' AND task_id <> ALL ($2) ${behind}
        ORDER BY closed_at DESC, task_id DESC LIMIT $1`,
      [limit, unlisted, ...(after ?? [])],
    );
  }

  /** How the panel has voted on each of these tasks, as far as there was a verdict. */
  async votesOn(taskIds: readonly string[]): Promise<ReadonlyMap<string, { for: number; against: number }>> {
    const rows = await this.database.queryLagging<{ taskId: string; for: number; against: number }>(
      `SELECT task_id AS "taskId", votes_for AS for, votes_against AS against FROM showcase_tasks
        WHERE task_id = ANY ($1) AND votes_for IS NOT NULL`,
      [taskIds],
    );
    return new Map(rows.map((row) => [row.taskId, row]));
  }
}
