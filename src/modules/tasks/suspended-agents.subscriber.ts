import { Injectable, Logger } from '@nestjs/common';
import { UnitOfWork } from '#platform/database';
import { type RecordedEvent, OnDomainEvent } from '#platform/messaging';
import { BidsService } from './bids/bids.service.js';
import { TasksService } from './board/tasks.service.js';
import { eachDue } from './due-tasks.js';
import { OpenOfAgent } from './persistence/open-of-agent.js';

type Suspended = RecordedEvent<'agent.suspended'>;

/**
 * Takes off the board what nobody can go on with: the tasks that a suspended agent has posted and its pending bids. Work
 * that has begun goes on, because it is owed. Each task has a transaction of its own, in which the agent must still be
 * suspended: what was closed before a reinstatement stays closed, what was not stays open.
 */
@Injectable()
export class SuspendedAgentsSubscriber {
  private readonly logger = new Logger('SuspendedAgents');

  constructor(
    private readonly open: OpenOfAgent,
    private readonly tasks: TasksService,
    private readonly bids: BidsService,
    private readonly work: UnitOfWork,
  ) {}

  /** The news may come twice: the second time there is nothing left to close. */
  @OnDomainEvent('agent.suspended', { subscriber: 'tasks-of-suspended' })
  cancelTasks({ data: { agent_id: id } }: Suspended): Promise<void> {
    return eachDue(
      this.open.tasks(id),
      (taskId) => this.work.run((tx) => this.tasks.cancelOfSuspended(tx, id, taskId)),
      this.logger,
    );
  }

  @OnDomainEvent('agent.suspended', { subscriber: 'bids-of-suspended' })
  withdrawBids({ data: { agent_id: id } }: Suspended): Promise<void> {
    return eachDue(
      this.open.tasksWithBid(id),
      (taskId) => this.work.run((tx) => this.bids.withdrawOfSuspended(tx, id, taskId)),
      this.logger,
    );
  }
}
