import { anApp, type TestApp } from '#test/support/app';
import { queryAs } from '#test/support/database';
import { OutboxStore } from './outbox.store.js';
import { SHARDS } from './shards.js';
import { Shelf } from './shelf.js';

const EVENTS = 12_000;
const NAMES = ['test.happened', 'test.ignored'] as const;

describe('The shelf of events', () => {
  let app: TestApp;
  let outbox: OutboxStore;
  let shelf: Shelf;
  beforeAll(async () => {
    app = await anApp({ ROLE: 'api' });
    outbox = app.nest.get(OutboxStore);
    await queryAs(
      app.database.ownerUrl,
      `INSERT INTO outbox (id, name, subject, audience, data, at, position, seqs)
       SELECT 'evt_' || gen_random_uuid(), ($1::text[])[1 + n % 2], 'tsk_' || n % 50, '{}',
              jsonb_build_object('n', n), now(), n, '{}' FROM generate_series(1, $2::int) n`,
      [NAMES, EVENTS],
    );
  });
  afterAll(() => app.close());
  beforeEach(() => {
    shelf = new Shelf(outbox);
  });

  it('has what the table has, whoever asks for what and in whatever order', async () => {
    let seed = 7;
    const below = (limit: number): number => (seed = (seed * 48_271) % 2_147_483_647) % limit;
    for (let round = 0; round < 60; round++) {
      // Most are near the end, as subscribers are; some are behind, or begin anew.
      const after = below(5) === 0 ? below(EVENTS) : Math.min(EVENTS - 1, round * 190 + below(400));
      const wanted = { after, to: Math.min(EVENTS, after + 1 + below(5_000)) };
      const names = [undefined, [NAMES[0]], [NAMES[1]], []][below(4)];
      const [shard, limit] = [below(SHARDS), 1 + below(600)];
      const found = await shelf.between(wanted, shard, names, limit);
      expect(found).toEqual(await outbox.between(wanted, shard, names, limit));
    }
  });

  it('is filled once for all who come at the same time', async () => {
    const read = jest.spyOn(outbox, 'stretch');
    const wanted = { after: EVENTS - 900, to: EVENTS };
    const shards = Array.from({ length: SHARDS }, (_, shard) => shard);
    const found = await Promise.all(
      [...shards, ...shards].map((shard) => shelf.between(wanted, shard, undefined, 900)),
    );
    expect(found.flat()).toHaveLength(2 * 900);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('is filled by the next when the database did not answer one', async () => {
    const wanted = { after: EVENTS - 10, to: EVENTS };
    jest.spyOn(outbox, 'stretch').mockRejectedValueOnce(new Error('gone'));
    await expect(shelf.between(wanted, 0, undefined, 10)).rejects.toThrow('gone');
    expect(await shelf.between(wanted, 0, undefined, 10)).toEqual(
      await outbox.between(wanted, 0, undefined, 10),
    );
  });
});
