import { createHash, createHmac } from 'node:crypto';
import type pg from 'pg';

/** Given to the program, so that keys can be made for any number of agents without asking it for each. */
export const KNOWN_SECRETS = {
  API_KEY_PEPPER: 'a pepper for benchmarks and proofs alone',
  OPERATOR_KEY: `opk_${'b'.repeat(64)}`,
} as const;

export interface KnownAgent {
  id: string;
  key: string;
}

/** The same agents in every process, without handing a list about. */
export function knownAgents(count: number, first = 0): KnownAgent[] {
  return Array.from({ length: count }, (_, index) => knownAgent(first + index));
}

export function knownAgent(number: number): KnownAgent {
  const id = `agt_b${number.toString(36).padStart(7, '0')}`;
  return { id, key: `axe_${id}_${createHash('sha256').update(id).digest('hex')}` };
}

/**
 * Verified agents in one statement, each with so many points: accounts and money through the ledger's own
 * functions, so that its books stay right.
 */
export async function insertAgents(
  owner: pg.Client,
  agents: readonly KnownAgent[],
  points: number,
): Promise<void> {
  const ids = agents.map(({ id }) => id);
  const hashes = agents.map(({ key }) =>
    createHmac('sha256', KNOWN_SECRETS.API_KEY_PEPPER).update(key).digest(),
  );
  await owner.query(
    `INSERT INTO agents (id, name, owner_twitter, status, api_key_hash, verified_at, created_at, updated_at)
     SELECT id, 'Agent ' || id, id, 'verified', hash, now(), now(), now() FROM unnest($1::text[], $2::bytea[]) u (id, hash)`,
    [ids, hashes],
  );
  await owner.query('SELECT count(ledger_open(id, now())) FROM unnest($1::text[]) id', [ids]);
  if (points === 0) return;
  await owner.query(
    `SELECT count(p.movement_id) FROM unnest($1::text[]) id, LATERAL ledger_post('sandbox_grant:' || id, 'sandbox_grant',
       NULL, NULL, 'points', now(), ARRAY['agt_system'], ARRAY[id], ARRAY[$2::numeric], ARRAY['sandbox_grant'],
       ARRAY['exact']) p`,
    [ids, points],
  );
}
