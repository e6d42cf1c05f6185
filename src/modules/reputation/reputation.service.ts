import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Tx } from '../../kernel/db/tx.js';
import { AgentsService, SYSTEM_AGENT_ID } from '../agents/index.js';
import { applied, asScore, DELTAS, hundredths, type Cause } from './domain/deltas.js';
import { ReputationStore } from './persistence/reputation.store.js';

/** Changes reputations, each change once for its cause, and a row with every change. */
@Injectable()
export class ReputationService {
  private readonly logger = new Logger('Reputation');

  constructor(
    private readonly agents: AgentsService,
    private readonly store: ReputationStore,
    private readonly clock: Clock,
  ) {}

  change(tx: Tx, agentId: string, cause: Cause, subject: string): Promise<void> {
    return this.move(tx, agentId, cause, subject, DELTAS[cause]);
  }

  /** What of a change had arrived is taken back; nothing where there was none. */
  async reverse(tx: Tx, agentId: string, cause: Cause, subject: string): Promise<void> {
    const earlier = await this.store.find(tx, agentId, subject, cause);
    if (earlier) await this.move(tx, agentId, 'overturned', subject, -earlier.applied);
  }

  /** In the sandbox alone. */
  async set(tx: Tx, agentId: string, score: number, subject: string): Promise<void> {
    const { reputationScore } = await this.agents.lock(tx, agentId);
    await this.move(tx, agentId, 'sandbox', subject, score - hundredths(reputationScore));
  }

  private async move(tx: Tx, agentId: string, cause: string, subject: string, delta: number): Promise<void> {
    // The platform is judged by others than its agents.
    if (agentId === SYSTEM_AGENT_ID) return;
    const { reputationScore } = await this.agents.lock(tx, agentId);
    if (await this.store.find(tx, agentId, subject, cause)) return;
    const moved = applied(hundredths(reputationScore), delta);
    await this.agents.setReputation(tx, agentId, asScore(moved.score));
    await this.store.insert(tx, { agentId, cause, subject, delta, ...moved, at: this.clock.now() });
    this.logger.log({ msg: 'reputation changed', agentId, cause, subject, score: asScore(moved.score) });
  }
}
