import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Database, tableOf } from '#platform/database';
import type { Challenge } from '../domain/challenge.js';
import { BindingEntity } from './binding.entity.js';
import { ChallengeEntity } from './challenge.entity.js';

export type Binding = BindingEntity;

const CHALLENGES = tableOf(ChallengeEntity);
const BINDINGS = tableOf(BindingEntity);
const CHALLENGE = `SELECT ${CHALLENGES.columns()} FROM verification_challenges WHERE agent_id = $1`;

@Injectable()
export class VerificationStore {
  constructor(private readonly database: Database) {}

  async find(agentId: string): Promise<Challenge | undefined> {
    const [challenge] = await this.database.query<Challenge>(CHALLENGE, [agentId]);
    return challenge;
  }

  /** Whoever changes a challenge has locked its agent before. */
  async findIn(tx: Tx, agentId: string): Promise<Challenge | undefined> {
    const [challenge] = await tx.query<Challenge>(CHALLENGE, [agentId]);
    return challenge;
  }

  /** Takes the place of an earlier one, and of what was wrong with its tweets. */
  put(tx: Tx, challenge: Challenge): void {
    PUT_CHALLENGE.write(tx, challenge);
  }

  async remove(tx: Tx, agentId: string): Promise<void> {
    await tx.query('DELETE FROM verification_challenges WHERE agent_id = $1', [agentId]);
  }

  /** Says nothing about a challenge that has come since the tweet was looked at. */
  async noteFailure(agentId: string, error: string, lookedAt: Date): Promise<void> {
    await this.database.query(
      'UPDATE verification_challenges SET last_error = $2 WHERE agent_id = $1 AND created_at <= $3',
      [agentId, error, lookedAt],
    );
  }

  /** False when the account has verified an agent before; of two at the same moment the second waits and sees the first. */
  async bind(tx: Tx, binding: Binding): Promise<boolean> {
    const bound = await BIND.ask(tx, binding);
    return bound.length > 0;
  }
}

const PUT_CHALLENGE = CHALLENGES.upsert();
const BIND = BINDINGS.insert().within(
  'bind-x-account',
  (insert) => `${insert} ON CONFLICT (account_id) DO NOTHING RETURNING 1`,
);
