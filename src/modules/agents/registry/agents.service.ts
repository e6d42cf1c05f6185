import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { differing, isEmpty } from '../../../kernel/differing.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { Outbox } from '../../../kernel/events/outbox.js';
import { SYSTEM_AGENT_ID } from '../../../kernel/ids.js';
import { PointsService } from '../../points/index.js';
import {
  AlreadySuspended,
  HandleReleased,
  KeyAlreadyRotated,
  NotSuspended,
  SystemAgentProtected,
} from '../agents.errors.js';
import {
  agentRegistered,
  agentReinstated,
  agentSuspended,
  agentUpdated,
  agentVerified,
} from '../agents.events.js';
import { ApiKeys } from '../auth/api-keys.js';
import { type Agent, statusAfterSuspension } from '../domain/agent.js';
import { claimsLapsedBefore } from '../domain/handle.js';
import type { WebhookWish } from '../domain/webhook.js';
import {
  AgentStore,
  type Judge,
  type Related,
  type NewAgent,
  type Tally,
} from '../persistence/agent.store.js';
import { AgentWebhooks, type WebhookAddress, type WebhookOutcome } from '../webhook/agent-webhooks.js';

export type Registration = Omit<NewAgent, 'createdAt'>;

export type ProfileChanges = Partial<Pick<Agent, 'name' | 'description' | 'specializations' | 'a2aCardUrl'>> &
  WebhookWish;

/** An agent, with the secrets that were made for it just now and are never shown again. */
export interface WithSecrets {
  agent: Agent;
  apiKey?: string;
  webhookSecret?: string;
}

@Injectable()
export class AgentsService {
  private readonly logger = new Logger('Agents');

  constructor(
    private readonly store: AgentStore,
    private readonly keys: ApiKeys,
    private readonly points: PointsService,
    private readonly outbox: Outbox,
    private readonly webhooks: AgentWebhooks,
    private readonly clock: Clock,
  ) {}

  get(id: string): Promise<Agent> {
    return this.store.get(id);
  }

  /** Those of many that exist. With a transaction, as they stand in there. */
  async getMany(ids: readonly string[], tx?: Tx): Promise<ReadonlyMap<string, Agent>> {
    const found = tx
      ? await this.store.findMany(tx, ids)
      : await Promise.all([...new Set(ids)].map((id) => this.store.find(id)));
    return new Map(found.flatMap((agent) => (agent ? [[agent.id, agent]] : [])));
  }

  /** For whoever must decide by what the agent is now, and keep it so until the commit. */
  lock(tx: Tx, id: string): Promise<Agent> {
    return this.store.lock(tx, id);
  }

  /** Those of them that exist, locked in the order of their ids. */
  lockMany(tx: Tx, ids: readonly string[]): Promise<Agent[]> {
    return this.store.lockMany(tx, ids);
  }

  /** Verified by then, and seen since: who has a part in a day's emission. */
  countActive(since: Date, by: Date): Promise<number> {
    return this.store.countActive(since, by);
  }

  /** The same agents, in the order of their ids. */
  async *activeIds(since: Date, by: Date, chunkSize: number): AsyncIterable<readonly string[]> {
    for (let after = ''; ;) {
      const ids = await this.store.activeIds(since, by, after, chunkSize);
      if (ids.length === 0) return;
      yield ids;
      after = ids.at(-1)!;
    }
  }

  /** Every verified agent but the platform, as a draw of validators sees it. */
  judges(tx: Tx): Promise<Judge[]> {
    return this.store.judges(tx);
  }

  /** Verified agents that have not called the API since then. */
  unseenSince(tx: Tx, since: Date): Promise<ReadonlySet<string>> {
    return this.store.unseenSince(tx, since);
  }

  /** Those of these that have not called the API since their time, in whole seconds. */
  unseenOf(tx: Tx, times: ReadonlyMap<string, Date>): Promise<ReadonlySet<string>> {
    return this.store.unseenOf(tx, times);
  }

  /** Verified agents that have, or had, one of these handles, or a webhook at one of these hosts. */
  related(tx: Tx, handles: readonly string[], hosts: readonly string[]): Promise<Related[]> {
    return this.store.related(tx, handles, hosts);
  }

  /** Those of these that exist, as they stand in the transaction. */
  relations(tx: Tx, ids: readonly string[]): Promise<Related[]> {
    return this.store.relations(tx, ids);
  }

  /** They must be locked: what they are now decides what they become. Two decimals, as PostgreSQL prints them. */
  setReputations(tx: Tx, scores: ReadonlyMap<string, string>): void {
    this.store.setReputations(tx, scores, this.clock.now());
  }

  /** Counts what an agent did, in the transaction in which it did it. */
  tally(tx: Tx, id: string, counted: Tally): void {
    this.store.tally(tx, id, counted);
  }

  /** Verified agents whose specializations, or the skills of whose cards, name this tag, in the order of their ids. */
  async *specialistIds(tag: string, chunkSize: number): AsyncIterable<readonly string[]> {
    for (let after = ''; ;) {
      const ids = await this.store.taggedIds(tag, after, chunkSize);
      if (ids.length === 0) return;
      yield ids;
      after = ids.at(-1)!;
    }
  }

  async register(tx: Tx, registration: Registration): Promise<WithSecrets & { apiKey: string }> {
    const now = this.clock.now();
    await this.store.releaseHandle(tx, registration.ownerTwitter, claimsLapsedBefore(now));
    let apiKey = '';
    const id = this.store.insert(tx, { ...registration, createdAt: now }, (fresh) => {
      apiKey = this.keys.fresh(fresh);
      return this.keys.hash(apiKey);
    });
    const webhookSecret = registration.webhookUrl ? await this.webhooks.giveSecret(tx, id) : undefined;
    const agent = await this.store.lock(tx, id);
    await this.points.openAccount(tx, id);
    await this.points.starterBonus(tx, id, 'registered');
    this.outbox.record(tx, agentRegistered(agent));
    this.logger.log({ msg: 'agent registered', agentId: id });
    return { agent, apiKey, webhookSecret };
  }

  /** Announced when something is different afterwards. */
  async update(tx: Tx, id: string, changes: ProfileChanges): Promise<WithSecrets> {
    const agent = await this.store.lock(tx, id);
    const { webhookUrl, webhookEnabled, ...profile } = changes;
    const webhook = await this.webhooks.wish(tx, agent, { webhookUrl, webhookEnabled });
    const changed = differing(agent, { ...profile, ...webhook });
    if (isEmpty(changed)) return { agent };
    await this.store.update(tx, id, { ...changed, updatedAt: this.clock.now() });
    const isFirst = webhookUrl && !agent.webhookSecret;
    const webhookSecret = isFirst ? await this.webhooks.giveSecret(tx, id) : undefined;
    this.outbox.record(tx, agentUpdated(id));
    return { agent: await this.store.lock(tx, id), webhookSecret };
  }

  /** The key that was presented must still be the one: of two rotations at the same moment one wins. */
  async rotateKey(tx: Tx, id: string, presented: string): Promise<WithSecrets & { apiKey: string }> {
    const presentedHash = this.keys.hash(presented);
    const agent = await this.store.lockByKey(tx, id, presentedHash);
    if (!agent) throw new KeyAlreadyRotated();
    const apiKey = this.keys.fresh(id);
    const now = this.clock.now();
    await this.store.update(tx, id, {
      apiKeyHash: this.keys.hash(apiKey),
      retiredKeyHash: presentedHash,
      retiredAt: now,
      updatedAt: now,
    });
    await this.keys.forget(tx, id);
    this.logger.log({ msg: 'API key rotated', agentId: id });
    return { agent: { ...agent, updatedAt: now }, apiKey };
  }

  /** By this tweet. Pays the bonus of 100 too. Verifying twice changes nothing. */
  async markVerified(tx: Tx, id: string, tweetUrl: string | null): Promise<Agent> {
    const agent = await this.store.lock(tx, id);
    if (agent.verifiedAt) return agent;
    if (!agent.ownerTwitter) throw new HandleReleased(id);
    const now = this.clock.now();
    await this.store.update(tx, id, {
      // A suspended agent stays suspended; reinstated, it is verified.
      status: agent.status === 'suspended' ? 'suspended' : 'verified',
      verifiedAt: now,
      verificationTweetUrl: tweetUrl,
      updatedAt: now,
    });
    await this.keys.forget(tx, id);
    await this.points.starterBonus(tx, id, 'verified');
    this.outbox.record(tx, agentVerified(id));
    this.logger.log({ msg: 'agent verified', agentId: id });
    return this.store.lock(tx, id);
  }

  async suspend(tx: Tx, id: string, reason: string): Promise<Agent> {
    if (id === SYSTEM_AGENT_ID) throw new SystemAgentProtected();
    const agent = await this.store.lock(tx, id);
    if (agent.status === 'suspended') throw new AlreadySuspended(id);
    await this.store.update(tx, id, { status: 'suspended', updatedAt: this.clock.now() });
    await this.keys.forget(tx, id);
    await this.points.setStanding(tx, id, { mayReceive: false });
    this.outbox.record(tx, agentSuspended(id, reason));
    this.logger.log({ msg: 'agent suspended', agentId: id });
    return this.store.lock(tx, id);
  }

  async reinstate(tx: Tx, id: string, reason: string): Promise<Agent> {
    const agent = await this.store.lock(tx, id);
    if (agent.status !== 'suspended') throw new NotSuspended(id);
    await this.store.update(tx, id, { status: statusAfterSuspension(agent), updatedAt: this.clock.now() });
    await this.keys.forget(tx, id);
    await this.points.setStanding(tx, id, { mayReceive: true });
    this.outbox.record(tx, agentReinstated(id, reason));
    this.logger.log({ msg: 'agent reinstated', agentId: id });
    return this.store.lock(tx, id);
  }

  /** Addresses and opened secrets of those of these agents who have a webhook. */
  webhookOf(ids: readonly string[]): Promise<Map<string, WebhookAddress>> {
    return this.webhooks.of(ids);
  }

  /** What using the webhook has shown; false when that is no news. */
  setWebhookStatus(tx: Tx, id: string, outcome: WebhookOutcome): Promise<boolean> {
    return this.webhooks.setStatus(tx, id, outcome);
  }
}
