import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { newId } from '#kernel/ids';
import type { Tx } from '#kernel/tx';
import { KeyAlreadyRotated } from '../agents.errors.js';
import { ApiKeys } from '../auth/api-keys.js';
import type { Agent } from '../domain/agent.js';
import { editProfile, type ProfileChanges } from '../domain/edit-profile.js';
import { claimsLapsedBefore } from '../domain/handle.js';
import { register, releaseHandle, type Registration } from '../domain/register.js';
import type { WebhookOutcome } from '../domain/report-webhook.js';
import { rotateKey } from '../domain/rotate-key.js';
import { reinstate, suspend } from '../domain/suspend.js';
import { verify } from '../domain/verify.js';
import { AgentStore, type Judge, type Related, type Tally } from '../persistence/agent.store.js';
import { AgentWebhooks, type WebhookAddress } from '../webhook/agent-webhooks.js';
import { RegistryService } from './registry.service.js';

export type { ProfileChanges, Registration };

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
    private readonly registry: RegistryService,
    private readonly keys: ApiKeys,
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
    const lapsedBefore = claimsLapsedBefore(this.clock.now());
    const holder = await this.store.lockLapsedHolder(tx, registration.ownerTwitter, lapsedBefore);
    if (holder) await this.registry.act(tx, holder, releaseHandle);
    const id = newId('agt');
    const apiKey = this.keys.fresh(id);
    const secret = registration.webhookUrl ? this.webhooks.freshSecret(id) : undefined;
    const credentials = { id, apiKeyHash: this.keys.hash(apiKey), webhookSecret: secret?.sealed ?? null };
    const { agent } = await this.registry.create(tx, register(registration, credentials, this.clock.now()));
    this.logger.log({ msg: 'agent registered', agentId: id });
    return { agent, apiKey, webhookSecret: secret?.text };
  }

  async update(tx: Tx, id: string, changes: ProfileChanges): Promise<WithSecrets> {
    const secret = changes.webhookUrl ? this.webhooks.freshSecret(id) : undefined;
    const { agent } = await this.registry.act(tx, this.store.lock(tx, id), (before, at) =>
      editProfile(before, changes, secret?.sealed ?? null, at),
    );
    const isTaken = secret !== undefined && agent.webhookSecret === secret.sealed;
    return { agent, webhookSecret: isTaken ? secret.text : undefined };
  }

  /** The key that was presented must still be the one: of two rotations at the same moment one wins. */
  async rotateKey(tx: Tx, id: string, presented: string): Promise<WithSecrets & { apiKey: string }> {
    const before = await this.store.lockByKey(tx, id, this.keys.hash(presented));
    if (!before) throw new KeyAlreadyRotated();
    const apiKey = this.keys.fresh(id);
    const hashes = { fresh: this.keys.hash(apiKey), presented: this.keys.hash(presented) };
    const { agent } = await this.registry.act(tx, before, (one, at) => rotateKey(one, hashes, at));
    this.logger.log({ msg: 'API key rotated', agentId: id });
    return { agent, apiKey };
  }

  /** By this tweet. Pays the bonus of 100 too. */
  async markVerified(tx: Tx, id: string, tweetUrl: string | null): Promise<Agent> {
    const { agent, events } = await this.registry.act(tx, this.store.lock(tx, id), (before, at) =>
      verify(before, tweetUrl, at),
    );
    if (events.length > 0) this.logger.log({ msg: 'agent verified', agentId: id });
    return agent;
  }

  async suspend(tx: Tx, id: string, reason: string): Promise<Agent> {
    const { agent } = await this.registry.act(tx, this.store.lock(tx, id), (before, at) =>
      suspend(before, reason, at),
    );
    this.logger.log({ msg: 'agent suspended', agentId: id });
    return agent;
  }

  async reinstate(tx: Tx, id: string, reason: string): Promise<Agent> {
    const { agent } = await this.registry.act(tx, this.store.lock(tx, id), (before, at) =>
      reinstate(before, reason, at),
    );
    this.logger.log({ msg: 'agent reinstated', agentId: id });
    return agent;
  }

  /** Addresses and opened secrets of those of these agents who have a webhook. */
  webhookOf(ids: readonly string[]): Promise<Map<string, WebhookAddress>> {
    return this.webhooks.of(ids);
  }

  /** Records the result of using the webhook; false when it changes nothing. */
  setWebhookStatus(tx: Tx, id: string, outcome: WebhookOutcome): Promise<boolean> {
    return this.webhooks.report(tx, id, outcome);
  }
}
