import { after, MINUTE_MS } from '#kernel/clock';
import { anApp, type TestApp } from '#test/support/app';
import { inTransaction } from '#test/support/events';
import { DeliveryStore, type NewDelivery } from './delivery.store.js';

describe('What is owed', () => {
  let app: TestApp;
  let store: DeliveryStore;
  beforeAll(async () => {
    app = await anApp();
    store = app.nest.get(DeliveryStore);
  });
  afterAll(() => app.close());

  const noon = new Date('2026-03-12T12:00:00Z');
  const agentId = 'agt_00000001';
  const news = (eventId: string): NewDelivery => ({
    agentId,
    eventId,
    event: 'points.received',
    payload: '{}',
    signatures: ['sha256=00'],
  });
  const owed = async (at: Date, limit = 8) =>
    (await store.owed([agentId], at, limit)).map(({ eventId, tries }) => [eventId, tries]);

  it('is sent in the order in which it came, what was tried most before all that is new', async () => {
    for (const id of ['evt_a', 'evt_b', 'evt_c', 'evt_d']) {
      await inTransaction(app, (tx) => store.insert(tx, [news(id)], noon));
    }
    expect(await owed(noon, 3)).toEqual([
      ['evt_a', 0],
      ['evt_b', 0],
      ['evt_c', 0],
    ]);
    const first = await store.owed([agentId], noon, 3);
    const failed = (index: number, tries: number, dueInMs: number) => ({
      rowId: first[index]!.rowId,
      tries,
      state: 'pending' as const,
      nextAttemptAt: after(noon, dueInMs),
      at: noon,
      status: 500,
      ms: 1,
      error: null,
      answer: null,
    });
    await store.finish([failed(1, 1, 0)]);
    await store.finish([failed(1, 2, 0)]);
    await store.finish([failed(2, 1, 0)]);
    await store.finish([failed(0, 1, MINUTE_MS)]);
    expect(await owed(noon)).toEqual([
      ['evt_b', 2],
      ['evt_c', 1],
      ['evt_d', 0],
    ]);
    expect(await owed(after(noon, MINUTE_MS), 3)).toEqual([
      ['evt_b', 2],
      ['evt_c', 1],
      ['evt_a', 1],
    ]);
  });
});
