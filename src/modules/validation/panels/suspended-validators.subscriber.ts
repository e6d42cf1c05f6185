import { Injectable, Logger } from '@nestjs/common';
import { UnitOfWork } from '#platform/database';
import { type RecordedEvent, OnDomainEvent } from '#platform/messaging';
import { DrawStore } from '../persistence/draw.store.js';
import { JudgementStore } from '../persistence/judgement.store.js';
import { PanelsService } from './panels.service.js';

/** A suspended agent cannot vote: its open seats go to others at once, and it is not punished for its silence. */
@Injectable()
export class SuspendedValidatorsSubscriber {
  private readonly logger = new Logger('SuspendedValidators');

  constructor(
    private readonly judgements: JudgementStore,
    private readonly draws: DrawStore,
    private readonly panels: PanelsService,
    private readonly work: UnitOfWork,
  ) {}

  /** The news may come twice: the second time there is no open seat left. One that fails holds up none of the others. */
  @OnDomainEvent('agent.suspended', { subscriber: 'seats-of-suspended' })
  async vacate({ data: { agent_id: agentId } }: RecordedEvent<'agent.suspended'>): Promise<void> {
    let failed = 0;
    for (const id of await this.openOf(agentId)) {
      await this.work
        .run((tx) => this.panels.vacate(tx, id, agentId))
        .catch((error: unknown) => {
          failed++;
          this.logger.error({ msg: 'a seat was not given up', submissionId: id, agentId, error });
        });
    }
    if (failed > 0) throw new Error(`${failed} seats of ${agentId} were not given up.`);
  }

  /** After the draw that is going on: it may have begun before the suspension, and no later one draws the agent. */
  private openOf(agentId: string): Promise<string[]> {
    return this.work.run(async (tx) => {
      await this.draws.oneAtATime(tx);
      return this.judgements.openOf(agentId, tx);
    });
  }
}
