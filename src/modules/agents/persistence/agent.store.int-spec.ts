import { LedgerDatabase } from '#test/support/ledger';
import { readingIn, rowsRead } from '#test/support/rows-read';
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
    `UPDATE agents SET card_specializations = ARRAY['rare']
      WHERE id IN ('agt_00000500', 'agt_00000501', 'agt_00001001')`,
  );
  await db.asOwner('ANALYZE agents');
});
afterAll(() => db.drop());

describe('Agents who have a tag', () => {
  it('are those who say so, or whose cards do, each once and in order', async () => {
    await db.run(async (tx) => {
      const store = new AgentStore(readingIn(tx));
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
      expect(await new AgentStore(readingIn(tx)).taggedIds(tag, '', 500)).toHaveLength(count);
      const { inARow, byIndex } = await rowsRead(tx, 'agents');
      expect(inARow + byIndex).toBeLessThan(count + 100);
    });
  });
});
