import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import {
  OpenTasks,
  PartyToSubject,
  TaskPolicy,
  TasksService,
  TooManySystemTasks,
  type Bid,
  type Task,
  type TaskPolicyProvider,
} from '#modules/tasks';
import { SYSTEM_TASKS_IN_HAND_MAX } from './domain/in-hand.js';
import { PostingsStore } from './persistence/postings.store.js';
import { CASE_STUDY } from './system-tasks.service.js';

/** Who may take a task of the platform (rules §7.4 and §7.5). */
@Injectable()
@TaskPolicy()
export class SystemTasksPolicy implements TaskPolicyProvider {
  constructor(
    private readonly open: OpenTasks,
    private readonly tasks: TasksService,
    private readonly postings: PostingsStore,
  ) {}

  beforeBid(tx: Tx, task: Task, { agentId }: Bid): Promise<void> {
    return this.check(tx, task, agentId);
  }

  /** The executor is locked, so that of two accepts at once the second counts the first. */
  beforeAccept(tx: Tx, task: Task, { agentId }: Bid): Promise<void> {
    return this.check(tx, task, agentId);
  }

  private async check(tx: Tx, task: Task, agentId: string): Promise<void> {
    if (!task.systemTask) return;
    const inHand = await this.open.systemTasksInHand(tx, agentId, SYSTEM_TASKS_IN_HAND_MAX);
    if (inHand >= SYSTEM_TASKS_IN_HAND_MAX) throw new TooManySystemTasks(agentId, SYSTEM_TASKS_IN_HAND_MAX);
    await this.refuseParties(tx, task, agentId);
  }

  private async refuseParties(tx: Tx, { id }: Task, agentId: string): Promise<void> {
    const posting = await this.postings.of(tx, id);
    if (posting?.kind !== CASE_STUDY) return;
    const [subject] = await this.tasks.getMany([posting.occasion], tx);
    if (subject?.creatorId === agentId || subject?.executorId === agentId)
      throw new PartyToSubject(id, posting.occasion);
  }
}
