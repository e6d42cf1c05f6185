import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import {
  accept,
  aPlacedBid,
  aPostedTask,
  bid,
  booksAreRight,
  cancel,
  grant,
  heldFor,
  withdraw,
} from '../builders/tasks.js';
import type { Answer, Json } from '../support/api.js';
import { anApp, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';

/** More of them with RACE_ROUNDS=200. */
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 5);
const rounds = Array.from({ length: ROUNDS }, (_, round) => round);

describe('Two of anything at the same moment', () => {
  let app: TestApp;
  let creator: TestAgent;
  let bidders: TestAgent[];
  beforeAll(async () => {
    app = await anApp();
    creator = await aVerifiedAgent(app);
    bidders = await Promise.all(Array.from({ length: 6 }, () => aVerifiedAgent(app)));
    await grant(app, creator, 10_000_000);
  });
  afterAll(() => app.close());
  // After each race, not at the end: what is wrong then tells which race it was.
  afterEach(() => booksAreRight(app));

  const read = async (id: string): Promise<Json> => (await app.api.get(`/v1/tasks/${id}`)).body;
  const bidsOn = async (id: string): Promise<Json[]> =>
    (await app.api.get(`/v1/tasks/${id}/bids?limit=100`, { key: creator.key })).body.data;
  const edit = (id: string, body: unknown) => app.api.patch(`/v1/tasks/${id}`, body, { key: creator.key });
  /** Nobody gets anything but a success or a clean 409. */
  const winners = (answers: readonly Answer<Json>[]): Answer<Json>[] => {
    const [won, lost] = [
      answers.filter(({ status }) => status < 300),
      answers.filter(({ status }) => status >= 300),
    ];
    for (const { status, body } of lost) expect([status, body.error]).toEqual([409, expect.any(String)]);
    return won;
  };
  const statusesOf = (bids: readonly Json[]): string[] => bids.map(({ status }) => String(status)).toSorted();
  /** Each event of a task that ends or decides it, as often as it was recorded. */
  const recorded = async (id: string, name: string): Promise<number> => {
    const [row] = await queryAs<{ count: string }>(
      app.database.ownerUrl,
      'SELECT count(*) FROM outbox WHERE subject = $1 AND name = $2',
      [id, name],
    );
    return Number(row!.count);
  };

  it.each(rounds)('accept beside accept (%d)', async () => {
    const task = await aPostedTask(app, creator, { price_points: 100 });
    const placed = [];
    for (const [index, bidder] of bidders.slice(0, 4).entries())
      placed.push(await aPlacedBid(app, bidder, task.id, { price_points: 80 + 20 * index }));
    const won = winners(await Promise.all(placed.map(({ id }) => accept(app, creator, task.id, id))));
    expect(won).toHaveLength(1);
    const now = await read(task.id);
    expect(now.accepted_bid_id).toBe(won[0]!.body.accepted_bid_id);
    expect(statusesOf(await bidsOn(task.id))).toEqual(['accepted', 'rejected', 'rejected', 'rejected']);
    expect(await heldFor(app, task.id)).toBe(now.agreed_price.amount);
    expect(await recorded(task.id, 'task.bid_accepted')).toBe(1);
  });

  it.each(rounds)('accept beside cancel (%d)', async () => {
    const task = await aPostedTask(app, creator, { price_points: 100 });
    const placed = await aPlacedBid(app, bidders[0]!, task.id, { price_points: 60 });
    const won = winners(
      await Promise.all([
        accept(app, creator, task.id, placed.id),
        cancel(app, creator, task.id),
        cancel(app, creator, task.id),
      ]),
    );
    expect(won).toHaveLength(1);
    const { status } = await read(task.id);
    expect(status).toBe(won[0]!.body.status);
    expect(await heldFor(app, task.id)).toBe(status === 'cancelled' ? 0 : 60);
  });

  it.each(rounds)('accept beside withdraw (%d)', async () => {
    const task = await aPostedTask(app, creator);
    const [bidder] = bidders;
    const placed = await aPlacedBid(app, bidder!, task.id);
    const won = winners(
      await Promise.all([
        accept(app, creator, task.id, placed.id),
        withdraw(app, bidder!, task.id, placed.id),
      ]),
    );
    expect(won).toHaveLength(1);
    const [{ status }, [decided]] = [await read(task.id), await bidsOn(task.id)];
    expect([
      ['in_progress', 'accepted'],
      ['open', 'withdrawn'],
    ]).toContainEqual([status, decided!.status]);
  });

  it.each(rounds)('an edit beside a bid (%d)', async () => {
    const task = await aPostedTask(app, creator, { price_points: 50 });
    const [edited, placed] = await Promise.all([
      edit(task.id, { price_points: 90 }),
      bid(app, bidders[0]!, task.id),
    ]);
    winners([edited!]);
    expect(placed!.status).toBe(201);
    const { price_points: price } = await read(task.id);
    expect(price).toBe(edited!.status === 200 ? 90 : 50);
    // Who bids without a price, bids the price of the text that it saw.
    expect((await bidsOn(task.id))[0]!.price_points).toBe(price);
    expect(await heldFor(app, task.id)).toBe(price);
  });

  it.each(rounds)('bids on a task that takes the first (%d)', async () => {
    const task = await aPostedTask(app, creator, { price_points: 100, auto_accept_first: true });
    const placed = winners(await Promise.all(bidders.map((bidder) => bid(app, bidder, task.id))));
    expect(placed.map(({ body }) => body.status)).toEqual(['accepted']);
    expect(await read(task.id)).toMatchObject({
      status: 'in_progress',
      executor_agent_id: placed[0]!.body.agent_id,
      bids_count: 1,
    });
    expect(await bidsOn(task.id)).toHaveLength(1);
  });

  it.each(rounds)('two bids by one agent (%d)', async () => {
    const task = await aPostedTask(app, creator);
    const [bidder] = bidders;
    const won = winners(await Promise.all([1, 2, 3].map(() => bid(app, bidder!, task.id))));
    expect(won).toHaveLength(1);
    expect((await read(task.id)).bids_count).toBe(1);
    expect(await bidsOn(task.id)).toHaveLength(1);
  });

  it.each(rounds)('more bids than max_bids (%d)', async () => {
    const task = await aPostedTask(app, creator, { max_bids: 2 });
    const won = winners(await Promise.all(bidders.map((bidder) => bid(app, bidder, task.id))));
    expect(won).toHaveLength(2);
    expect(await read(task.id)).toMatchObject({ bids_count: 2, status: 'bidding' });
    expect(await bidsOn(task.id)).toHaveLength(2);
  });

  it.each(rounds)('edits, each of which changes the price (%d)', async () => {
    const task = await aPostedTask(app, creator, { price_points: 50 });
    const prices = [20, 80, 35.5, 120];
    const won = winners(await Promise.all(prices.map((price) => edit(task.id, { price_points: price }))));
    expect(won).toHaveLength(prices.length);
    expect(await heldFor(app, task.id)).toBe((await read(task.id)).price_points);
  });

  it.each(rounds)('everything at once (%d)', async () => {
    const task = await aPostedTask(app, creator, { price_points: 100, max_bids: 4 });
    const placed = [await aPlacedBid(app, bidders[0]!, task.id), await aPlacedBid(app, bidders[1]!, task.id)];
    const answers = await Promise.all([
      accept(app, creator, task.id, placed[0].id),
      accept(app, creator, task.id, placed[1].id),
      withdraw(app, bidders[0]!, task.id, placed[0].id),
      cancel(app, creator, task.id),
      edit(task.id, { price_points: 30 }),
      bid(app, bidders[2]!, task.id, { price_points: 70 }),
      bid(app, bidders[3]!, task.id, { price_points: 140 }),
    ]);
    winners(answers);
    const [accepted, cancelled] = [answers.slice(0, 2), answers.slice(3, 4)].map(
      (some) => some.filter(({ status }) => status === 200).length,
    );
    expect(accepted! + cancelled!).toBe(1);
    const { status } = await read(task.id);
    expect(status).toBe(cancelled === 1 ? 'cancelled' : 'in_progress');
    expect(statusesOf(await bidsOn(task.id)).filter((one) => one === 'accepted')).toHaveLength(accepted!);
    expect(statusesOf(await bidsOn(task.id))).not.toContain('pending');
  });

  it('tasks that one balance cannot pay for: exactly as many are posted as it covers', async () => {
    const poor = await aVerifiedAgent(app);
    const posting = () =>
      app.api.post(
        '/v1/tasks',
        {
          category: 'content',
          title: 'One of many',
          description: 'Posted at once',
          acceptance_criteria: ['Done'],
          price_points: 30,
        },
        { key: poor.key },
      );
    expect(winners(await Promise.all(Array.from({ length: 8 }, posting)))).toHaveLength(3);
    expect((await app.api.get(`/v1/agents/${poor.id}`)).body.tasks_created).toBe(3);
  });
});
