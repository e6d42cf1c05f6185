import { Clock } from '#kernel/clock';
import { SubmissionsService } from '#modules/tasks';
import { UnitOfWork } from '#platform/database';
import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import {
  accept,
  advance,
  anAcceptedBid,
  aPlacedBid,
  aPostedTask,
  balanceOf,
  bid,
  booksAreRight,
  grant,
  heldFor,
  progress,
  repost,
  submit,
  votes,
} from '../builders/tasks.js';
import type { Json } from '../support/api.js';
import { anApp, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

/** Each test has the clock to itself: what the others have left behind was due before, or is done. */
describe('Deadlines', () => {
  let app: TestApp;
  let creator: TestAgent;
  let executor: TestAgent;
  beforeAll(async () => {
    app = await anApp();
    creator = await aVerifiedAgent(app);
    await grant(app, creator, 50_000);
  });
  beforeEach(async () => {
    executor = await aVerifiedAgent(app);
  });
  afterEach(() => booksAreRight(app));
  afterAll(() => app.close());

  const inHours = (hours: number): string =>
    new Date(app.nest.get(Clock).now().getTime() + hours * HOUR_S * 1_000).toISOString();
  const read = async ({ id }: Json): Promise<Json> => (await app.api.get(`/v1/tasks/${id}`)).body;
  const told = async ({ key }: TestAgent, type: string, { id }: Json): Promise<Json[]> => {
    const all = (await app.api.get(`/v1/agents/me/events?limit=100&types=${type}`, { key })).body.data;
    return all.filter(({ data }: Json) => data.task_id === id);
  };
  const warnings = async (agent: TestAgent, task: Json): Promise<string[]> =>
    (await told(agent, 'task.deadline_warning', task)).map(({ timestamp }) => timestamp);

  describe('A warning', () => {
    it('comes a day before, to the creator while nobody is accepted, and once', async () => {
      const task = await aPostedTask(app, creator, { deadline: inHours(48) });
      await aPlacedBid(app, executor, task.id);
      await advance(app, DAY_S - 60);
      expect(await warnings(creator, task)).toEqual([]);
      await advance(app, 10 * HOUR_S);
      const [warnedAt, ...more] = await warnings(creator, task);
      expect(secondsAfter(task.deadline, warnedAt!)).toBe(-DAY_S);
      expect(more).toEqual([]);
      await advance(app, 10 * HOUR_S);
      expect(await warnings(creator, task)).toEqual([warnedAt]);
      expect(await warnings(executor, task)).toEqual([]);
    });

    it('comes to the executor once it is accepted', async () => {
      const task = await anAcceptedBid(app, creator, executor, { deadline: inHours(48) });
      await advance(app, DAY_S);
      expect(await warnings(executor, task)).toHaveLength(1);
      expect(await warnings(creator, task)).toEqual([]);
    });

    it('does not come to who took the task up in the last day, nor once it is done', async () => {
      const late = await aPostedTask(app, creator, { deadline: inHours(24.5) });
      const done = await anAcceptedBid(app, creator, executor, { deadline: inHours(26) });
      const short = await aPostedTask(app, creator, { deadline: inHours(23) });
      await submit(app, executor, done.id);
      const placed = await aPlacedBid(app, executor, late.id);
      await advance(app, 0.25 * HOUR_S);
      await accept(app, creator, late.id, placed.id);
      await advance(app, 20 * HOUR_S);
      expect(await warnings(executor, late)).toHaveLength(1);
      for (const task of [done, short])
        expect([...(await warnings(executor, task)), ...(await warnings(creator, task))]).toEqual([]);
      const later = await aPostedTask(app, creator, { deadline: inHours(24.5) });
      const second = await aPlacedBid(app, executor, later.id);
      await advance(app, HOUR_S);
      expect(await warnings(creator, later)).toHaveLength(1);
      await accept(app, creator, later.id, second.id);
      await advance(app, 10 * HOUR_S);
      expect(await warnings(executor, later)).toEqual([]);
    });
  });

  describe('What nobody has taken up in time', () => {
    it('is cancelled and refunded, with its bids', async () => {
      const before = await balanceOf(app, creator);
      const open = await aPostedTask(app, creator, { deadline: inHours(2), price_points: 70 });
      const bidding = await aPostedTask(app, creator, { deadline: inHours(2), price_points: 30 });
      const placed = await aPlacedBid(app, executor, bidding.id);
      await advance(app, 2 * HOUR_S + 1);
      for (const task of [open, bidding]) {
        expect(await read(task)).toMatchObject({ status: 'cancelled', close_reason: 'expired_open' });
        expect(await heldFor(app, task.id)).toBe(0);
      }
      // A day that has passed meanwhile may have paid its emission: only this much went and came back.
      expect(await balanceOf(app, creator)).toBeGreaterThanOrEqual(before);
      const [cancelled] = await told(executor, 'task.cancelled', bidding);
      expect(cancelled!.data).toMatchObject({
        close_reason: 'expired_open',
        refund: { points: 30, usdc: 0 },
      });
      const [declined, ...more] = await told(executor, 'task.bid_rejected', bidding);
      expect(declined!.data).toMatchObject({ bid_id: placed.id, why: 'task_expired', reason: null });
      expect(more).toEqual([]);
      expect((await bid(app, executor, open.id)).body.error).toBe('task_closed');
    });

    it('ends at its own time, whatever the clock skips', async () => {
      const task = await aPostedTask(app, creator, { deadline: inHours(3) });
      await advance(app, 5 * DAY_S);
      const { closed_at, deadline } = await read(task);
      expect(secondsAfter(deadline, closed_at)).toBe(0);
    });
  });

  describe('Work that is not handed in', () => {
    it('has an hour more, then is cancelled and refunded, and counts against the executor', async () => {
      const task = await anAcceptedBid(app, creator, executor, { deadline: inHours(2), price_points: 80 });
      await advance(app, 3 * HOUR_S - 60);
      expect((await progress(app, executor, task.id)).status).toBe(200);
      await advance(app, 120);
      const ended = await read(task);
      expect(ended).toMatchObject({ status: 'cancelled', close_reason: 'expired_work', payout: null });
      expect(secondsAfter(task.deadline, ended.closed_at)).toBe(HOUR_S);
      expect(await heldFor(app, task.id)).toBe(0);
      const late = await submit(app, executor, task.id);
      expect([late.status, late.body.error]).toEqual([409, 'wrong_task_status']);
      for (const agent of [creator, executor])
        expect((await told(agent, 'task.cancelled', task))[0]!.data).toMatchObject({
          executor_agent_id: executor.id,
          close_reason: 'expired_work',
          refund: { points: 80, usdc: 0 },
        });
    });

    it('lowers its success rate', async () => {
      const rate = async () => (await app.api.get(`/v1/agents/${executor.id}`)).body.success_rate;
      const done = await anAcceptedBid(app, creator, executor);
      const { body } = await submit(app, executor, done.id);
      await app.nest
        .get(UnitOfWork)
        .run((tx) => app.nest.get(SubmissionsService).settle(tx, body.id, 'approved', votes()));
      expect(await rate()).toBe(100);
      await anAcceptedBid(app, creator, executor, { deadline: inHours(1) });
      await advance(app, 2 * HOUR_S);
      expect(await rate()).toBe(50);
    });

    it('that comes within the hour still counts', async () => {
      const task = await anAcceptedBid(app, creator, executor, { deadline: inHours(1) });
      await advance(app, 1.9 * HOUR_S);
      expect((await submit(app, executor, task.id)).status).toBe(201);
      await advance(app, DAY_S);
      expect((await read(task)).status).toMatch(/^(submitted|validating)$/);
    });
  });

  it('What has expired can be posted again', async () => {
    const task = await aPostedTask(app, creator, { deadline: inHours(1) });
    await advance(app, 2 * HOUR_S);
    const again = await repost(app, creator, task.id);
    expect([again.status, again.body.reposted_from]).toEqual([201, task.id]);
  });

  it('A task that cannot be ended does not keep the others open', async () => {
    const broken = await aPostedTask(app, creator, { deadline: inHours(1) });
    const sound = await aPostedTask(app, creator, { deadline: inHours(1.5) });
    await withoutEscrow(app, broken.id, async () => {
      await advance(app, 2 * HOUR_S);
      expect((await read(broken)).status).toBe('open');
      expect((await read(sound)).status).toBe('cancelled');
    });
    await advance(app, 1);
    expect((await read(broken)).status).toBe('cancelled');
  });
});

/** To the minute: the clock goes on while things happen. */
const secondsAfter = (earlier: string, later: string): number =>
  Math.round((new Date(later).getTime() - new Date(earlier).getTime()) / 60_000) * 60;

/** As a mistake of ours would leave it: less in escrow than the task was posted for. */
async function withoutEscrow(app: TestApp, taskId: string, act: () => Promise<void>): Promise<void> {
  const add = (amount: number) =>
    queryAs(app.database.ownerUrl, 'UPDATE escrows SET balance = balance + $2 WHERE reference = $1', [
      taskId,
      amount,
    ]);
  const held = await heldFor(app, taskId);
  await add(-held);
  try {
    await act();
  } finally {
    await add(held);
  }
}
