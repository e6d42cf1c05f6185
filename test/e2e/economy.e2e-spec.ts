import { aVerifiedAgent, anAgent, type TestAgent } from '../builders/agents.js';
import type { Json } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';

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
  });
});
