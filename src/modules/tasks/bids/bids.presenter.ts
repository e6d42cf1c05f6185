import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { NextActions, isInstant, matching, PAGE_SIZE, pageOf, placeOf, type PageQuery } from '#platform/http';
import type { Bid, Task } from '../domain/task.js';
import { bidsVisibleTo } from '../domain/visibility.js';
import { BidStore } from '../persistence/bid.store.js';
import type { Decided } from './bids.service.js';
import { toBidInList, type BidPage, type BidView } from './bids.view.js';

declare module '#platform/http' {
  interface ActionSubjects {
    bid: Decided;
  }
}

const CURSOR = 'bids';
const PLACE = [isInstant, matching(/^bid_[0-9a-z]{8}$/)];

/** Bids as they go over the wire: sealed until one is accepted. */
@Injectable()
export class BidsPresenter {
  constructor(
    private readonly bids: BidStore,
    private readonly nextActions: NextActions,
  ) {}

  async bid({ task, bid }: Decided, caller: Caller): Promise<BidView> {
    return {
      ...toBidInList(task, bid, caller.id),
      next_actions: await this.nextActions.of('bid', { task, bid }, caller),
    };
  }

  async page(
    task: Task,
    viewer: string | undefined,
    { cursor, limit = PAGE_SIZE }: PageQuery,
  ): Promise<BidPage> {
    const after = placeOf(cursor, CURSOR, PLACE);
    const found = await this.visible(task, viewer, after, limit + 1);
    const page = pageOf(
      found,
      limit,
      CURSOR,
      ({ createdAt, id }) => [createdAt.toISOString(), id],
      (bid) => toBidInList(task, bid, viewer),
    );
    return { ...page, bids_count: task.bidsCount };
  }

  private async visible(
    task: Task,
    viewer: string | undefined,
    after: readonly string[] | undefined,
    limit: number,
  ): Promise<Bid[]> {
    const whose = bidsVisibleTo(task, viewer);
    if (whose === 'none') return [];
    const agentId = whose === 'own' ? viewer : undefined;
    return this.bids.page({ taskId: task.id, agentId, after, limit });
  }
}
