import { LedgerDatabase } from '#test/support/ledger';
import { readingIn, rowsRead } from '#test/support/rows-read';
import { ProgressStore } from './progress.store.js';
import type { Subscriber } from './subscribers.js';

const EVENTS = 30_000;

let db: LedgerDatabase;
let store: ProgressStore;
beforeAll(async () => {
  db = await LedgerDatabase.create();
  store = new ProgressStore(db.asDatabase());
  await db.asOwner(
    `INSERT INTO outbox (id, name, subject, audience, data, at, position)
     SELECT 'evt_' || n, CASE WHEN n = ${EVENTS} THEN 'test.news' ELSE 'test.noise' END, 'tsk_' || n, '{}',
            jsonb_build_object('text', repeat(md5(n::text), 12)), now(), n
       FROM generate_series(1, ${EVENTS}) AS n ORDER BY md5(n::text)`,
  );
  await db.asOwner('ANALYZE outbox');
});
afterAll(() => db.drop());

const subscriber = (name: string, events?: string[]): Subscriber =>
  ({ name, events, handle: () => Promise.resolve() }) as unknown as Subscriber;

describe('Who is behind', () => {
  it('is whoever has news of its own before it, or has stood still for longer than it is known what came', async () => {
    const all = [
      subscriber('hears-news', ['test.news']),
      subscriber('hears-noise', ['test.noise']),
      subscriber('hears-other', ['test.other']),
      subscriber('hears-everything'),
      subscriber('stood-still', ['test.other']),
    ];
    for (const { name } of all) await store.begin(name);
    const stands = (name: string, position: number) =>
      db.query('UPDATE event_done SET position = $2 WHERE subscriber = $1', [name, position]);
    for (const { name } of all) await stands(name, EVENTS - 1);
    await stands('stood-still', 1);
    const behind = await store.behind(all);
    expect(behind.filter(({ subscriber: name }) => name === 'stood-still')).toHaveLength(4);
    expect(new Set(behind.map(({ subscriber: name }) => name))).toEqual(
      new Set(['hears-news', 'hears-everything', 'stood-still']),
    );
  });

  it('is found without reading all that was ever announced', async () => {
    await db.run(async (tx) => {
      await new ProgressStore(readingIn(tx)).behind([subscriber('hears-everything')]);
      expect((await rowsRead(tx, 'outbox')).inARow).toBe(0);
    });
  });
});
