import { DataSource } from 'typeorm';
import { verifyLedger } from '#cli/verify-ledger';
import { aVerifiedAgent, anAgent, type TestAgent } from '../builders/agents.js';
import { anAcceptedBid, aPostedTask, cancel, grant, submit } from '../builders/tasks.js';
import type { Json } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';

const DAY_S = 24 * 60 * 60;

describe('The economy', () => {
  let app: TestApp;
  beforeEach(async () => {
    app = await anApp();
  });
  afterEach(() => app.close());

  const advance = async (seconds: number): Promise<string> => {
    const answer = await app.api.post('/sandbox/clock/advance', { seconds });
    if (answer.status !== 200) throw new Error(answer.text);
    return answer.body.now;
  };
  const historyOf = async ({ key }: TestAgent, query = ''): Promise<Json[]> =>
    (await app.api.get(`/v1/points/history?limit=100${query}`, { key })).body.data;
  const balanceOf = async ({ key }: TestAgent): Promise<number> =>
    (await app.api.get('/v1/points/balance', { key })).body.balance_points;
  const operate = (path: string, body: object = {}) =>
    app.api.post(`/v1/admin/economy/${path}`, { reason: 'By the story', ...body }, { key: OPERATOR_KEY });

  it('pays every verified and active agent 20 a day, once, and nobody else', async () => {
    const [agent, unverified] = [await aVerifiedAgent(app), await anAgent(app)];
    await balanceOf(agent);
    for (let day = 1; day <= 3; day++) await advance(DAY_S);
    const emitted = await historyOf(agent, '&type=daily_emission');
    expect(emitted.map(({ amount }) => amount)).toEqual([20, 20, 20]);
    expect(await balanceOf(agent)).toBe(170);
    expect(await balanceOf(unverified)).toBe(10);
  });

  it('stops paying whoever was not seen for seven days', async () => {
    const agent = await aVerifiedAgent(app);
    await balanceOf(agent);
    await advance(20 * DAY_S);
    const emitted = await historyOf(agent, '&type=daily_emission');
    expect(emitted).toHaveLength(7);
  });

  it('lets operators preview and run a day, which is then not paid again', async () => {
    const agent = await aVerifiedAgent(app);
    await balanceOf(agent);
    await advance(DAY_S);
    const preview = await operate('emission/preview');
    expect(preview.body).toMatchObject({ eligible: 1, rate: 20, share: 20, paid_already: true });
    const again = await operate('emission/run');
    expect(again.status).toBe(200);
    expect(await balanceOf(agent)).toBe(130);
    const tomorrow = new Date(Date.parse(`${preview.body.day}T00:00:00Z`) + 2 * DAY_S * 1000);
    const refused = await operate('emission/run', { day: tomorrow.toISOString().slice(0, 10) });
    expect([refused.status, refused.body.error]).toEqual([409, 'day_not_payable']);
    expect((await operate('emission/run', { day: '2026-13-01' })).status).toBe(422);
  });

  it('burns a tenth of what nobody used for 90 days, every 30 days', async () => {
    const agent = await aVerifiedAgent(app);
    await app.api.post('/sandbox/points/grant', { agent_id: agent.id, amount: 1000 });
    await advance(160 * DAY_S);
    const decays = await historyOf(agent, '&type=decay');
    expect(decays.length).toBeGreaterThanOrEqual(1);
    for (const { amount } of decays) expect(amount).toBeLessThan(0);
    const verified = await app.api.post(
      '/v1/admin/ledger/verify',
      { full: true, reason: 'By the story' },
      { key: OPERATOR_KEY },
    );
    expect(verified.body.clean).toBe(true);
    const schedules = await app.api.get('/v1/admin/schedules', { key: OPERATOR_KEY });
    const outcomes = schedules.body.data.map(({ name, last_outcome }: Json) => [name, last_outcome]);
    for (const name of ['emission', 'decay', 'ledger-reconciliation'])
      expect(outcomes).toContainEqual([name, 'done']);
  }, 90_000);

  it('is told by each check of an escrow that a closed task still holds, and repairs nothing', async () => {
    const [creator, executor] = [await aVerifiedAgent(app), await aVerifiedAgent(app)];
    await grant(app, creator, 1_000);
    const work = { validation_required: false, price_points: 30 };
    const paid = await anAcceptedBid(app, creator, executor, work);
    await submit(app, executor, paid.id);
    const cancelled = await aPostedTask(app, creator, { price_points: 20 });
    const open = await aPostedTask(app, creator, { price_points: 40, payout_hold_hours: 72 });
    await cancel(app, creator, cancelled.id);
    const asOwner = (sql: string, params: unknown[]) => queryAs(app.database.ownerUrl, sql, params);
    const verify = async (): Promise<Json> =>
      (
        await app.api.post(
          '/v1/admin/ledger/verify',
          { full: true, reason: 'By the story' },
          { key: OPERATOR_KEY },
        )
      ).body;
    const byScript = () => verifyLedger(app.nest.get(DataSource), { full: true, at: new Date() });
    expect((await verify()).clean).toBe(true);
    expect((await byScript()).clean).toBe(true);

    // One that was closed and kept its money, and one whose payout waits, which is as it should be.
    const close = 'UPDATE tasks SET status = $2, close_reason = $3, closed_at = now() WHERE id = $1';
    await asOwner(close, [open.id, 'cancelled', 'operator']);
    const stuck = { kind: 'escrow_of_closed_task', subject: open.id, currency: 'points' };
    expect(await verify()).toMatchObject({
      clean: false,
      drifts: [{ ...stuck, expected: '0.00', found: '40' }],
    });
    const told = await byScript();
    expect(told.clean).toBe(false);
    expect(told.lines.join()).toContain(`escrow_of_closed_task  ${open.id}`);
    await advance(DAY_S);
    expect((await app.api.get('/metrics')).text).toMatch(/^\w*ledger_drifts 1$/m);

    const hold = `UPDATE tasks SET status = 'completed', close_reason = NULL, payout_state = 'held', executor_agent_id = $2,
      accepted_bid_id = 'bid_00000000', accepted_currency = 'points', accepted_price = $3, accepted_at = now() WHERE id = $1`;
    await asOwner(hold, [open.id, executor.id, 40]);
    expect((await verify()).clean).toBe(true);
    await asOwner(hold, [open.id, executor.id, 39]);
    expect((await verify()).drifts).toMatchObject([{ ...stuck, expected: '39.00', found: '40' }]);
  });
});
