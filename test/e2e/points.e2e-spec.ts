import { randomUUID } from 'node:crypto';
import { aVerifiedAgent, anAgent, type TestAgent } from '../builders/agents.js';
import type { Json } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';

describe('Points', () => {
  let app: TestApp;
  let payer: TestAgent;
  let payee: TestAgent;
  beforeAll(async () => {
    app = await anApp();
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    [payer, payee] = [await aVerifiedAgent(app), await anAgent(app)];
  });

  const balanceOf = async ({ key }: TestAgent): Promise<number> =>
    (await app.api.get('/v1/points/balance', { key })).body.balance_points;
  const transfer = (body: unknown, headers: Record<string, string> = {}, key = payer.key) =>
    app.api.post('/v1/points/transfer', body, { key, headers });
  const legs = async (): Promise<number> => {
    const [row] = await queryAs<{ count: string }>(
      app.database.ownerUrl,
      'SELECT count(*) FROM transactions',
    );
    return Number(row!.count);
  };

  it('move from one agent to another, with the request of the spec', async () => {
    const paid = await app.api.post(
      '/v1/points/transfer',
      `{
  "to_agent_id": "${payee.id}",
  "amount": 50,
  "currency": "points",
  "memo": "Payment for logo design consultation"
}`,
      { key: payer.key },
    );
    expect(paid.status).toBe(201);
    expect(paid.body).toMatchObject({
      from_agent_id: payer.id,
      to_agent_id: payee.id,
      amount: 50,
      currency: 'points',
      fee: 0,
      balance: 60,
      memo: 'Payment for logo design consultation',
    });
    expect(await balanceOf(payer)).toBe(60);
    expect(await balanceOf(payee)).toBe(60);
  });

  it.each([
    [{ amount: 'abc' }, '/amount'],
    [{ amount: '50' }, '/amount'],
    [{ amount: -5 }, '/amount'],
    [{ amount: 0 }, '/amount'],
    [{ amount: 1.005 }, '/amount'],
    [{ amount: 0.001 }, '/amount'],
    [{ amount: 1e21 }, '/amount'],
    [{ amount: 2_000_000_000 }, '/amount'],
    [{ amount: null }, '/amount'],
    [{ amount: [1] }, '/amount'],
    [{ amount: { value: 1 } }, '/amount'],
    [{ amount: true }, '/amount'],
    [{}, '/amount'],
    [{ amount: 1, to_agent_id: 'nobody' }, '/to_agent_id'],
    [{ amount: 1, to_agent_id: 17 }, '/to_agent_id'],
    [{ amount: 1, memo: 'm'.repeat(281) }, '/memo'],
    [{ amount: 1, memo: 'a\u0000b' }, '/memo'],
    [{ amount: 1, currency: 'eur' }, '/currency'],
    [{ amount: 1, fee: 0 }, '/fee'],
    [{ amount: 1, __proto__x: 1 }, '/__proto__x'],
  ])('are not moved by %j', async (body, pointer) => {
    const before = await legs();
    const refused = await transfer({ to_agent_id: payee.id, ...body });
    expect(refused.status).toBe(422);
    expect(refused.body.error).toBe('invalid_fields');
    expect(refused.body.errors.map((wrong: { pointer: string }) => wrong.pointer)).toContain(pointer);
    expect(await legs()).toBe(before);
  });

  it.each(['{"amount":1e309}', '{"amount":NaN}', '[]', 'null', '"x"', ''])(
    'are not moved by the body %s',
    async (body) => {
      const before = await legs();
      const refused = await transfer(body);
      expect([400, 422]).toContain(refused.status);
      expect(await legs()).toBe(before);
    },
  );

  it.each([
    ['to oneself', () => ({ to_agent_id: payer.id, amount: 1 }), 422, 'transfer_to_self'],
    ['to nobody', () => ({ to_agent_id: 'agt_00000000', amount: 1 }), 404, 'payee_not_found'],
    ['more than there is', () => ({ to_agent_id: payee.id, amount: 110.01 }), 409, 'insufficient_balance'],
    [
      'of USDC',
      () => ({ to_agent_id: payee.id, amount: 1, currency: 'usdc' }),
      422,
      'currency_not_transferable',
    ],
  ])('are refused %s', async (_, body, status, error) => {
    const before = await legs();
    const refused = await transfer(body());
    expect([refused.status, refused.body.error]).toEqual([status, error]);
    expect(await legs()).toBe(before);
  });

  it('are refused by the unverified, and for the suspended', async () => {
    const unverified = await transfer({ to_agent_id: payer.id, amount: 1 }, {}, payee.key);
    expect([unverified.status, unverified.body.error]).toEqual([403, 'verification_required']);
    const reason = { reason: 'Suspended by the story' };
    await app.api.post(`/v1/admin/agents/${payee.id}/suspend`, reason, { key: OPERATOR_KEY });
    const refused = await transfer({ to_agent_id: payee.id, amount: 1 });
    expect([refused.status, refused.body.error]).toEqual([409, 'payee_suspended']);
    await app.api.post(`/v1/admin/agents/${payee.id}/reinstate`, reason, { key: OPERATOR_KEY });
    expect((await transfer({ to_agent_id: payee.id, amount: 1 })).status).toBe(201);
  });

  it('move once for one Idempotency-Key sent eight times at once, and everybody gets that answer', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = { to_agent_id: payee.id, amount: 10 };
    const answers = await Promise.all(Array.from({ length: 8 }, () => transfer(body, headers)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === 'true')).toHaveLength(7);
    expect(await balanceOf(payer)).toBe(100);
    const other = await transfer({ ...body, amount: 11 }, headers);
    expect([other.status, other.body.error]).toEqual([422, 'idempotency_key_reused']);
    expect(await balanceOf(payer)).toBe(100);
  });

  it('wait for room where the disk is full, and tell nobody more than that', async () => {
    await queryAs(
      app.database.ownerUrl,
      `CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql
         AS $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$;
       CREATE TRIGGER disk_full BEFORE INSERT ON movements EXECUTE FUNCTION disk_full()`,
    );
    const refused = await transfer({ to_agent_id: payee.id, amount: 1 });
    await queryAs(app.database.ownerUrl, 'DROP TRIGGER disk_full ON movements; DROP FUNCTION disk_full()');
    expect([refused.status, refused.body.error]).toEqual([503, 'database_unavailable']);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.text).not.toContain('space');
    expect((await transfer({ to_agent_id: payee.id, amount: 1 })).status).toBe(201);
  });

  it('are never spent twice: of twenty transfers of 10 at once from 110, eleven pass', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => transfer({ to_agent_id: payee.id, amount: 10 })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(11);
    expect(answers.filter(({ body }) => body.error === 'insufficient_balance')).toHaveLength(9);
    expect([await balanceOf(payer), await balanceOf(payee)]).toEqual([0, 120]);
  });

  it('leave a history both ways, with the balance after each, page by page', async () => {
    await transfer({ to_agent_id: payee.id, amount: 1.5 });
    await transfer({ to_agent_id: payee.id, amount: 2.25, memo: 'second' });
    const all = await app.api.get('/v1/points/history', { key: payer.key });
    expect(
      all.body.data.map((row: Json) => [row.type, row.amount, row.counterparty, row.balance_after]),
    ).toEqual([
      ['p2p_transfer', -2.25, payee.id, 106.25],
      ['p2p_transfer', -1.5, payee.id, 108.5],
      ['starter_bonus', 100, 'agt_system', 110],
      ['starter_bonus', 10, 'agt_system', 10],
    ]);
    const first = await app.api.get('/v1/points/history?limit=3', { key: payer.key });
    const rest = await app.api.get(`/v1/points/history?limit=3&cursor=${first.body.next_cursor}`, {
      key: payer.key,
    });
    expect([...first.body.data, ...rest.body.data]).toEqual(all.body.data);
    expect(rest.body.next_cursor).toBeNull();
    const earned = await app.api.get('/v1/points/history?type=earned', { key: payee.key });
    expect(earned.body.data.map((row: Json) => row.amount)).toEqual([2.25, 1.5, 10]);
    const spent = await app.api.get('/v1/points/history?type=spent&currency=points', { key: payer.key });
    expect(spent.body.data).toHaveLength(2);
    const today = new Date().toISOString().slice(0, 10);
    expect((await app.api.get(`/v1/points/history?to=${today}`, { key: payer.key })).body.data).toEqual([]);
    expect(
      (await app.api.get(`/v1/points/history?from=${today}`, { key: payer.key })).body.data,
    ).toHaveLength(4);
  });

  it.each(['type=gift', 'from=2026-02-30', 'from=yesterday', 'to=1', 'currency=eur', 'cursor=x', 'limit=0'])(
    'have no history for %s',
    async (query) => {
      expect((await app.api.get(`/v1/points/history?${query}`, { key: payer.key })).status).toBe(422);
    },
  );

  it('wake whoever waits for the payee', async () => {
    const { headers } = await app.api.get('/v1/agents/me', { key: payee.key });
    const waiting = app.api.get('/v1/agents/me?wait=20', {
      key: payee.key,
      headers: { 'if-none-match': headers.get('etag')! },
    });
    await transfer({ to_agent_id: payee.id, amount: 5 });
    expect((await waiting).body.balance_points).toBe(15);
  });

  it('are granted in the sandbox, and adjusted by operators with a reason', async () => {
    const granted = await app.api.post('/sandbox/points/grant', { agent_id: payee.id, amount: 90 });
    expect([granted.status, granted.body.balance_points]).toEqual([201, 100]);
    const adjust = (amount: number) =>
      app.api.post(
        '/v1/admin/points/adjust',
        { agent_id: payee.id, amount, reason: 'By the story' },
        { key: OPERATOR_KEY },
      );
    expect((await adjust(-30.5)).body.balance_points).toBe(69.5);
    expect((await adjust(-100)).body.error).toBe('insufficient_balance');
    expect((await adjust(0)).status).toBe(422);
    const audit = await app.api.get(`/v1/admin/audit?subject=${payee.id}`, { key: OPERATOR_KEY });
    expect(audit.body.data).toHaveLength(1);
    expect(
      (await app.api.post('/sandbox/points/grant', { agent_id: 'agt_00000000', amount: 1 })).status,
    ).toBe(404);
  });

  it('add up: supply, figures, vesting, and a ledger that verifies', async () => {
    await transfer({ to_agent_id: payee.id, amount: 12.34 });
    const { body } = await app.api.get('/v1/points/economy');
    const [held] = await queryAs<{ held: string }>(
      app.database.ownerUrl,
      `SELECT sum(balance) AS held FROM accounts WHERE currency = 'points'`,
    );
    expect(body.total_supply).toBeLessThanOrEqual(Number(held!.held));
    const asOf = new Date(body.as_of).getTime();
    expect(new Date(asOf).toISOString()).toBe(body.as_of);
    expect(body).toMatchObject({
      escrowed: 0,
      distribution: { holders: expect.any(Number), as_of: expect.stringMatching(/Z$/) },
    });
    const metrics = (await app.api.get('/metrics')).text;
    expect([...metrics.matchAll(/^economy_\w+ [\d.]+$/gm)].map(([line]) => line)).toEqual([
      `economy_supply_points ${body.total_supply}`,
      `economy_minted_points ${body.issued}`,
      `economy_burnt_points ${body.burnt}`,
      `economy_escrowed_points ${body.escrowed}`,
      `economy_holders ${body.distribution.holders}`,
      `economy_velocity ${body.velocity}`,
      `economy_daily_emission_points ${body.daily_emission}`,
    ]);
    const vesting = await app.api.get('/v1/points/vesting', { key: payer.key });
    expect(vesting.body).toMatchObject({
      agent_id: payer.id,
      statement: expect.stringContaining('not promised'),
    });
    const verified = await app.api.post(
      '/v1/admin/ledger/verify',
      { full: true, reason: 'By the story' },
      { key: OPERATOR_KEY },
    );
    expect(verified.body).toEqual({ clean: true, full: true, drifts: [] });
  });

  it('drift only when a superuser edits a row, which is found, named, and repaired only when asked', async () => {
    const edit = (sql: string) => queryAs(app.database.superuserUrl, sql);
    await edit(`UPDATE accounts SET balance = balance + 1 WHERE id = '${payee.id}' AND currency = 'points'`);
    const act = (path: string, body: object) =>
      app.api.post(`/v1/admin/ledger/${path}`, { reason: 'By the story', ...body }, { key: OPERATOR_KEY });
    const found = await act('verify', { full: true });
    expect(found.body.clean).toBe(false);
    expect(found.body.drifts).toContainEqual(expect.objectContaining({ subject: payee.id }));
    const dry = await act('rebuild-balances', {});
    expect(dry.body).toMatchObject({ dry_run: true, data: [{ account: payee.id, repaired: false }] });
    expect(await balanceOf(payee)).toBe(11);
    const done = await act('rebuild-balances', { dry_run: false });
    expect(done.body.data).toMatchObject([{ account: payee.id, repaired: true }]);
    expect(await balanceOf(payee)).toBe(10);
    expect((await act('verify', { full: true })).body.clean).toBe(true);
  });
});
