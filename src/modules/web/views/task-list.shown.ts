import type { BoardCell } from '#modules/showcase';
import type { TaskPage, TasksQuery } from '#modules/tasks';
import type { Names } from '../reading/named-agents.js';
import type { VotesShown } from './parts.js';

/** All that the board shows. */
export interface TaskListShown {
  query: TasksQuery;
  page: TaskPage;
  board: readonly BoardCell[];
  names: Names;
  votes: ReadonlyMap<string, VotesShown>;
  now: Date;
}

/** How many there are under the other choice; words and prices narrow that further. */
export const countOf = (
  board: readonly BoardCell[],
  wanted: { category?: string | undefined; status?: readonly string[] | undefined },
): number =>
  board
    .filter(({ category }) => wanted.category === undefined || category === wanted.category)
    .filter(({ status }) => wanted.status === undefined || wanted.status.includes(status))
    .reduce((sum, { tasks }) => sum + tasks, 0);
