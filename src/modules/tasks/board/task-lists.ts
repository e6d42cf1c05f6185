import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { cursorOf, PAGE_SIZE, pageOf, placeOf, SharedAnswers } from '#platform/http';
import { hasPrefix } from '../domain/search-words.js';
import { Payouts } from '../payouts.js';
import { RANKED, RankedSearch, rankedShape } from '../persistence/ranked.search.js';
import { orderOf, placeIn, TaskSearch, type TaskFilter } from '../persistence/task.search.js';
import { toFilter, type TasksQuery } from './tasks-query.dto.js';
import { toTaskInList, type TaskPage } from './tasks.view.js';

/** The public list: in an order, or, for whoever looks for words, by how well they fit. */
@Injectable()
export class TaskLists {
  private readonly pages = new SharedAnswers<TaskPage>();

  constructor(
    private readonly search: TaskSearch,
    private readonly ranked: RankedSearch,
    private readonly payouts: Payouts,
    private readonly clock: Clock,
  ) {}

  page(query: TasksQuery, viewer?: string): Promise<TaskPage> {
    const isParty = viewer !== undefined && (viewer === query.creator || viewer === query.executor);
    const key = JSON.stringify([query, isParty]);
    return this.pages.get(key, () => this.read(query, isParty));
  }

  private read(query: TasksQuery, isParty: boolean): Promise<TaskPage> {
    const filter = toFilter(query, this.clock.now());
    return this.find(isParty ? { ...filter, isParty } : filter, query);
  }

  /**
   * Where the whole words find nothing, the last one is looked for as the beginning of one. PostgreSQL estimates prefixes
   * too badly to look for both at once: a word that few of 100,000 tasks have would cost 300 ms instead of one.
   */
  private async find(filter: TaskFilter, query: TasksQuery): Promise<TaskPage> {
    const { q } = filter;
    if (q === undefined) return this.inOrder(filter, query);
    const read = (words: TaskFilter & { q: string }): Promise<TaskPage> =>
      query.sort === undefined ? this.byRank(words, query) : this.inOrder(words, query);
    const page = await read({ ...filter, q });
    return page.data.length === 0 && hasPrefix(q) ? read({ ...filter, q, isPrefix: true }) : page;
  }

  private async inOrder(
    filter: TaskFilter,
    { sort = 'newest', cursor, limit = PAGE_SIZE }: TasksQuery,
  ): Promise<TaskPage> {
    const order = orderOf(sort, filter.currency);
    const after = placeOf(cursor, order.name, order.shape);
    const found = await this.search.page({ filter, sort, after, limit: limit + 1 });
    const received = await this.payouts.received(found);
    return pageOf(
      found,
      limit,
      order.name,
      (task) => placeIn(order, task),
      (task) => toTaskInList(task, received.get(task.id)),
    );
  }

  private async byRank(
    filter: TaskFilter & { q: string },
    { cursor, limit = PAGE_SIZE }: TasksQuery,
  ): Promise<TaskPage> {
    const { tasks, next } = await this.ranked.page(filter, placeOf(cursor, RANKED, rankedShape), limit);
    const received = await this.payouts.received(tasks);
    const data = tasks.map((task) => toTaskInList(task, received.get(task.id)));
    return { data, next_cursor: next ? cursorOf(RANKED, next) : null };
  }
}
