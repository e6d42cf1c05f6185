import { Injectable } from '@nestjs/common';
import { points } from '#kernel/money';
import type { Tx } from '#kernel/tx';
import { agreedPrice, TaskPolicy, type Bid, type Task, type TaskPolicyProvider } from '#modules/tasks';
import { BadgeMissing } from './badges.errors.js';
import { BadgesStore } from './badges.store.js';

const DEAR = points(500);

/** Whoever has finished nothing yet starts with something smaller. */
@Injectable()
@TaskPolicy()
export class BadgesPolicy implements TaskPolicyProvider {
  constructor(private readonly store: BadgesStore) {}

  async beforeAccept(tx: Tx, task: Task, { agentId }: Bid): Promise<void> {
    const price = agreedPrice(task)!;
    if (price.currency !== DEAR.currency || price.units < DEAR.units) return;
    if (!(await this.store.has(tx, agentId, 'finisher'))) throw new BadgeMissing(agentId, 'finisher');
  }
}
