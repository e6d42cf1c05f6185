import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';
import type { Tweet, XAccount } from '../domain/tweet.js';

export type SandboxAccount = Omit<XAccount, 'id'>;

interface Row {
  id: string;
  text: string;
  posted_at: Date;
  account_id: string;
  handle: string;
  created_at: Date;
  followers: number;
  protected: boolean;
}

/** The sandbox's own X: its accounts and what they have posted. */
@Injectable()
export class SandboxXStore {
  constructor(private readonly database: Database) {}

  async setAccount(tx: Tx, { handle, createdAt, followers, isProtected }: SandboxAccount): Promise<void> {
    await tx.query(
      `INSERT INTO sandbox_x_accounts (handle, created_at, followers, protected) VALUES ($1, $2, $3, $4)
       ON CONFLICT (handle) DO UPDATE SET created_at = $2, followers = $3, protected = $4`,
      [handle, createdAt, followers, isProtected],
    );
  }

  /** An account that is there already stays what it is. */
  async openAccount(tx: Tx, { handle, createdAt, followers, isProtected }: SandboxAccount): Promise<void> {
    await tx.query(
      `INSERT INTO sandbox_x_accounts (handle, created_at, followers, protected) VALUES ($1, $2, $3, $4)
       ON CONFLICT (handle) DO NOTHING`,
      [handle, createdAt, followers, isProtected],
    );
  }

  async post(tx: Tx, handle: string, text: string, at: Date): Promise<string> {
    const [row] = await tx.query<{ id: string }>(
      `INSERT INTO sandbox_x_tweets (account_id, text, created_at)
       SELECT account_id, $2, $3 FROM sandbox_x_accounts WHERE handle = $1 RETURNING id`,
      [handle, text, at],
    );
    return row!.id;
  }

  async find(id: string): Promise<Tweet | undefined> {
    const [row] = await this.database.query<Row>(
      `SELECT t.id, t.text, t.created_at AS posted_at, a.account_id, a.handle, a.created_at, a.followers, a.protected
         FROM sandbox_x_tweets t JOIN sandbox_x_accounts a USING (account_id) WHERE t.id = $1`,
      [id],
    );
    return row && toTweet(row);
  }
}

const toTweet = (row: Row): Tweet => ({
  id: row.id,
  text: row.text,
  postedAt: row.posted_at,
  isRepost: false,
  author: {
    id: row.account_id,
    handle: row.handle,
    createdAt: row.created_at,
    followers: row.followers,
    isProtected: row.protected,
  },
});
