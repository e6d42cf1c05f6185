import { money, points } from '#kernel/money';
import { LedgerWorld } from '#test/support/ledger-world';
import * as movements from '../domain/movements.js';
import { AccountNotFound, EscrowShort, InsufficientBalance } from '../points.errors.js';

let world: LedgerWorld;
beforeAll(async () => {
  world = await LedgerWorld.create();
});
afterAll(() => world.db.drop());

describe('posting', () => {
  it('opens an account for each currency and pays the starter bonuses once whatever is raced', async () => {
    const agent = world.fresh();
    await world.run(async (tx) => {
      await world.service.openAccount(tx, agent);
      await world.service.starterBonus(tx, agent, 'registered');
    });
    const raced = await Promise.all(
      Array.from({ length: 8 }, () => world.run((tx) => world.service.starterBonus(tx, agent, 'verified'))),
    );
    expect(raced.filter((posted) => posted.fresh)).toHaveLength(1);
    expect(new Set(raced.map((posted) => posted.movementId)).size).toBe(1);
    expect(await world.service.balanceOf(agent)).toEqual({
      points: points(110),
      usdc: money('usdc', 0n),
      debt: points(0),
    });
  });

  it('holds, resizes both ways, pays the share and burns the fee, to the last cent', async () => {
    const creator = await world.anAgent(points(100));
    const executor = await world.anAgent();
    const task = world.fresh('tsk');
    await world.hold(creator, task, points(50));
    await world.run((tx) =>
      world.service.postLater(
        tx,
        movements.resizeEscrow({
          payer: creator,
          reference: task,
          from: points(50),
          to: points(60),
          cause: 'v1',
        })!,
      ),
    );
    await world.run((tx) =>
      world.service.postLater(
        tx,
        movements.resizeEscrow({
          payer: creator,
          reference: task,
          from: points(60),
          to: money('points', 3333n),
          cause: 'bid_1',
        })!,
      ),
    );
    expect([await world.pointsOf(creator), await world.held(task)]).toEqual(['66.67', '33.33']);
    await world.run((tx) =>
      world.service.postLater(
        tx,
        movements.releaseEscrow({ reference: task, payee: executor, amount: money('points', 3333n) }),
      ),
    );
    expect([await world.pointsOf(executor), await world.held(task)]).toEqual(['31.66', '0']);
    const legs = await world.db.query<{
      type: string;
      amount: string;
      account_id: string;
      balance_after: string | null;
    }>(
      `SELECT type, trim_scale(amount)::text AS amount, account_id, trim_scale(balance_after)::text AS balance_after
       FROM transactions WHERE reference = $1 AND type IN ('task_payment', 'platform_fee') ORDER BY id`,
      [task],
    );
    expect(legs).toEqual([
      { type: 'task_payment', amount: '-31.66', account_id: task, balance_after: '1.67' },
      { type: 'task_payment', amount: '31.66', account_id: executor, balance_after: '31.66' },
      { type: 'platform_fee', amount: '-1.67', account_id: task, balance_after: '0' },
      { type: 'platform_fee', amount: '1.67', account_id: 'agt_system', balance_after: null },
    ]);
  });

  it('keeps points and USDC of one agent and one task apart', async () => {
    const creator = await world.anAgent(points(20));
    const task = world.fresh('tsk');
    await world.run((tx) =>
      world.service.depositUsdc(tx, {
        agentId: creator,
        amount: money('usdc', 5_000_001n),
        cause: world.fresh('pay'),
      }),
    );
    await world.hold(creator, task, points(20));
    await world.hold(creator, task, money('usdc', 5_000_001n));
    expect([await world.held(task), await world.held(task, 'usdc')]).toEqual(['20', '5.000001']);
    await world.run((tx) =>
      world.service.postLater(tx, movements.refund({ reference: task, payee: creator, amount: points(20) })),
    );
    expect(await world.service.balanceOf(creator)).toEqual({
      points: points(20),
      usdc: money('usdc', 0n),
      debt: points(0),
    });
  });

  it('lets exactly ten of twenty concurrent holds of ten pass on a balance of a hundred', async () => {
    const creator = await world.anAgent(points(100));
    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, () => world.hold(creator, world.fresh('tsk'), points(10))),
    );
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    for (const one of settled)
      if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(InsufficientBalance);
    expect(await world.pointsOf(creator)).toBe('0.00');
  });

  it('pays the platform with its own word: the issuer has no floor', async () => {
    const task = world.fresh('tsk');
    await world.hold('agt_system', task, points(80));
    expect(await world.held(task)).toBe('80');
    await world.run((tx) =>
      world.service.postLater(
        tx,
        movements.refund({ reference: task, payee: 'agt_system', amount: points(80) }),
      ),
    );
    expect(await world.held(task)).toBe('0');
  });
});

describe('refusals change nothing', () => {
  it.each([
    [
      'a refund from an escrow that was never made',
      (a: string) => (tx: never) =>
        world.service.postLater(
          tx,
          movements.refund({ reference: world.fresh('tsk'), payee: a, amount: money('usdc', 99n) }),
        ),
      EscrowShort,
    ],
    [
      'a hold of more than there is',
      (a: string) => (tx: never) =>
        world.service.postLater(
          tx,
          movements.holdEscrow({ payer: a, reference: world.fresh('tsk'), amount: points(11) }),
        ),
      InsufficientBalance,
    ],
    [
      'an agent without an account',
      () => (tx: never) =>
        world.service.reward(tx, { agentId: 'agt_nobody00', amount: points(5), cause: world.fresh('val') }),
      AccountNotFound,
    ],
  ])('%s', async (_name, deed, refusal) => {
    const agent = await world.anAgent(points(10));
    const before = await world.db.query(
      'SELECT (SELECT count(*) FROM transactions) t, (SELECT count(*) FROM movements) m, (SELECT count(*) FROM outbox) o, (SELECT count(*) FROM escrows) e',
    );
    await expect(world.run(deed(agent) as never)).rejects.toBeInstanceOf(refusal);
    expect(
      await world.db.query(
        'SELECT (SELECT count(*) FROM transactions) t, (SELECT count(*) FROM movements) m, (SELECT count(*) FROM outbox) o, (SELECT count(*) FROM escrows) e',
      ),
    ).toEqual(before);
    expect(await world.pointsOf(agent)).toBe('10.00');
  });

  it('releasing more than an escrow holds, or twice by another cause', async () => {
    const creator = await world.anAgent(points(30));
    const task = world.fresh('tsk');
    await world.hold(creator, task, points(30));
    await world.run((tx) =>
      world.service.postLater(tx, movements.refund({ reference: task, payee: creator, amount: points(30) })),
    );
    await expect(
      world.run((tx) =>
        world.service.postLater(
          tx,
          movements.releaseEscrow({ reference: task, payee: creator, amount: points(30) }),
        ),
      ),
    ).rejects.toBeInstanceOf(EscrowShort);
    expect([await world.pointsOf(creator), await world.held(task)]).toEqual(['30.00', '0']);
  });
});

describe('what the books keep', () => {
  it('tells the owner of each leg, in the order of the legs', async () => {
    const agent = await world.anAgent(money('points', 1250n));
    const task = world.fresh('tsk');
    await world.hold(agent, task, money('points', 1000n));
    const events = await world.db.query(
      'SELECT name, audience, priority, data, at FROM outbox WHERE subject = $1 ORDER BY row_id',
      [agent],
    );
    expect(events).toEqual([
      {
        name: 'points.received',
        audience: [agent],
        priority: 0,
        at: world.clock.time,
        data: {
          movement_id: expect.any(String),
          type: 'sandbox_grant',
          currency: 'points',
          amount: 12.5,
          balance: 12.5,
          counterparty: 'agt_system',
        },
      },
      {
        name: 'points.sent',
        audience: [agent],
        priority: 0,
        at: world.clock.time,
        data: {
          movement_id: expect.any(String),
          type: 'task_escrow',
          currency: 'points',
          amount: 10,
          balance: 2.5,
          counterparty: task,
          reference: task,
        },
      },
    ]);
  });

  it.each([
    'UPDATE transactions SET amount = amount * 2',
    'UPDATE transactions_p0 SET memo = $$x$$',
    'DELETE FROM transactions',
    'TRUNCATE transactions',
    'TRUNCATE transactions_p0',
    'DELETE FROM movements',
    'TRUNCATE movements CASCADE',
  ])('refuses %s to the application by its rights, and to the owner by a trigger', async (sql) => {
    await world.anAgent(points(1));
    await expect(world.db.query(sql)).rejects.toThrow('permission denied');
    await expect(world.db.asOwner(sql)).rejects.toThrow('is append-only');
  });

  it('lets the application write to no table of the ledger', async () => {
    const tables = await world.db.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_roles r ON r.rolname = current_user
       WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
         AND c.relname ~ '^(accounts|escrows|debts|movements|transactions|ledger_|emission_|decay_|balance_snap)'
         AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')`,
    );
    expect(tables).toEqual([]);
  });

  it('refuses legs that do not sum to zero or belong to no movement, by the partition too', async () => {
    const agent = await world.anAgent(points(1));
    const [{ id } = { id: '' }] = await world.db.query<{ id: string }>('SELECT max(id) AS id FROM movements');
    const leg = (table: string, movement: string, amount: number) =>
      world.db.asOwner(
        `INSERT INTO ${table} (id, movement_id, from_agent_id, to_agent_id, amount, balance_after, currency, type, created_at)
       SELECT 99999998 + s, $1, 'agt_system', $2, CASE s WHEN 0 THEN -1 ELSE $3 END, 1, 'points', 'refund', $4 FROM generate_series(0, 1) s`,
        [movement, agent, amount, world.clock.time],
      );
    await expect(leg('transactions', id, 2)).rejects.toMatchObject({ code: '23514' });
    await expect(leg('transactions_p0', id, 2)).rejects.toMatchObject({ code: '23514' });
    await expect(leg('transactions', '77', 1)).rejects.toMatchObject({ code: '23503' });
  });
});
