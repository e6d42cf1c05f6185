import { Injectable, Module } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { DisputedWork, ResultReader, SubmissionsService, type ResultReaderProvider } from '#modules/tasks';
import { UnitOfWork } from '#platform/database';
import { Relay } from '#platform/messaging';
import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import {
  advance,
  anAcceptedBid,
  balanceOf,
  booksAreRight,
  grant,
  rulingOn,
  heldFor,
  repost,
  submit,
  votes,
} from '../builders/tasks.js';
import type { Json } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';

const HOUR_S = 3600;
let judge = '';

/** What a module of judges does: it knows who else may read. */
@Injectable()
@ResultReader()
class JudgesRead implements ResultReaderProvider {
  mayRead(agentId: string): boolean {
    return agentId === judge;
  }
}

@Module({ providers: [JudgesRead] })
class JudgesModule {}

/** The module that judges calls these front doors; here the test does. */
describe('Held payouts and disputes', () => {
  let app: TestApp;
  let creator: TestAgent;
  let executor: TestAgent;
  beforeAll(async () => {
    app = await anApp({}, undefined, [{ module: JudgesModule }]);
  });
  beforeEach(async () => {
    [creator, executor] = [await aVerifiedAgent(app), await aVerifiedAgent(app)];
    await grant(app, creator, 890);
  });
  afterEach(() => booksAreRight(app));
  afterAll(() => app.close());

  const read = async ({ id }: Json): Promise<Json> => (await app.api.get(`/v1/tasks/${id}`)).body;
  const balances = async () => [await balanceOf(app, creator), await balanceOf(app, executor)];
  const counted = async () => {
    const { tasks_completed, success_rate } = (await app.api.get(`/v1/agents/${executor.id}`)).body;
    return [tasks_completed, success_rate];
  };
  const inTx = <T>(act: (tx: Tx) => Promise<T>): Promise<T> => app.nest.get(UnitOfWork).run(act);
  const judged = async (verdict: 'approved' | 'rejected', hold = 0): Promise<Json> => {
    const task = await anAcceptedBid(app, creator, executor, { price_points: 200, payout_hold_hours: hold });
    const { body } = await submit(app, executor, task.id);
    await inTx((tx) => app.nest.get(SubmissionsService).settle(tx, body.id, verdict, votes()));
    return task;
  };
  const disputes = () => app.nest.get(DisputedWork);
  const dispute = (by: TestAgent, { id }: Json) => inTx((tx) => disputes().open(tx, by.id, id));
  const overturn = (task: Json) => inTx((tx) => disputes().overturn(tx, task.id, rulingOn(task)));
  const uphold = (task: Json) => inTx((tx) => disputes().uphold(tx, task.id, rulingOn(task)));

  describe('A held payout', () => {
    it('stays in escrow until its time, then is paid to the cent', async () => {
      const task = await judged('approved', 24);
      const payout = { state: 'held', amount: 190, fee: 10, due_at: expect.any(String) };
      expect(await read(task)).toMatchObject({ status: 'completed', payout });
      expect(await heldFor(app, task.id)).toBe(200);
      expect(await balances()).toEqual([800, 110]);
      await advance(app, 24 * HOUR_S - 60);
      expect((await read(task)).payout.state).toBe('held');
      const [, before] = await balances();
      await advance(app, 120);
      expect(await read(task)).toMatchObject({ status: 'completed', payout: { ...payout, state: 'paid' } });
      expect(await heldFor(app, task.id)).toBe(0);
      expect((await balances())[1]).toBe(before! + 190);
      const received = await app.api.get('/v1/agents/me/events?types=points.received&limit=100', {
        key: executor.key,
      });
      expect(received.body.data.at(-1).data).toMatchObject({ type: 'task_payment', amount: 190 });
    });

    it('is paid to the suspended too', async () => {
      const task = await judged('approved', 1);
      const reason = 'It misbehaved.';
      await app.api.post(`/v1/admin/agents/${executor.id}/suspend`, { reason }, { key: OPERATOR_KEY });
      await advance(app, 2 * HOUR_S);
      expect((await read(task)).payout.state).toBe('paid');
      expect(await balanceOf(app, executor)).toBe(300);
    });

    it('that is disputed waits for the end, and then simply goes the other way', async () => {
      const task = await judged('approved', 1);
      await dispute(creator, task);
      await advance(app, 10 * HOUR_S);
      expect(await read(task)).toMatchObject({
        status: 'disputed',
        closed_at: null,
        payout: { state: 'held' },
      });
      expect(await heldFor(app, task.id)).toBe(200);
      const [before] = await balances();
      await overturn(task);
      expect(await read(task)).toMatchObject({
        status: 'cancelled',
        close_reason: 'dispute_lost',
        payout: { state: 'reversed' },
      });
      expect((await balances())[0]).toBe(before! + 200);
      expect(await counted()).toEqual([0, 0]);
    });

    it('is paid at once when the verdict stands', async () => {
      const task = await judged('approved', 72);
      await dispute(creator, task);
      await uphold(task);
      expect(await read(task)).toMatchObject({ status: 'completed', payout: { state: 'paid' } });
      expect(await balances()).toEqual([800, 300]);
      expect(await counted()).toEqual([1, 100]);
    });
  });

  describe('A dispute', () => {
    it('that overturns an approval takes back what was paid, and the fee', async () => {
      const task = await judged('approved');
      expect(await balances()).toEqual([800, 300]);
      await dispute(creator, task);
      await overturn(task);
      expect(await balances()).toEqual([1000, 110]);
      expect(await read(task)).toMatchObject({
        status: 'cancelled',
        close_reason: 'dispute_lost',
        payout: { state: 'reversed' },
      });
    });

    it('makes a debt of what is no longer there', async () => {
      const task = await judged('approved');
      const sink = await aVerifiedAgent(app);
      await app.api.post('/v1/points/transfer', { to_agent_id: sink.id, amount: 250 }, { key: executor.key });
      await dispute(creator, task);
      await overturn(task);
      expect(await balances()).toEqual([860, 0]);
      await grant(app, executor, 150);
      expect(await balances()).toEqual([1000, 10]);
    });

    it('that overturns a rejection pays after all', async () => {
      const task = await judged('rejected');
      expect([...(await balances()), ...(await counted())]).toEqual([1000, 110, 0, 0]);
      await dispute(executor, task);
      await overturn(task);
      expect(await balances()).toEqual([800, 300]);
      expect(await read(task)).toMatchObject({
        status: 'completed',
        close_reason: null,
        payout: { state: 'paid', amount: 190, fee: 10 },
      });
      expect(await counted()).toEqual([1, 100]);
      const [submission] = (await app.api.get(`/v1/tasks/${task.id}/submissions`)).body.data;
      expect(submission).toMatchObject({ status: 'approved', result_visible: true });
    });

    it('makes the creator owe what it has spent, and the payout says what has been received', async () => {
      const task = await judged('rejected');
      const sink = await aVerifiedAgent(app);
      const transfer = (from: TestAgent, to: TestAgent, amount: number) =>
        app.api.post('/v1/points/transfer', { to_agent_id: to.id, amount }, { key: from.key });
      await transfer(creator, sink, 900);
      await dispute(executor, task);
      await overturn(task);
      const payout = async () => (await read(task)).payout;
      const listed = async () => (await app.api.get(`/v1/tasks?executor=${executor.id}`)).body.data[0].payout;
      const repayments = async ({ key }: TestAgent): Promise<Json[]> =>
        (await app.api.get('/v1/points/history?type=debt_repayment', { key })).body.data;
      expect(await payout()).toMatchObject({ state: 'paid', amount: 190, received: 100, fee: 10 });
      expect(await listed()).toMatchObject({ amount: 190, received: 100 });

      await grant(app, creator, 30);
      await transfer(sink, creator, 20);
      const other = await anAcceptedBid(app, sink, creator, { validation_required: false, price_points: 20 });
      await submit(app, creator, other.id);
      expect(await payout()).toMatchObject({ amount: 190, received: 169 });
      for (const agent of [creator, executor])
        expect(
          (await repayments(agent)).map(({ amount, reference, task_id }) => [
            Math.abs(amount),
            reference,
            task_id,
          ]),
        ).toEqual([19, 20, 30].map((amount) => [amount, task.id, task.id]));

      await grant(app, creator, 21);
      expect(await payout()).not.toHaveProperty('received');
      expect(await listed()).not.toHaveProperty('received');
      const rows = (await app.api.get('/v1/points/history', { key: executor.key })).body.data;
      expect(rows.map(({ type, task_id }: Json) => [type, task_id])).toEqual([
        ...Array.from({ length: 4 }, () => ['debt_repayment', task.id]),
        ['dispute_reversal', task.id],
        ['starter_bonus', null],
        ['starter_bonus', null],
      ]);
    });

    it.each([
      ['approved', 'submission.rejected'],
      ['rejected', 'submission.approved'],
    ] as const)('that overturns what was %s tells both sides of it again', async (verdict, name) => {
      const task = await judged(verdict);
      await dispute(verdict === 'approved' ? creator : executor, task);
      await overturn(task);
      await app.nest.get(Relay).drained();
      const first = verdict === 'approved' ? 'submission.approved' : 'submission.rejected';
      const { data: history } = (await app.api.get(`/v1/tasks/${task.id}/events?limit=100`)).body;
      const told = history.filter(({ event }: Json) => event.startsWith('submission.'));
      expect(told).toMatchObject([
        { event: first, data: { overturned: false, decided_by: 'panel' } },
        { event: name, data: { overturned: true, task_id: task.id } },
      ]);
      for (const { key } of [creator, executor]) {
        const { data } = (await app.api.get(`/v1/agents/me/events?limit=100&types=${name}`, { key })).body;
        expect(data.at(-1).data).toEqual(told[1].data);
      }
    });

    it('that changes nothing moves nothing, and says that it is over', async () => {
      const task = await judged('rejected');
      await dispute(executor, task);
      await uphold(task);
      expect(await balances()).toEqual([1000, 110]);
      expect(await read(task)).toMatchObject({ status: 'cancelled', close_reason: 'rejected' });
      await advance(app, 1);
      const { data } = (await app.api.get(`/v1/tasks/${task.id}/events?limit=100`)).body;
      expect(data.slice(-2)).toMatchObject([
        { event: 'task.updated', data: { status: 'disputed' } },
        {
          event: 'task.cancelled',
          data: { dispute_id: `dsp_${task.id.slice(4)}`, refund: { points: 0, usdc: 0 } },
        },
      ]);
    });

    it('keeps the task from being posted again', async () => {
      const task = await judged('rejected');
      await dispute(executor, task);
      const refused = await repost(app, creator, task.id);
      expect([refused.status, refused.body.error]).toEqual([409, 'task_not_closed']);
      await uphold(task);
      expect((await repost(app, creator, task.id)).status).toBe(201);
    });

    it('ends once', async () => {
      const task = await judged('approved');
      await dispute(creator, task);
      const ends = await Promise.allSettled([overturn(task), uphold(task), overturn(task)]);
      expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('is filed within 48 hours, by whom the verdict has gone against', async () => {
      const task = await judged('approved');
      await expect(dispute(executor, task)).rejects.toThrow('created by another');
      await advance(app, 48 * HOUR_S);
      await expect(dispute(creator, task)).rejects.toThrow('for 48 hours');
    });
  });

  it('Who judges a result reads it before it is approved', async () => {
    const reader = await aVerifiedAgent(app);
    const task = await anAcceptedBid(app, creator, executor);
    await submit(app, executor, task.id, { result_content: 'secret' });
    const seen = async () =>
      (await app.api.get(`/v1/tasks/${task.id}/submissions`, { key: reader.key })).body.data[0]
        .result_content;
    expect(await seen()).toBeNull();
    judge = reader.id;
    expect(await seen()).toBe('secret');
  });
});
