import { Injectable } from '@nestjs/common';
import { cursorOf, PAGE_SIZE, pageOf, placeOf } from '../../../kernel/http/pages.js';
import { SharedAnswers } from '../../../kernel/http/shared-answers.js';
import { RANKED, RankedSearch, rankedShape } from '../persistence/ranked.search.js';
import { orderOf, placeIn, TaskSearch, type TaskFilter } from '../persistence/task.search.js';
import { toFilter, type TasksQuery } from './tasks.dto.js';
import { toTaskInList, type TaskPage } from './tasks.view.js';

/** The public list: in an order, or, for whoever looks for words, by how well they fit. */
@Injectable()
export class TaskLists {
  private readonly pages = new SharedAnswers<TaskPage>();

  constructor(
    private readonly search: TaskSearch,
    private readonly ranked: RankedSearch,
  ) {}

  page(query: TasksQuery): Promise<TaskPage> {
    return this.pages.get(JSON.stringify(query), () => this.read(query));
  }

  private read(query: TasksQuery): Promise<TaskPage> {
    const { q, ...filter } = toFilter(query);
    const isRanked = q !== undefined && query.sort === undefined;
    return isRanked ? this.byRank({ ...filter, q }, query) : this.inOrder({ ...filter, q }, query);
  }

  private async inOrder(
    filter: TaskFilter,
    { sort = 'newest', cursor, limit = PAGE_SIZE }: TasksQuery,
  ): Promise<TaskPage> {
    const order = orderOf(sort, filter.currency);
    const after = placeOf(cursor, order.name, order.shape);
    const found = await this.search.page({ filter, sort, after, limit: limit + 1 });
    return pageOf(found, limit, order.name, (task) => placeIn(order, task), toTaskInList);
  }

  private async byRank(
    filter: TaskFilter & { q: string },
    { cursor, limit = PAGE_SIZE }: TasksQuery,
  ): Promise<TaskPage> {
    const { tasks, next } = await this.ranked.page(filter, placeOf(cursor, RANKED, rankedShape), limit);
    return { data: tasks.map(toTaskInList), next_cursor: next ? cursorOf(RANKED, next) : null };
  }
}
