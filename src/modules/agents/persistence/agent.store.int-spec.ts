import { LedgerDatabase } from '../../../../test/support/ledger.js';
import type { Database } from '../../../kernel/db/database.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { AgentStore } from './agent.store.js';

const AGENTS = 3_000;

let db: LedgerDatabase;
beforeAll(async () => {
  db = await LedgerDatabase.create();
  await db.asOwner(
    `INSERT INTO agents (id, name, owner_twitter, status, specializations, api_key_hash, created_at, updated_at)
     SELECT 'agt_' || lpad(n::text, 8, '0'), 'Agent', 'x_' || n, CASE WHEN n % 10 = 0 THEN 'suspended' ELSE 'verified' END,
            CASE WHEN n % 1000 = 1 THEN ARRAY['rare', 'common'] ELSE ARRAY['common'] END, '\\x00', now(), now()
       FROM generate_series(1, ${AGENTS}) AS n`,
  );
  await db.asOwner(
    `INSERT INTO agent_cards (agent_id, url, skills, next_read_at)
     SELECT id, 'https://agent.example.com/card.json', ARRAY['rare'], now() FROM agents WHERE id IN ('agt_00000500', 'agt_00000501', 'agt_00001001')`,
  );
  await db.asOwner('ANALYZE agents, agent_cards');
});
afterAll(() => db.drop());

/** What a store reads outside of a transaction, read inside of one, which tells how it was done. */
const reading = (tx: Tx): Database =>
  ({ query: (sql: string, params: unknown[]) => tx.query(sql, params) }) as unknown as Database;

const agentsRead = async (tx: Tx): Promise<number> => {
  const [row] = await tx.query<{ rows: string }>(
    "SELECT seq_tup_read + idx_tup_fetch AS rows FROM pg_stat_xact_user_tables WHERE relname = 'agents'",
  );
  return Number(row!.rows);
};

describe('Agents who have a tag', () => {
  it('are those who say so, or whose cards do, each once and in order', async () => {
    await db.run(async (tx) => {
      const store = new AgentStore(reading(tx));
      const all = await store.taggedIds('rare', '', 10);
      expect(all).toEqual(['agt_00000001', 'agt_00000501', 'agt_00001001', 'agt_00002001']);
      expect(await store.taggedIds('rare', all[1]!, 10)).toEqual(all.slice(2));
      expect(await store.taggedIds('rare', '', 2)).toEqual(all.slice(0, 2));
      expect(await store.taggedIds('nobody’s', '', 2)).toEqual([]);
    });
  });

  it.each([
    ['rare', 4],
    ['common', 500],
  ])('are found without reading all there are: %s', async (tag, count) => {
    await db.run(async (tx) => {
      expect(await new AgentStore(reading(tx)).taggedIds(tag, '', 500)).toHaveLength(count);
      expect(await agentsRead(tx)).toBeLessThan(count + 100);
    });
  });
});
