import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/db/database.js';
import type { Tx } from '../../../kernel/db/tx.js';
import type { Challenge } from '../domain/challenge.js';

/** The X account that stands behind an agent from now on, and the tweet that said so. */
export interface Binding {
  accountId: string;
  agentId: string;
  handle: string;
  tweetUrl: string;
  verifiedAt: Date;
}

const CHALLENGE = `SELECT agent_id AS "agentId", code_hash AS "codeHash", created_at AS "createdAt",
  expires_at AS "expiresAt", last_error AS "lastError" FROM verification_challenges WHERE agent_id = $1`;

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
  async put(tx: Tx, { agentId, codeHash, createdAt, expiresAt, lastError }: Challenge): Promise<void> {
    await tx.query(
      `INSERT INTO verification_challenges (agent_id, code_hash, created_at, expires_at, last_error)
       VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (agent_id) DO UPDATE SET code_hash = $2, created_at = $3, expires_at = $4, last_error = $5`,
      [agentId, codeHash, createdAt, expiresAt, lastError],
    );
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
  async bind(tx: Tx, { accountId, agentId, handle, tweetUrl, verifiedAt }: Binding): Promise<boolean> {
    const bound = await tx.query(
      `INSERT INTO verified_x_accounts (account_id, agent_id, handle, tweet_url, verified_at)
       VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account_id) DO NOTHING RETURNING 1`,
      [accountId, agentId, handle, tweetUrl, verifiedAt],
    );
    return bound.length > 0;
  }
}
