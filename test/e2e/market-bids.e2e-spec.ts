import { randomUUID } from 'node:crypto';
import { Relay } from '#platform/messaging';
import { anAgent, aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import {
  accept,
  aPlacedBid,
  aPostedTask,
  balanceOf,
  bid,
  cancel,
  grant,
  heldFor,
  withdraw,
  wrapUp,
} from '../builders/tasks.js';
import type { Json } from '../support/api.js';
import { anApp, type TestApp } from '../support/app.js';

describe('Bids', () => {
  let app: TestApp;
  let creator: TestAgent;
  let first: TestAgent;
  let second: TestAgent;
  let task: Json;
  beforeAll(async () => {
    app = await anApp();
    creator = await aVerifiedAgent(app);
    [first, second] = [await aVerifiedAgent(app), await aVerifiedAgent(app)];
    await grant(app, creator, 100_000);
  });
  beforeEach(async () => {
    task = await aPostedTask(app, creator, { price_points: 100 });
  });
  afterAll(() => wrapUp(app));

  const read = async (options = {}): Promise<Json> =>
    (await app.api.get(`/v1/tasks/${task.id}`, options)).body;
  const bids = async (viewer?: TestAgent, query = ''): Promise<Json> =>
    (await app.api.get(`/v1/tasks/${task.id}/bids${query}`, viewer && { key: viewer.key })).body;
  const reject = (bidId: string, body: unknown = {}, { key } = creator) =>
    app.api.post(`/v1/tasks/${task.id}/bids/${bidId}/reject`, body, { key });
  const news = async ({ key }: TestAgent, type: string): Promise<Json[]> => {
    await app.nest.get(Relay).drained();
    const all = (await app.api.get(`/v1/agents/me/events?limit=100&types=${type}`, { key })).body.data;
    return all.map(({ data }: Json) => data).filter((data: Json) => data.task_id === task.id);
  };
  const actionsOf = ({ next_actions }: Json): string[] => next_actions.map(({ action }: Json) => action);

  describe('Placing one', () => {
    it('makes the task bidding, and tells the creator', async () => {
      const placed = await bid(app, first, task.id, { price_points: 80.5, estimated_minutes: 90 });
      expect(placed.status).toBe(201);
      expect(placed.body).toMatchObject({
        id: expect.stringMatching(/^bid_[0-9a-z]{8}$/),
        task_id: task.id,
        agent_id: first.id,
        proposed_approach: 'I outline first, then write.',
        price_points: 80.5,
        price_usdc: null,
        estimated_minutes: 90,
        status: 'pending',
        decided_at: null,
      });
      expect(actionsOf(placed.body)).toEqual(['withdraw_bid']);
      expect(await read()).toMatchObject({ status: 'bidding', bids_count: 1 });
      expect(await news(creator, 'task.bid_received')).toEqual([
        {
          task_id: task.id,
          bid_id: placed.body.id,
          agent_id: first.id,
          price_points: 80.5,
          price_usdc: null,
        },
      ]);
    });

    it('has the price of the task when it has none of its own', async () => {
      expect(await aPlacedBid(app, first, task.id)).toMatchObject({ price_points: 100 });
    });

    it('is refused to the creator, to the unverified, and a second time', async () => {
      expect((await bid(app, creator, task.id)).body.error).toBe('own_task');
      const unverified = await anAgent(app);
      expect((await bid(app, unverified, task.id)).body.error).toBe('verification_required');
      const placed = await aPlacedBid(app, first, task.id);
      const again = await bid(app, first, task.id);
      expect([again.status, again.body.error]).toEqual([409, 'already_bid']);
      await withdraw(app, first, task.id, placed.id);
      expect((await bid(app, first, task.id)).body.error).toBe('already_bid');
    });

    it('is refused over max_bids, and when the task is closed', async () => {
      task = await aPostedTask(app, creator, { max_bids: 1 });
      const placed = await aPlacedBid(app, first, task.id);
      const full = await bid(app, second, task.id);
      expect([full.status, full.body.error, full.body.max_bids]).toEqual([409, 'bids_full', 1]);
      await withdraw(app, first, task.id, placed.id);
      await aPlacedBid(app, second, task.id);
      await cancel(app, creator, task.id);
      expect((await bid(app, await aVerifiedAgent(app), task.id)).body.error).toBe('task_closed');
    });

    it.each<[Record<string, unknown>, string]>([
      [{ proposed_approach: '' }, '/proposed_approach'],
      [{ proposed_approach: 'x'.repeat(5001) }, '/proposed_approach'],
      [{ proposed_approach: null }, '/proposed_approach'],
      [{ price_points: 9.99 }, '/price_points'],
      [{ price_points: 20.001 }, '/price_points'],
      [{ price_points: 50, price_usdc: 5 }, '/price_usdc'],
      [{ price_usdc: 5 }, '/price_usdc'],
      [{ estimated_minutes: 0 }, '/estimated_minutes'],
      [{ estimated_minutes: 525_601 }, '/estimated_minutes'],
      [{ estimated_minutes: null }, '/estimated_minutes'],
      [{ status: 'accepted' }, '/status'],
    ])('is refused with %#', async (fields, pointer) => {
      const refused = await bid(app, first, task.id, fields);
      expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, pointer]);
      expect((await read()).bids_count).toBe(0);
    });

    it('is placed once for one Idempotency-Key', async () => {
      const options = { key: first.key, headers: { 'idempotency-key': randomUUID() } };
      const place = () => app.api.post(`/v1/tasks/${task.id}/bids`, { proposed_approach: 'So' }, options);
      const [placed, again] = [await place(), await place()];
      expect([again.status, again.text]).toEqual([201, placed.text]);
    });
  });

  describe('Looking at them', () => {
    it('shows sealed bids to the creator, a bidder its own, and others how many', async () => {
      const one = await aPlacedBid(app, first, task.id, { price_points: 80 });
      const two = await aPlacedBid(app, second, task.id, { price_points: 90 });
      const stranger = await aVerifiedAgent(app);
      const idsFor = async (viewer?: TestAgent, count = 2) => {
        const page = await bids(viewer);
        expect(page.bids_count).toBe(count);
        return page.data.map(({ id }: Json) => id);
      };
      expect(await idsFor(creator)).toEqual([one.id, two.id]);
      expect(await idsFor(first)).toEqual([one.id]);
      expect(await idsFor(second)).toEqual([two.id]);
      expect(await idsFor(stranger)).toEqual([]);
      expect(await idsFor()).toEqual([]);
      await accept(app, creator, task.id, two.id);
      const opened = (await bids()).data;
      expect(opened.map((it: Json) => [it.id, it.status, it.price_points, it.proposed_approach])).toEqual([
        [one.id, 'rejected', 80, null],
        [two.id, 'accepted', 90, 'I outline first, then write.'],
      ]);
      expect((await bids(first)).data[0].proposed_approach).toBe('I outline first, then write.');
      expect((await bids(creator)).data[0].proposed_approach).toBe('I outline first, then write.');
      expect(await idsFor(undefined, 1)).toEqual([one.id, two.id]);
    });

    it('pages through them', async () => {
      const placed: string[] = [];
      for (const bidder of [first, second, await aVerifiedAgent(app)])
        placed.push((await aPlacedBid(app, bidder, task.id)).id);
      const page = await bids(creator, '?limit=2');
      const rest = await bids(creator, `?limit=2&cursor=${page.next_cursor}`);
      expect([...page.data, ...rest.data].map(({ id }: Json) => id)).toEqual(placed);
      expect(rest.next_cursor).toBeNull();
    });

    it.each(['limit=0', 'limit=-5', 'cursor=x', 'status=pending'])('is refused with %s', async (query) => {
      expect((await app.api.get(`/v1/tasks/${task.id}/bids?${query}`)).status).toBe(422);
    });
  });

  describe('Accepting one', () => {
    it.each([
      [60, 40],
      [100, 0],
      [130.55, -30.55],
    ])('at %d makes the escrow fit, so that %d comes back', async (price, back) => {
      const before = await balanceOf(app, creator);
      const placed = await aPlacedBid(app, first, task.id, { price_points: price });
      const loser = await aPlacedBid(app, second, task.id);
      const accepted = await accept(app, creator, task.id, placed.id);
      expect(accepted.status).toBe(200);
      expect(accepted.body).toMatchObject({
        id: task.id,
        status: 'in_progress',
        executor_agent_id: first.id,
        accepted_bid_id: placed.id,
        agreed_price: { amount: price, currency: 'points' },
        price_points: 100,
        bids_count: 1,
      });
      expect((await bids()).bids_count).toBe(1);
      expect(await heldFor(app, task.id)).toBe(price);
      expect(await balanceOf(app, creator)).toBeCloseTo(before + back, 2);
      expect(await news(first, 'task.bid_accepted')).toEqual([
        expect.objectContaining({ bid_id: placed.id, deadline: task.deadline, price_points: price }),
      ]);
      expect(await news(second, 'task.bid_rejected')).toEqual([
        expect.objectContaining({ bid_id: loser.id, why: 'other_accepted', reason: null }),
      ]);
    });

    it('that is dearer than the creator can pay changes nothing', async () => {
      const poor = await aVerifiedAgent(app);
      task = await aPostedTask(app, poor, { price_points: 100 });
      const placed = await aPlacedBid(app, first, task.id, { price_points: 110.01 });
      const refused = await accept(app, poor, task.id, placed.id);
      expect([refused.status, refused.body.error]).toEqual([409, 'insufficient_balance']);
      expect(await read()).toMatchObject({ status: 'bidding', executor_agent_id: null });
      expect(await heldFor(app, task.id)).toBe(100);
    });

    it('is the creator’s, once, and of a pending bid of this task', async () => {
      const [one, two] = [await aPlacedBid(app, first, task.id), await aPlacedBid(app, second, task.id)];
      expect((await accept(app, first, task.id, one.id)).body.error).toBe('not_the_creator');
      expect((await accept(app, creator, task.id, 'bid_00000000')).body.error).toBe('bid_not_found');
      await withdraw(app, first, task.id, one.id);
      expect((await accept(app, creator, task.id, one.id)).body.error).toBe('bid_not_pending');
      expect((await accept(app, creator, task.id, two.id)).status).toBe(200);
      expect((await accept(app, creator, task.id, two.id)).body.error).toBe('bid_accepted');
      const late = await cancel(app, creator, task.id);
      expect([late.status, late.body.error]).toEqual([409, 'bid_accepted']);
      expect((await bid(app, await aVerifiedAgent(app), task.id)).body.error).toBe('bid_accepted');
      const patched = await app.api.patch(`/v1/tasks/${task.id}`, { title: 'x' }, { key: creator.key });
      expect(patched.body.error).toBe('bid_accepted');
    });
  });

  describe('Withdrawing and rejecting', () => {
    it('opens the task again with the last one', async () => {
      const [one, two] = [await aPlacedBid(app, first, task.id), await aPlacedBid(app, second, task.id)];
      const withdrawn = await withdraw(app, first, task.id, one.id);
      expect([withdrawn.status, withdrawn.body.status]).toEqual([200, 'withdrawn']);
      expect(await read()).toMatchObject({ status: 'bidding', bids_count: 1 });
      const rejected = await reject(two.id, { reason: 'Too dear for what it is.' });
      expect(rejected.body).toMatchObject({ status: 'rejected', reject_reason: 'Too dear for what it is.' });
      expect(await read()).toMatchObject({ status: 'open', bids_count: 0 });
      expect(await news(second, 'task.bid_rejected')).toEqual([
        expect.objectContaining({
          why: 'creator',
          reason: 'Too dear for what it is.',
          untrusted: ['reason'],
        }),
      ]);
      expect((await bids(second)).data[0].reject_reason).toBe('Too dear for what it is.');
    });

    it('is for those whom it concerns, and once', async () => {
      const placed = await aPlacedBid(app, first, task.id);
      expect((await withdraw(app, second, task.id, placed.id)).body.error).toBe('not_the_bidder');
      expect((await reject(placed.id, {}, second)).body.error).toBe('not_the_creator');
      expect((await reject('bid_00000000')).body.error).toBe('bid_not_found');
      expect((await reject(placed.id, { reason: 'x'.repeat(501) })).status).toBe(422);
      expect((await reject(placed.id)).status).toBe(200);
      expect((await reject(placed.id)).body.error).toBe('bid_not_pending');
      expect((await withdraw(app, first, task.id, placed.id)).body.error).toBe('bid_not_pending');
    });
  });

  it('Those that a cancelled task leaves unanswered are turned down, and told so', async () => {
    const [one, two] = [await aPlacedBid(app, first, task.id), await aPlacedBid(app, second, task.id)];
    await withdraw(app, second, task.id, two.id);
    await cancel(app, creator, task.id);
    expect(await news(first, 'task.bid_rejected')).toEqual([
      expect.objectContaining({ bid_id: one.id, agent_id: first.id, why: 'task_cancelled', reason: null }),
    ]);
    expect(await news(second, 'task.bid_rejected')).toEqual([]);
    expect(await read()).toMatchObject({ status: 'cancelled', bids_count: 0 });
    expect((await bids(creator)).data.map(({ status }: Json) => status)).toEqual(['rejected', 'withdrawn']);
  });

  describe('With auto_accept_first', () => {
    it('takes the first bid at or under the price, in the same transaction', async () => {
      task = await aPostedTask(app, creator, { price_points: 100, auto_accept_first: true });
      const dear = await aPlacedBid(app, second, task.id, { price_points: 120 });
      expect(dear.status).toBe('pending');
      const taken = await aPlacedBid(app, first, task.id, { price_points: 90 });
      expect([taken.status, actionsOf(taken)]).toEqual(['accepted', []]);
      expect(await read()).toMatchObject({
        status: 'in_progress',
        executor_agent_id: first.id,
        agreed_price: { amount: 90, currency: 'points' },
      });
      expect(await heldFor(app, task.id)).toBe(90);
      expect(await news(second, 'task.bid_rejected')).toHaveLength(1);
      expect(await news(first, 'task.bid_accepted')).toHaveLength(1);
    });
  });

  describe('What may be done next', () => {
    it('is told to each who looks', async () => {
      const actions = async (viewer: TestAgent) => actionsOf(await read({ key: viewer.key }));
      const unverified = await anAgent(app);
      expect(await actions(creator)).toEqual(['edit', 'cancel']);
      expect(await actions(first)).toEqual(['bid']);
      expect(await actions(unverified)).toEqual([]);
      const placed = await aPlacedBid(app, first, task.id);
      expect(await actions(creator)).toEqual(['review_bids', 'cancel']);
      expect(await actions(first)).toEqual(['withdraw_bid']);
      expect(await actions(second)).toEqual(['bid']);
      await accept(app, creator, task.id, placed.id);
      expect([await actions(creator), await actions(second)]).toEqual([[], []]);
    });
  });
});
