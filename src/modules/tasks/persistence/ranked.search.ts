import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/db/database.js';
import { isInstant, matching, type Place, type PlaceShape } from '../../../kernel/http/pages.js';
import { conditionsOf, SUMMARY_COLUMNS, type TaskFilter, type TaskSummary } from './task.search.js';

/** So many of the newest matches are ranked against each other; a word that half of all tasks have costs no more. */
const WINDOW = 200;

export const RANKED = 'relevance';

/** Where a window starts, and the last row shown of it; no row for its beginning. */
export const rankedShape: PlaceShape = [
  isInstant,
  matching(/^tsk_[0-9a-z]{8}$/),
  matching(/^(\d{1,4}\.\d{6}|start)$/),
  matching(/^(tsk_[0-9a-z]{8}|start)$/),
];

export interface RankedPage {
  tasks: TaskSummary[];
  next: Place | undefined;
}

/** The edges of the window come with every row of it. */
type RankedRow = TaskSummary & {
  rank: string;
  firstAt: Date;
  firstId: string;
  nextAt: Date | null;
  nextId: string | null;
};

/**
 * Search by words, the best match first, within the newest 200 matches; then within the 200 before those, and so on.
 * Nearly every search has fewer, and is ranked as a whole.
 */
@Injectable()
export class RankedSearch {
  constructor(private readonly database: Database) {}

  async page(
    filter: TaskFilter & { q: string },
    after: readonly string[] | undefined,
    limit: number,
  ): Promise<RankedPage> {
    const rows = await this.read(filter, after, limit + 1);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    if (!last) return { tasks: [], next: undefined };
    if (rows.length > limit) {
      return { tasks: shown, next: [last.firstAt.toISOString(), last.firstId, last.rank, last.id] };
    }
    const { nextAt, nextId } = last;
    return {
      tasks: shown,
      next: nextAt && nextId ? [nextAt.toISOString(), nextId, 'start', 'start'] : undefined,
    };
  }

  private read(
    { q, ...filter }: TaskFilter & { q: string },
    [topAt, topId, rank, id]: readonly string[] = [],
    limit: number,
  ): Promise<RankedRow[]> {
    const params: unknown[] = [q];
    const bind = (value: unknown): string => `$${params.push(value)}`;
    const query = `websearch_to_tsquery('english', $1)`;
    const conditions = [`words @@ ${query}`, ...conditionsOf(filter, bind)];
    if (topAt)
      conditions.push(`(found.created_at, task_id) <= (${bind(topAt)}::timestamptz, ${bind(topId)})`);
    const isBehind = rank !== undefined && rank !== 'start';
    const behind = isBehind ? `WHERE (rank, id) < (${bind(rank)}::numeric, ${bind(id)})` : '';
    return this.database.queryLagging<RankedRow>(
      `WITH matches AS MATERIALIZED (
         SELECT task_id, found.created_at, words
           FROM task_search AS found JOIN tasks ON tasks.id = task_id
          WHERE ${conditions.join(' AND ')}
          ORDER BY found.created_at DESC, task_id DESC LIMIT ${WINDOW + 1}),
       ranked AS MATERIALIZED (
         SELECT task_id, round(ts_rank(words, ${query})::numeric, 6) AS rank FROM matches
          ORDER BY created_at DESC, task_id DESC LIMIT ${WINDOW}),
       first AS (
         SELECT created_at AS first_at, task_id AS first_id FROM matches
          ORDER BY created_at DESC, task_id DESC LIMIT 1),
       following AS (
         SELECT created_at AS next_at, task_id AS next_id FROM matches
          ORDER BY created_at DESC, task_id DESC OFFSET ${WINDOW} LIMIT 1)
       SELECT ${SUMMARY_COLUMNS}, rank, first_at AS "firstAt", first_id AS "firstId", next_at AS "nextAt",
              next_id AS "nextId"
         FROM ranked JOIN tasks ON id = task_id CROSS JOIN first LEFT JOIN following ON true
        ${behind} ORDER BY rank DESC, id DESC LIMIT ${limit}`,
      params,
    );
  }
}
