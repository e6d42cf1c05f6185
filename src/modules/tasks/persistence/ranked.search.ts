import { Injectable } from '@nestjs/common';
import { Gather } from '#platform/concurrency';
import { Database, fitsQuery } from '#platform/database';
import { isInstant, matching, type Place, type PlaceShape } from '#platform/http';
import {
  binding,
  conditionsOf,
  listedIn,
  SUMMARY_COLUMNS,
  type Query,
  type TaskFilter,
  type TaskSummary,
} from './task.search.js';
import { wordsQuery } from './words-query.js';

/** So many of the newest matches are ranked against each other; a word that half of all tasks have costs no more. */
const WINDOW = 200;

export const RANKED = 'relevance';

/** Where a window starts, and the last row shown of it; `start` while none is. */
export const rankedShape: PlaceShape = [
  isInstant,
  matching(/^tsk_[0-9a-z]{8}$/),
  matching(/^(\d{1,4}\.\d{6}|start)$/),
  matching(/^(tsk_[0-9a-z]{8}|start)$/),
];

export type WordsFilter = TaskFilter & { q: string };

export interface RankedPage {
  tasks: TaskSummary[];
  next: Place | undefined;
}

interface Match {
  id: string;
  /** Six decimals, as PostgreSQL prints them. */
  rank: string;
  /** Where its window starts, or the next one does, or a match of the page. */
  role: 'start' | 'next' | 'match';
}

/**
 * Search by words, the best match first, within the newest 200 matches; then within the 200 before those, and so on.
 * Nearly every search has fewer, and is ranked as a whole.
 */
@Injectable()
export class RankedSearch {
  private readonly summaries: Gather<TaskSummary>;

  constructor(private readonly database: Database) {
    this.summaries = new Gather<TaskSummary>(async (ids) => {
      const sql = `SELECT ${SUMMARY_COLUMNS} FROM tasks WHERE id = ANY ($1)`;
      const rows = await database.preparedLagging<TaskSummary>('task-summaries', sql, [ids]);
      return new Map(rows.map((row) => [row.id, row]));
    });
  }

  async page(filter: WordsFilter, after: readonly string[] | undefined, limit: number): Promise<RankedPage> {
    // Planned each time: the best way hangs on how common the words are.
    const { sql, params } = matchesQuery(filter, after, limit + 1);
    const found = await this.database.search<Match>(sql, params);
    const matches = found.filter(({ role }) => role === 'match');
    const shown = matches.slice(0, limit);
    const isLast = matches.length <= limit;
    const edge = found.find(({ role }) => role === (isLast ? 'next' : 'start'));
    const [tasks, [start]] = await Promise.all([this.read(shown), this.read(edge ? [edge] : [])]);
    if (!start) return { tasks, next: undefined };
    const { rank, id } = isLast ? { rank: 'start', id: 'start' } : shown.at(-1)!;
    return { tasks, next: [start.createdAt.toISOString(), start.id, rank, id] };
  }

  private async read(matches: readonly Match[]): Promise<TaskSummary[]> {
    const found = await Promise.all(matches.map(({ id }) => this.summaries.get(id)));
    return found.filter((task) => task !== undefined);
  }
}

function matchesQuery(
  { q, isPrefix, ...filter }: WordsFilter,
  [topAt, topId, rank, id]: readonly string[] = [],
  limit: number,
): Query {
  const { params, bind } = binding();
  const query = wordsQuery(q, bind, isPrefix);
  const narrowed = conditionsOf(filter, bind);
  // Where tasks are narrowed down, an index of theirs may be the way to the newest of them.
  const [source, at] =
    narrowed.length === 0
      ? ['task_search', 'task_search.created_at']
      : ['task_search JOIN tasks ON id = task_id', 'tasks.created_at'];
  const conditions = [fitsQuery('words', query), listedIn('task_search', filter), ...narrowed];
  if (topAt) conditions.push(`(${at}, task_id) <= (${bind(topAt)}::timestamptz, ${bind(topId)})`);
  const isBehind = rank !== undefined && rank !== 'start';
  const behind = isBehind ? `WHERE (rank, id) < (${bind(rank)}::numeric, ${bind(id)})` : '';
  const sql = `WITH newest AS MATERIALIZED (
      SELECT task_id AS id, round(ts_rank(words, ${query})::numeric, 6) AS rank FROM ${source}
       WHERE ${conditions.join(' AND ')} ORDER BY ${at} DESC, task_id DESC LIMIT ${WINDOW + 1})
    (SELECT id, rank, 'match' AS role FROM (SELECT id, rank FROM newest LIMIT ${WINDOW}) AS ranked ${behind}
      ORDER BY rank DESC, id DESC LIMIT ${limit})
    UNION ALL (SELECT id, rank, 'start' FROM newest LIMIT 1)
    UNION ALL (SELECT id, rank, 'next' FROM newest OFFSET ${WINDOW} LIMIT 1)`;
  return { sql, params };
}
