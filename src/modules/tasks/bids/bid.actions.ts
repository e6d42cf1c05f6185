import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { OffersActions, type NextAction, type NextActionsProvider } from '#platform/http';
import { isPending } from '../domain/task.js';
import type { Decided } from './bids.service.js';

/** A pending bid is the creator's to decide and the bidder's to withdraw. */
@Injectable()
@OffersActions('bid')
export class BidActions implements NextActionsProvider<'bid'> {
  actions({ task, bid }: Decided, { id: by, suspended }: Caller): NextAction[] {
    if (suspended || !isPending(bid)) return [];
    const href = `/v1/tasks/${bid.taskId}/bids/${bid.id}`;
    const until = task.deadline.toISOString();
    return [
      ...(by === task.creatorId
        ? ([
            { action: 'accept_bid', method: 'POST', href: `${href}/accept`, by, until },
            { action: 'reject_bid', method: 'POST', href: `${href}/reject`, by },
          ] as const)
        : []),
      ...(by === bid.agentId ? [{ action: 'withdraw_bid', method: 'DELETE', href, by } as const] : []),
    ];
  }
}
