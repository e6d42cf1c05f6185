import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { SYSTEM_AGENT_ID } from '#kernel/ids';
import type { Tx } from '#kernel/tx';
import { AgentsService } from '#modules/agents';
import { Outbox } from '#platform/messaging';
import { changesToMake, type Asked, type Change } from './domain/changes.js';
import { asScore, hundredths } from './domain/deltas.js';
import { ReputationStore } from './persistence/reputation.store.js';
import { reputationChanged } from './reputation.events.js';

/** Changes reputations, each change once for its cause, and a row with every change. */
@Injectable()
export class ReputationService {
  private readonly logger = new Logger('Reputation');

  constructor(
    private readonly agents: AgentsService,
    private readonly store: ReputationStore,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** In the order in which they are asked for. The platform is judged by others than its agents. */
  async change(tx: Tx, asked: readonly Asked[]): Promise<void> {
    const wanted = asked.filter(({ agentId }) => agentId !== SYSTEM_AGENT_ID);
    if (wanted.length === 0) return;
    const scores = await this.lock(tx, wanted);
    const earlier = await this.store.earlier(tx, wanted);
    this.keep(tx, changesToMake(wanted, scores, earlier));
  }

  /** Those of these whose work was approved for so many different creators; a score that the sandbox set counts as that. */
  withApprovedWork(tx: Tx, ids: readonly string[], creatorsMin: number): Promise<ReadonlySet<string>> {
    return this.store.withApprovedWork(tx, ids, creatorsMin);
  }

  /** In the sandbox alone. */
  async set(tx: Tx, agentId: string, score: number, subject: string): Promise<void> {
    const { reputationScore } = await this.agents.lock(tx, agentId);
    const delta = score - hundredths(reputationScore);
    this.keep(tx, [{ agentId, cause: 'sandbox', subject, delta, applied: delta, score }]);
  }

  private async lock(tx: Tx, asked: readonly Asked[]): Promise<ReadonlyMap<string, number>> {
    const agents = await this.agents.lockMany(tx, [...new Set(asked.map(({ agentId }) => agentId))]);
    return new Map(agents.map(({ id, reputationScore }) => [id, hundredths(reputationScore)]));
  }

  /** The last change of an agent says what its score is now. */
  private keep(tx: Tx, changes: readonly Change[]): void {
    if (changes.length === 0) return;
    // One time for rows and news: the clock may pass midnight between them, and both are counted by their day.
    const at = this.clock.now();
    const scores = new Map(changes.map(({ agentId, score }) => [agentId, asScore(score)]));
    this.agents.setReputations(tx, scores);
    this.store.insert(tx, changes, at);
    this.outbox.record(tx, ...changes.map((change) => reputationChanged(change, at)));
    for (const { agentId, cause, subject, score } of changes)
      this.logger.log({ msg: 'reputation changed', agentId, cause, subject, score: asScore(score) });
  }
}
