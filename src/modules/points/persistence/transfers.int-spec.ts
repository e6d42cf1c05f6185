import { createHash } from 'node:crypto';
import { IdempotencyKeyReused } from '#kernel/errors/kernel.errors';
import { money, points } from '#kernel/money';
import { sha256 } from '#kernel/sha256';
import { LedgerWorld } from '#test/support/ledger-world';
import {
  CurrencyNotTransferable,
  DebtOutstanding,
  InsufficientBalance,
  PayeeNotFound,
  PayeeSuspended,
  TransferToSelf,
} from '../points.errors.js';
import { HistoryStore, type HistoryFilter } from './history.store.js';
import { TransferLane } from './transfer-lane.js';

let world: LedgerWorld;
beforeAll(async () => {
  world = await LedgerWorld.create();
});
afterAll(() => world.db.drop());
afterEach(() => jest.restoreAllMocks());

const send = (from: string, to: string, units: bigint, key?: string, memo?: string) =>
  world.transfers.transfer({
    from,
    to,
    amount: money('points', units),
    memo,
    once: { key, fingerprint: createHash('sha256').update(`${to} ${units} ${memo}`).digest() },
  });

const history = (agent: string, filter: Partial<HistoryFilter> = {}) =>
  new HistoryStore(world.db.asDatabase()).page(agent, { limit: 20, ...filter });

describe('a transfer', () => {
  it('moves exactly, tells both and says what is left', async () => {
    const [a, b] = [await world.anAgent(points(100)), await world.anAgent()];
    const receipt = await send(a, b, 2550n, undefined, 'logo');
    expect(receipt).toEqual({
      movementId: expect.any(String),
      to: b,
      amount: money('points', 2550n),
      memo: 'logo',
      balance: money('points', 7450n),
      at: world.clock.time,
      replayed: false,
    });
    expect([await world.pointsOf(a), await world.pointsOf(b)]).toEqual(['74.50', '25.50']);
    const events = await world.db.query(
      `SELECT name, subject, data FROM outbox WHERE data->>'movement_id' = $1 ORDER BY row_id`,
      [receipt.movementId],
    );
    expect(events).toEqual([
      {
        name: 'points.sent',
        subject: a,
        data: {
          movement_id: receipt.movementId,
          type: 'p2p_transfer',
          currency: 'points',
          amount: 25.5,
          balance: 74.5,
          counterparty: b,
        },
      },
      {
        name: 'points.received',
        subject: b,
        data: {
          movement_id: receipt.movementId,
          type: 'p2p_transfer',
          currency: 'points',
          amount: 25.5,
          balance: 25.5,
          counterparty: a,
        },
      },
    ]);
  });

  it('judges each of a batch by itself, in the order they came', async () => {
    const [a, b, suspended] = [await world.anAgent(points(10)), await world.anAgent(), await world.anAgent()];
    await world.run((tx) => world.service.setStanding(tx, suspended, { mayReceive: false }));
    const { executor: debtor } = await world.anOverturnedPayment();
    const before = await world.countRows();
    const answers = await Promise.allSettled([
      send(a, b, 600n),
      send(a, b, 600n),
      send(b, a, 300n),
      send(a, b, 600n),
      send(a, 'agt_nobody00', 1n),
      send(a, suspended, 1n),
      send(debtor, a, 1n),
      send(a, a, 1n),
    ]);
    expect(
      answers.map((answer) =>
        answer.status === 'fulfilled' ? answer.value.balance.units : answer.reason.constructor,
      ),
    ).toEqual([
      400n,
      InsufficientBalance,
      300n,
      100n,
      PayeeNotFound,
      PayeeSuspended,
      DebtOutstanding,
      TransferToSelf,
    ]);
    const after = await world.countRows();
    expect([
      Number(after['transactions']) - Number(before['transactions']),
      Number(after['movements']) - Number(before['movements']),
    ]).toEqual([6, 3]);
    await expect(
      world.transfers.transfer({ from: a, to: b, amount: money('usdc', 1n) }),
    ).rejects.toBeInstanceOf(CurrencyNotTransferable);
  });

  it('sent eight times at once with one key posts once, and for ever answers the same', async () => {
    const [a, b] = [await world.anAgent(points(100)), await world.anAgent()];
    const receipts = await Promise.all(Array.from({ length: 8 }, () => send(a, b, 1000n, 'key-1', 'hi')));
    expect(receipts.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await world.pointsOf(a)).toBe('90.00');
    const first = { ...receipts[0]!, replayed: true };
    await send(a, b, 500n);
    expect(await send(a, b, 1000n, 'key-1', 'hi')).toEqual(first);
    await expect(send(a, b, 1001n, 'key-1', 'hi')).rejects.toBeInstanceOf(IdempotencyKeyReused);
    // The key row is pruned after days; the natural key is not.
    await world.db.query('DELETE FROM idempotency_keys WHERE caller = $1', [a]);
    expect(await send(a, b, 1000n, 'key-1', 'hi')).toEqual(first);
    await expect(send(a, b, 1000n, 'key-1', 'other')).rejects.toBeInstanceOf(IdempotencyKeyReused);
    expect(await world.pointsOf(b)).toBe('15.00');
  });

  it('with one key and two bodies in one batch lets the first through alone', async () => {
    const [a, b] = [await world.anAgent(points(100)), await world.anAgent()];
    const answers = await Promise.allSettled([send(a, b, 100n, 'k'), send(a, b, 200n, 'k')]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await world.pointsOf(b)).toBe('1.00');
  });

  it('refused does not burn its key', async () => {
    const [a, b] = [await world.anAgent(points(1)), await world.anAgent()];
    await expect(send(a, b, 500n, 'k2')).rejects.toBeInstanceOf(InsufficientBalance);
    await world.grant(a, points(10));
    expect((await send(a, b, 500n, 'k2')).replayed).toBe(false);
  });

  it('whose key another deed has used is refused, and its neighbours are not', async () => {
    const [a, b] = [await world.anAgent(points(10)), await world.anAgent()];
    await world.db.query(
      `INSERT INTO idempotency_keys (caller, key_hash, request_hash, answer, created_at)
       VALUES ($1, sha256('taken'), sha256('x'), '{}', $2)`,
      [a, world.clock.time],
    );
    const answers = await Promise.allSettled([
      send(a, b, 100n, 'free'),
      send(a, b, 100n, 'taken'),
      send(a, b, 100n),
    ]);
    expect(
      answers.map((answer) => (answer.status === 'fulfilled' ? 'paid' : answer.reason.constructor)),
    ).toEqual(['paid', IdempotencyKeyReused, 'paid']);
    expect(await world.pointsOf(b)).toBe('2.00');
  });

  it('whose key another deed has used does not make its neighbours be posted one by one', async () => {
    const [a, b] = [await world.anAgent(points(10)), await world.anAgent()];
    await world.db.query(
      `INSERT INTO idempotency_keys (caller, key_hash, request_hash, answer, created_at)
       VALUES ($1, sha256('used'), sha256('x'), '{}', $2)`,
      [a, world.clock.time],
    );
    const database = world.db.asDatabase();
    const asked = jest.spyOn(database, 'query');
    const lane = new TransferLane(database);
    const post = (key?: string) =>
      lane.post({
        from: a,
        to: b,
        amount: points(1),
        at: world.clock.time,
        key: key === undefined ? undefined : { keyHash: sha256(key), requestHash: sha256('y') },
      });
    const rows = await Promise.all([post(), post('used'), post('unused'), post('used')]);
    expect(rows.map(({ status }) => status)).toEqual(['posted', 'key_reused', 'posted', 'key_reused']);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(await world.pointsOf(b)).toBe('2.00');
  });

  it('where the disk is full fails with its neighbours at once, rather than once for each of them', async () => {
    const [a, b] = [await world.anAgent(points(10)), await world.anAgent()];
    await world.db.asOwner(`
      CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER disk_full BEFORE INSERT ON movements EXECUTE FUNCTION disk_full()`);
    const database = world.db.asDatabase();
    const asked = jest.spyOn(database, 'query');
    const lane = new TransferLane(database);
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, () => lane.post({ from: a, to: b, amount: points(1), at: world.clock.time })),
    );
    await world.db.asOwner('DROP TRIGGER disk_full ON movements; DROP FUNCTION disk_full()');
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill('rejected'));
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('pays on the debt of its payee in the same movement', async () => {
    const { creator, executor } = await world.anOverturnedPayment();
    const giver = await world.anAgent(points(100));
    await Promise.all([send(giver, executor, 3000n), send(giver, executor, 6000n)]);
    expect([
      await world.debtOf(executor),
      await world.pointsOf(executor),
      await world.pointsOf(creator),
    ]).toEqual(['0.00', '10.00', '100.00']);
  });

  it('survives everybody paying everybody from two processes', async () => {
    const agents = await Promise.all(Array.from({ length: 8 }, () => world.anAgent(points(50))));
    const lanes = [new TransferLane(world.db.asDatabase()), new TransferLane(world.db.asDatabase())];
    const rows = await Promise.all(
      Array.from({ length: 600 }, (_, i) =>
        lanes[i % 2]!.post({
          from: agents[i % 8]!,
          to: agents[(i * 5 + 3) % 8]!,
          amount: money('points', BigInt((i * 37) % 900) + 1n),
          at: world.clock.time,
        }),
      ),
    );
    expect(rows.filter(({ status }) => status === 'posted').length).toBeGreaterThan(100);
    const [sum] = await world.db.query<{ sum: string }>(
      'SELECT trim_scale(sum(balance))::text AS sum FROM accounts WHERE id = ANY ($1)',
      [agents],
    );
    expect(sum!.sum).toBe('400');
  });
});

describe('history', () => {
  it('shows both directions newest first, filters, and pages without gaps', async () => {
    const [a, b] = [await world.anAgent(points(100)), await world.anAgent(points(5))];
    for (const units of [100n, 200n, 300n]) await send(a, b, units, undefined, `m${units}`);
    world.clock.time = new Date('2026-03-13T00:00:00.000Z');
    await send(b, a, 50n);
    const rows = await history(a);
    expect(
      rows.map(({ amount, counterparty, balance_after, type }) => [
        amount,
        counterparty,
        balance_after,
        type,
      ]),
    ).toEqual([
      ['0.5', b, '94.5', 'p2p_transfer'],
      ['-3', b, '94', 'p2p_transfer'],
      ['-2', b, '97', 'p2p_transfer'],
      ['-1', b, '99', 'p2p_transfer'],
      ['100', 'agt_system', '100', 'sandbox_grant'],
    ]);
    const day = new Date('2026-03-13T00:00:00.000Z');
    expect(
      [
        await history(a, { type: 'earned' }),
        await history(a, { type: 'spent' }),
        await history(a, { type: 'sandbox_grant' }),
        await history(a, { from: day }),
        await history(a, { to: day }),
      ].map(({ length }) => length),
    ).toEqual([2, 3, 1, 1, 4]);
    const first = await history(a, { limit: 2 });
    expect([...first, ...(await history(a, { limit: 5, before: first[1]!.id }))]).toEqual(rows);
  });

  it('knows who traded with whom', async () => {
    const [a, b] = [await world.anAgent(points(10)), await world.anAgent()];
    await send(a, b, 100n);
    const since = new Date('2026-02-12T00:00:00.000Z');
    const partners = await world.db
      .asUnitOfWork()
      .run((tx) => new HistoryStore(world.db.asDatabase()).transferPartners(tx, b, since));
    expect(partners).toEqual([a]);
  });
});
