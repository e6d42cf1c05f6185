import { Injectable } from '@nestjs/common';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Settings } from '#config/settings';
import type { OperatorIdentity, OperatorRole } from '#kernel/caller';
import { Clock } from '#kernel/clock';
import { newId } from '#kernel/ids';
import type { Tx } from '#kernel/tx';
import { Gather } from '#platform/concurrency';
import { Database } from '#platform/database';
import { OperatorKeyNotFound, OperatorKeyRevoked } from './operators.errors.js';

export interface OperatorKey {
  id: string;
  name: string;
  role: OperatorRole;
  created_at: Date;
  revoked_at: Date | null;
}

/** The operator whose key is in the environment or in the data folder. */
const FIRST_OPERATOR: OperatorIdentity = { id: 'opk_first', name: 'first operator', role: 'admin' };

/** Operators' keys: `opk_<id>_<64 hex>`, of which a keyed hash is kept. Revoking works at once: nothing is cached. */
@Injectable()
export class OperatorKeys {
  private readonly firstHash: Buffer | undefined;
  /** Anybody may send keys, to `/metrics` uncounted: a flood of them costs two queries at a time. */
  private readonly holders = new Gather((hashes) => this.holdersOf(hashes));

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {
    this.firstHash = settings.operatorKey ? this.hash(settings.operatorKey) : undefined;
  }

  async identify(token: string): Promise<OperatorIdentity | undefined> {
    if (!token.startsWith('opk_')) return undefined;
    const hash = this.hash(token);
    if (this.firstHash && timingSafeEqual(hash, this.firstHash)) return FIRST_OPERATOR;
    return this.holders.get(hash.toString('hex'));
  }

  create(tx: Tx, name: string, role: OperatorRole): { id: string; key: string } {
    const id = newId('opk');
    const key = `${id}_${randomBytes(32).toString('hex')}`;
    tx.write(
      'insert-operator-key',
      'INSERT INTO operator_keys (id, name, role, key_hash, created_at) VALUES ($1, $2, $3, $4, $5)',
      [id, name, role, this.hash(key), this.clock.now()],
    );
    return { id, key };
  }

  async revoke(tx: Tx, id: string): Promise<OperatorKey> {
    const [key] = await tx.query<OperatorKey>(
      'SELECT id, name, role, created_at, revoked_at FROM operator_keys WHERE id = $1 FOR UPDATE',
      [id],
    );
    if (!key) throw new OperatorKeyNotFound(id);
    if (key.revoked_at) throw new OperatorKeyRevoked(id);
    const revoked = { ...key, revoked_at: this.clock.now() };
    await tx.query('UPDATE operator_keys SET revoked_at = $2 WHERE id = $1', [id, revoked.revoked_at]);
    return revoked;
  }

  async list(): Promise<OperatorKey[]> {
    return this.database.query<OperatorKey>(
      'SELECT id, name, role, created_at, revoked_at FROM operator_keys ORDER BY created_at DESC, id',
    );
  }

  private async holdersOf(hashes: readonly string[]): Promise<ReadonlyMap<string, OperatorIdentity>> {
    const found = await this.database.query<OperatorIdentity & { key_hash: Buffer }>(
      'SELECT id, name, role, key_hash FROM operator_keys WHERE key_hash = ANY ($1) AND revoked_at IS NULL',
      [hashes.map((hash) => Buffer.from(hash, 'hex'))],
    );
    return new Map(found.map(({ key_hash, ...identity }) => [key_hash.toString('hex'), identity]));
  }

  private hash(key: string): Buffer {
    return createHmac('sha256', this.settings.keys.apiKeyPepper).update(key).digest();
  }
}
