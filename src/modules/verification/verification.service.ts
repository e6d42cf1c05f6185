import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { AgentSuspended, LostARace } from '#kernel/errors/kernel.errors';
import type { Tx } from '#kernel/tx';
import { type Agent, AgentsService, HandleReleased } from '#modules/agents';
import { ChallengeCodes } from './challenge-codes.js';
import { type Challenge, hasExpired, newChallenge } from './domain/challenge.js';
import { checkTweet } from './domain/check-tweet.js';
import { tweetUrl } from './domain/tweet-url.js';
import type { Sighting } from './domain/tweet.js';
import { VerificationStore } from './persistence/verification.store.js';
import { TweetSource } from './sources/tweet-source.js';
import {
  AccountAlreadyUsed,
  AlreadyVerified,
  ChallengeExpired,
  ChallengeMissing,
  FailedCheck,
} from './verification.errors.js';

/** A challenge with its code, which is shown once. */
export interface Initiated {
  agent: Agent;
  challenge: Challenge;
  code: string;
}

/** How far an agent is; a challenge that has expired is none. */
export interface Standing {
  agent: Agent;
  challenge: Challenge | undefined;
  lastError: string | null;
}

@Injectable()
export class VerificationService {
  private readonly logger = new Logger('Verification');

  constructor(
    private readonly agents: AgentsService,
    private readonly store: VerificationStore,
    private readonly codes: ChallengeCodes,
    private readonly tweets: TweetSource,
    private readonly clock: Clock,
  ) {}

  async standing(agentId: string): Promise<Standing> {
    const [agent, challenge] = await Promise.all([this.agents.get(agentId), this.store.find(agentId)]);
    const isOpen = challenge && !hasExpired(challenge, this.clock.now());
    return { agent, challenge: isOpen ? challenge : undefined, lastError: challenge?.lastError ?? null };
  }

  async initiate(tx: Tx, agentId: string): Promise<Initiated> {
    this.tweets.ready();
    const agent = await this.agents.lock(tx, agentId);
    claimOf(agent);
    const code = this.codes.fresh();
    const challenge = newChallenge(agentId, this.codes.hash(agentId, code), this.clock.now());
    this.store.put(tx, challenge);
    this.logger.log({ msg: 'verification initiated', agentId });
    return { agent, challenge, code };
  }

  /**
   * What X shows of the tweet, before any transaction: it may take seconds. X is not asked for somebody who has
   * nothing to confirm: `confirm` says why, or repeats the answer that this very request had before.
   */
  async look(agentId: string, tweetId: string): Promise<Sighting | undefined> {
    const { agent, challenge } = await this.standing(agentId);
    if (agent.verifiedAt) return undefined;
    this.tweets.ready();
    return challenge ? this.tweets.see(tweetId) : undefined;
  }

  /** Everything is decided anew under the agent's lock: it may have changed while X was asked. */
  async confirm(tx: Tx, agentId: string, seen: Sighting | undefined): Promise<Agent> {
    const agent = await this.agents.lock(tx, agentId);
    const handle = claimOf(agent);
    const now = this.clock.now();
    const challenge = await this.store.findIn(tx, agentId);
    if (!challenge) throw new ChallengeMissing();
    if (hasExpired(challenge, now)) throw new ChallengeExpired(challenge.expiresAt);
    if (!seen) throw new LostARace('The challenge has come only just now.');
    const isCode = (candidate: string): boolean => this.codes.isCodeOf(challenge, candidate);
    const { id, author } = checkTweet(seen, { handle, at: challenge.createdAt, isCode }, now);
    const account = {
      accountId: author.id,
      agentId,
      handle,
      tweetUrl: tweetUrl(handle, id),
      verifiedAt: now,
    };
    if (!(await this.store.bind(tx, account))) throw new AccountAlreadyUsed(handle);
    await this.store.remove(tx, agentId);
    return this.agents.markVerified(tx, agentId, account.tweetUrl);
  }

  /** Keeps for `standing` why a tweet did not do: by then the transaction that found out is rolled back. */
  async noting<T>(agentId: string, confirm: () => Promise<T>): Promise<T> {
    const lookedAt = this.clock.now();
    try {
      return await confirm();
    } catch (error) {
      if (error instanceof FailedCheck) await this.note(agentId, error, lookedAt);
      throw error;
    }
  }

  private async note(agentId: string, { type }: FailedCheck, lookedAt: Date): Promise<void> {
    const reason = type.slug.replaceAll('-', '_');
    await this.store.noteFailure(agentId, reason, lookedAt);
    this.logger.log({ msg: 'tweet refused', agentId, reason });
  }
}

/** The handle that the agent may still prove. */
function claimOf({ id, status, verifiedAt, ownerTwitter }: Agent): string {
  if (status === 'suspended') throw new AgentSuspended();
  if (verifiedAt) throw new AlreadyVerified(id);
  if (ownerTwitter === null) throw new HandleReleased(id);
  return ownerTwitter;
}
