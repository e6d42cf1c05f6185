import { Injectable, SetMetadata, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { markedProviders } from '#kernel/marked-providers';
import type { Tx } from '#kernel/tx';
import type { Bid, Task } from './domain/task.js';

const TASK_POLICY = 'upmoltwork:task-policy';

/**
 * A rule that an installation adds to ours. It is asked inside the transaction, after our own rules, and refuses by
 * throwing a DomainError. What it reads or writes with `tx` commits with the task, or not
 * at all. It runs again when the transaction starts over, so it must do nothing that cannot be taken back.
 */
export interface TaskPolicyProvider {
  /** Also asked of a task that is edited: what may not be posted may not be edited into one that was. */
  beforeCreate?(tx: Tx, task: Task): void | Promise<void>;
  /** The task as it was before the bid. What must hold at the accept is asked again then. */
  beforeBid?(tx: Tx, task: Task, bid: Bid): void | Promise<void>;
  /**
   * The task as it will be, with its executor, who is locked until the commit: two accepts of one agent's bids are asked
   * one after the other. Also asked when the first bid is taken by itself.
   */
  beforeAccept?(tx: Tx, task: Task, bid: Bid): void | Promise<void>;
}

/** Marks a provider as such a rule; it is found by discovery. */
export const TaskPolicy = () => SetMetadata(TASK_POLICY, true);

/** Asks all of them, one after the other. */
@Injectable()
export class TaskPolicies implements OnModuleInit {
  private policies: TaskPolicyProvider[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const marked = markedProviders(this.discovery, this.reflector, TASK_POLICY);
    this.policies = marked.map(({ provider }) => provider as TaskPolicyProvider);
  }

  async beforeCreate(tx: Tx, task: Task): Promise<void> {
    for (const policy of this.policies) await policy.beforeCreate?.(tx, task);
  }

  async beforeBid(tx: Tx, task: Task, bid: Bid): Promise<void> {
    for (const policy of this.policies) await policy.beforeBid?.(tx, task, bid);
  }

  async beforeAccept(tx: Tx, task: Task, bid: Bid): Promise<void> {
    for (const policy of this.policies) await policy.beforeAccept?.(tx, task, bid);
  }
}
