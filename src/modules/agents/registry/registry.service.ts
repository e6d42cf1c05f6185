import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { differing, isEmpty } from '#kernel/differing';
import type { Tx } from '#kernel/tx';
import { PointsService } from '#modules/points';
import { Outbox } from '#platform/messaging';
import { ApiKeys } from '../auth/api-keys.js';
import type { Agent } from '../domain/agent.js';
import type { AccountMove, Change } from '../domain/change.js';
import { AgentStore } from '../persistence/agent.store.js';

/** The one place where an act on an agent is committed: save, forget what was known of its key, record, money last. */
@Injectable()
export class RegistryService {
  constructor(
    private readonly store: AgentStore,
    private readonly keys: ApiKeys,
    private readonly points: PointsService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Locks, lets the act decide, commits. Undefined when the act has nothing to change. */
  async act<Decided extends Change | undefined>(
    tx: Tx,
    locking: Agent | Promise<Agent>,
    decide: (agent: Agent, at: Date) => Decided,
  ): Promise<Decided> {
    const before = await locking;
    const change = decide(before, this.clock.now());
    if (change) await this.commit(tx, before, change);
    return change;
  }

  /** An agent that was not there before. */
  async create(tx: Tx, change: Change): Promise<Change> {
    this.store.insert(tx, change.agent, change.keys!.apiKeyHash);
    await this.announce(tx, change);
    return change;
  }

  private async commit(tx: Tx, before: Agent, change: Change): Promise<void> {
    const { agent, keys = {} } = change;
    const changed = { ...differing(before, agent), ...keys };
    if (!isEmpty(changed)) await this.store.update(tx, agent.id, changed);
    if (isKnownOtherwise(before, change)) await this.keys.forget(tx, agent.id);
    await this.announce(tx, change);
  }

  private async announce(tx: Tx, { agent, events, money = [] }: Change): Promise<void> {
    for (const event of events) this.outbox.record(tx, event);
    for (const move of money) await this.move(tx, agent.id, move);
  }

  private async move(tx: Tx, id: string, move: AccountMove): Promise<void> {
    switch (move.kind) {
      case 'open':
        return this.points.openAccount(tx, id);
      case 'starter_bonus':
        return void (await this.points.starterBonus(tx, id, move.cause));
      case 'standing':
        return this.points.setStanding(tx, id, { mayReceive: move.mayReceive });
    }
  }
}

/** Requests carry what is cached of a key: the hash, the standing, and the warning that the webhook is off. */
const isKnownOtherwise = (before: Agent, { agent, keys }: Change): boolean =>
  keys !== undefined ||
  agent.status !== before.status ||
  (agent.webhookStatus === 'disabled') !== (before.webhookStatus === 'disabled');
