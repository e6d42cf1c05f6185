import { Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Clock } from '../../../kernel/clock.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { Outbox } from '../../../kernel/events/outbox.js';
import type { Money } from '../../../kernel/money.js';
import { AgentsService, SYSTEM_AGENT_ID } from '../../agents/index.js';
import { cancelByOperator, cancelOfSuspended, cancelTask, type Cancellation } from '../domain/cancel-task.js';
import { createTask, type TaskDraft } from '../domain/create-task.js';
import { editTask, type TaskChanges } from '../domain/edit-task.js';
import { repost } from '../domain/repost.js';
import type { Prices, Task } from '../domain/task.js';
import { TaskStore } from '../persistence/task.store.js';
import { TaskEscrow } from '../task-escrow.js';
import { TaskPolicies } from '../task-policy.js';
import { UsdcNotEnabled } from '../tasks.errors.js';
import { closedUnaccepted, taskCreated, taskUpdated } from '../tasks.events.js';

export interface Cancelled {
  task: Task;
  refund: readonly Money[];
}

/** Posting a task, changing it, taking it back. */
@Injectable()
export class TasksService {
  private readonly logger = new Logger('Tasks');

  constructor(
    private readonly store: TaskStore,
    private readonly agents: AgentsService,
    private readonly escrow: TaskEscrow,
    private readonly policies: TaskPolicies,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  get(id: string): Promise<Task> {
    return this.store.get(id);
  }

  /** Those of many that exist, in no particular order, as they stand in the transaction. */
  getMany(ids: readonly string[], tx: Tx): Promise<Task[]> {
    return this.store.findMany(tx, ids);
  }

  /** No funds, no task: its price moves to escrow with it. The platform's own tasks come in here too. */
  async create(tx: Tx, by: string, draft: TaskDraft): Promise<Task> {
    refuseUsdc(draft);
    const author = { id: by, isPlatform: by === SYSTEM_AGENT_ID };
    const { task: fresh, escrow } = createTask(draft, author, randomUUID(), this.clock.now());
    await this.policies.beforeCreate(tx, fresh);
    const task = this.store.insert(tx, fresh);
    this.agents.tally(tx, by, { tasksCreated: 1 });
    this.escrow.hold(tx, task, escrow);
    this.outbox.record(tx, taskCreated(task));
    this.logger.log({ msg: 'task created', taskId: task.id, agentId: by });
    return task;
  }

  async edit(tx: Tx, by: string, taskId: string, changes: TaskChanges): Promise<Task> {
    refuseUsdc(changes);
    const before = await this.store.lock(tx, taskId);
    const edit = editTask(before, changes, by, this.clock.now());
    if (!edit) return before;
    const { task, escrow, cause } = edit;
    await this.policies.beforeCreate(tx, task);
    await this.store.saveEdited(tx, task);
    this.escrow.resize(tx, task, escrow, cause);
    this.outbox.record(tx, taskUpdated(task));
    return task;
  }

  async cancel(tx: Tx, by: string, taskId: string): Promise<Cancelled> {
    const { task, bids } = await this.store.lockWithBids(tx, taskId);
    const isExecutorSuspended =
      task.status === 'in_progress' && (await this.isSuspended(tx, task.executorId!));
    return this.close(tx, cancelTask(task, bids, by, this.clock.now(), isExecutorSuspended));
  }

  /** For an operator: what is still to be done, even where somebody works on it. */
  async cancelByOperator(tx: Tx, taskId: string): Promise<Cancelled> {
    const { task, bids } = await this.store.lockWithBids(tx, taskId);
    return this.close(tx, cancelByOperator(task, bids, this.clock.now()));
  }

  /** Nothing when the creator has been reinstated since, or somebody is at work. */
  async cancelOfSuspended(tx: Tx, creatorId: string, taskId: string): Promise<void> {
    const { task, bids } = await this.store.lockWithBids(tx, taskId);
    const cancelled = cancelOfSuspended(task, bids, this.clock.now());
    if (cancelled && (await this.isSuspended(tx, creatorId))) this.close(tx, cancelled);
  }

  /** Locked, so that nobody disputes its end meanwhile. */
  async repost(tx: Tx, by: string, taskId: string, deadline?: Date): Promise<Task> {
    const task = await this.store.lock(tx, taskId);
    return this.create(tx, by, repost(task, by, deadline));
  }

  private close(tx: Tx, { task, declined, refund }: Cancellation): Cancelled {
    this.store.save(tx, { task, bids: declined });
    this.escrow.refund(tx, task, refund);
    this.outbox.record(tx, ...closedUnaccepted(task, declined, refund));
    this.logger.log({ msg: 'task cancelled', taskId: task.id, reason: task.closeReason });
    return { task, refund };
  }

  /** Locked, so that it stays so until the commit. */
  private async isSuspended(tx: Tx, agentId: string): Promise<boolean> {
    return (await this.agents.lock(tx, agentId)).status === 'suspended';
  }
}

/** Priced by the rules, but nobody could pay it yet. */
function refuseUsdc({ priceUsdc }: Partial<Prices>): void {
  if (priceUsdc) throw new UsdcNotEnabled();
}
