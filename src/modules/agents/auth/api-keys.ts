import { Injectable, type OnModuleInit } from '@nestjs/common';
import { createHmac, hash as hashOnce, randomBytes, timingSafeEqual } from 'node:crypto';
import { Settings } from '#config/settings';
import type { Caller } from '#kernel/caller';
import { before, Clock, MINUTE_MS, SECOND_MS } from '#kernel/clock';
import type { Tx } from '#kernel/tx';
import { Wakeups } from '#platform/messaging';
import { agentOfKey, keyText } from '../domain/api-key.js';
import { AgentStore, type KeyHashes } from '../persistence/agent.store.js';
import { KeyCache } from './key-cache.js';

const AGENT_CHANNEL = 'agent';
const CACHED_MS = 10 * SECOND_MS;
/** For so long a rotated key still opens the answer of its own rotation, so that a lost answer locks nobody out. */
const ROTATION_GRACE_MS = 10 * MINUTE_MS;

/** An agent, and whether each of its answers must say that its webhook is off. */
export interface KnownCaller extends Caller {
  webhookDisabled: boolean;
}

/** What a key turned out to be; `refused` for a key that opens nothing. */
export type Identity = KnownCaller | 'refused';

/**
 * API keys: 256 bits of chance, kept as an HMAC under the server's pepper. A slow hash protects guessable
 * passwords; here it would only cost the server 57 ms a request.
 */
@Injectable()
export class ApiKeys implements OnModuleInit {
  private readonly cache = new KeyCache<Identity>(CACHED_MS);
  private readonly questions = new Map<string, Promise<Identity>>();
  private readonly listeners = new Map<string, Set<() => void>>();

  constructor(
    private readonly store: AgentStore,
    private readonly wakeups: Wakeups,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.wakeups.on(AGENT_CHANNEL, (agentId) => this.dropAndTell(agentId));
    this.wakeups.onReconnected(() => {
      this.cache.clear();
      for (const agentId of [...this.listeners.keys()]) this.tell(agentId);
    });
  }

  /**
   * Called when the agent's key or standing may have changed, after what was cached of it is forgotten: at a change on
   * any replica, and when this process hears of changes again.
   */
  onChange(agentId: string, listener: () => void): () => void {
    const listeners = this.listeners.get(agentId) ?? new Set();
    this.listeners.set(agentId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.listeners.delete(agentId);
    };
  }

  fresh(agentId: string): string {
    return keyText(agentId, randomBytes(32).toString('hex'));
  }

  /** As the database keeps it. */
  hash(key: string): Buffer {
    return createHmac('sha256', this.settings.keys.apiKeyPepper).update(key).digest();
  }

  /**
   * As this process remembers a key: never the key itself. In one call and without the pepper, since every request
   * pays for it and no one else ever sees it.
   */
  fingerprint(key: string): string {
    return hashOnce('sha256', key, 'base64');
  }

  /** What is known without a query; nothing is, while nobody would tell us of a rotation. */
  cached(fingerprint: string): Identity | undefined {
    return this.wakeups.connected ? this.cache.get(fingerprint) : undefined;
  }

  /** The same question is asked once at a time: `undefined` where nobody is asking it yet. */
  asking(fingerprint: string): Promise<Identity> | undefined {
    return this.questions.get(fingerprint);
  }

  identify(key: string, fingerprint: string): Promise<Identity> {
    const answer = this.lookUp(key, fingerprint).finally(() => this.questions.delete(fingerprint));
    this.questions.set(fingerprint, answer);
    return answer;
  }

  private async lookUp(key: string, fingerprint: string): Promise<Identity> {
    const agentId = agentOfKey(key);
    if (!agentId) return 'refused';
    const remember = this.cache.watch();
    const row = await this.store.keyHashes(agentId);
    const hash = this.hash(key);
    const identity = row && timingSafeEqual(row.apiKeyHash, hash) ? callerOf(row) : 'refused';
    if (identity === 'refused' && row && this.inGrace(row, hash))
      return { ...callerOf(row), replayOnly: true };
    remember(fingerprint, agentId, identity);
    return identity;
  }

  /**
   * Makes every replica forget what it knows of the agent's keys, in the same instant in which the change is
   * committed. Rotation, suspension, verification and the end of a webhook are rare enough to notify inside their transaction.
   */
  async forget(tx: Tx, agentId: string): Promise<void> {
    await tx.query('SELECT pg_notify($1, $2)', [`umw_${AGENT_CHANNEL}`, agentId]);
    tx.afterCommit(() => this.dropAndTell(agentId));
  }

  /** Nobody may join a question either that was asked before the change. */
  private drop(agentId: string): void {
    this.cache.drop(agentId);
    this.questions.clear();
  }

  private dropAndTell(agentId: string): void {
    this.drop(agentId);
    this.tell(agentId);
  }

  private tell(agentId: string): void {
    for (const listener of [...(this.listeners.get(agentId) ?? [])]) listener();
  }

  private inGrace({ retiredKeyHash, retiredAt }: KeyHashes, hash: Buffer): boolean {
    return (
      retiredKeyHash !== null &&
      retiredAt !== null &&
      retiredAt >= before(this.clock.now(), ROTATION_GRACE_MS) &&
      timingSafeEqual(retiredKeyHash, hash)
    );
  }
}

const callerOf = ({ id, status, webhookStatus }: KeyHashes): KnownCaller => ({
  id,
  verified: status === 'verified',
  suspended: status === 'suspended',
  webhookDisabled: webhookStatus === 'disabled',
});
