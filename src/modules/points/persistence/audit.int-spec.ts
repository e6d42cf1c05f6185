import { money, points } from '#kernel/money';
import { LedgerWorld } from '#test/support/ledger-world';

let world: LedgerWorld;
beforeEach(async () => {
  world = await LedgerWorld.create();
});
afterEach(() => world.db.drop());

const verify = (full: boolean) => world.audit.verify({ full, at: world.clock.time });
/** As nobody but a superuser can: with the triggers off. */
const tamper = (sql: string, params: unknown[] = []) => world.db.asSuperuserWithoutTriggers(sql, params);

async function aStory(): Promise<{ a: string; b: string; transfer: string }> {
  const [a, b] = [await world.anAgent(points(100)), await world.anAgent()];
  await world.hold(a, world.fresh('tsk'), points(20));
  const { movementId } = await world.transfers.transfer({ from: a, to: b, amount: points(30), memo: 'x' });
  await world.transfers.transfer({ from: b, to: a, amount: points(1) });
  await world.anOverturnedPayment();
  return { a, b, transfer: movementId };
}

describe('verify', () => {
  it('finds nothing in an honest ledger, and goes on from its checkpoint', async () => {
    await aStory();
    const first = await verify(false);
    expect(first.drifts).toEqual([]);
    const { a, b } = await aStory();
    await world.transfers.transfer({ from: a, to: b, amount: points(2) });
    const second = await verify(false);
    expect(second.drifts).toEqual([]);
    expect(Number(second.uptoMovement)).toBeGreaterThan(Number(first.uptoMovement));
    expect((await verify(true)).drifts).toEqual([]);
  });

  it('names the row, the movement and the accounts when a superuser edits one leg, and stays where it was', async () => {
    const { b, transfer } = await aStory();
    const leg = String(Number(transfer) + 1);
    await tamper('UPDATE transactions SET amount = amount + 1 WHERE id = $1', [leg]);
    const { drifts, uptoMovement } = await verify(false);
    expect(uptoMovement).toBeUndefined();
    expect(drifts).toEqual(
      expect.arrayContaining([
        { kind: 'movement_unbalanced', subject: transfer, currency: 'points', expected: '0', found: '1' },
        { kind: 'chain_broken', subject: leg, currency: 'points', expected: '31', found: '30' },
        { kind: 'balance_drift', subject: b, currency: 'points', expected: '30', found: '29' },
      ]),
    );
  });

  it('finds a balanced edit, a deleted movement, a moved time and a redirected leg', async () => {
    const { a, b, transfer } = await aStory();
    await tamper('UPDATE transactions SET amount = amount * 2 WHERE movement_id = $1', [transfer]);
    expect((await verify(true)).drifts.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(
      expect.arrayContaining([`chain_broken ${transfer}`, `balance_drift ${a}`, `balance_drift ${b}`]),
    );
    await tamper('UPDATE transactions SET amount = amount / 2 WHERE movement_id = $1', [transfer]);
    expect((await verify(true)).drifts).toEqual([]);

    await tamper(`UPDATE transactions SET created_at = created_at + interval '1 s' WHERE id = $1`, [
      transfer,
    ]);
    expect((await verify(true)).drifts).toMatchObject([{ kind: 'leg_altered', subject: transfer }]);
    await tamper(`UPDATE transactions SET created_at = created_at - interval '1 s' WHERE id = $1`, [
      transfer,
    ]);

    const thief = await world.anAgent();
    await tamper('UPDATE transactions SET to_agent_id = $2 WHERE movement_id = $1', [transfer, thief]);
    expect((await verify(true)).drifts.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(
      expect.arrayContaining([`balance_drift ${b}`, `balance_drift ${thief}`]),
    );
    await tamper('UPDATE transactions SET to_agent_id = $2 WHERE movement_id = $1', [transfer, b]);

    await tamper('DELETE FROM transactions WHERE movement_id = $1', [transfer]);
    expect((await verify(true)).drifts.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['chain_broken', 'balance_drift']),
    );
  });

  it('finds a leg edited before the checkpoint in the full run, and a balance or an escrow edited in either', async () => {
    const { a, transfer } = await aStory();
    expect((await verify(false)).drifts).toEqual([]);
    await tamper('UPDATE transactions SET amount = amount + 1 WHERE id = $1', [transfer]);
    expect((await verify(false)).drifts).toEqual([]);
    expect((await verify(true)).drifts).toContainEqual(
      expect.objectContaining({ kind: 'chain_broken', subject: transfer }),
    );
    await tamper('UPDATE transactions SET amount = amount - 1 WHERE id = $1', [transfer]);

    await tamper(`UPDATE accounts SET balance = balance + 7 WHERE id = $1 AND currency = 'points'`, [a]);
    await tamper('UPDATE escrows SET balance = balance + 1 WHERE balance = 20');
    for (const full of [false, true]) {
      expect((await verify(full)).drifts.map(({ kind }) => kind)).toEqual(
        ['balance_drift', 'escrow_drift', 'supply_drift'].toSorted(),
      );
    }
  });

  it('is right while money moves beside it', async () => {
    const agents = await Promise.all(Array.from({ length: 6 }, () => world.anAgent(points(50))));
    const stop = new AbortController();
    const traffic = (async () => {
      for (let i = 0; !stop.signal.aborted; i++) {
        await Promise.allSettled(
          Array.from({ length: 20 }, (_, j) =>
            world.transfers.transfer({
              from: agents[(i + j) % 6]!,
              to: agents[(i + j + 1) % 6]!,
              amount: money('points', 7n),
            }),
          ),
        );
      }
    })();
    try {
      for (let i = 0; i < 8; i++) expect((await verify(i % 4 === 3)).drifts).toEqual([]);
    } finally {
      stop.abort();
      await traffic;
    }
    expect((await verify(true)).drifts).toEqual([]);
  });
});

describe('rebuilding balances', () => {
  it('says first what it would do, then sets them back to the log', async () => {
    const { a } = await aStory();
    await tamper(
      `UPDATE accounts SET balance = balance + 7, debt = 3 WHERE id = $1 AND currency = 'points'`,
      [a],
    );
    await tamper('UPDATE escrows SET balance = balance - 1 WHERE balance = 20');
    const dry = await world.audit.rebuildBalances({ dryRun: true });
    expect(dry).toEqual([
      { account: a, currency: 'points', kept: '58', logged: '51', repaired: false },
      {
        account: expect.stringMatching(/^tsk_/),
        currency: 'points',
        kept: '19',
        logged: '20',
        repaired: false,
      },
    ]);
    expect(await world.pointsOf(a)).toBe('58.00');
    expect((await world.audit.rebuildBalances({ dryRun: false })).every(({ repaired }) => repaired)).toBe(
      true,
    );
    expect((await verify(true)).drifts).toEqual([]);
    expect([await world.pointsOf(a), await world.debtOf(a)]).toEqual(['51.00', '0.00']);
  });

  it('changes nothing where the log itself is below nothing', async () => {
    const { b, transfer } = await aStory();
    await tamper('DELETE FROM transactions WHERE id = $1', [String(Number(transfer) + 1)]);
    const rebuilt = await world.audit.rebuildBalances({ dryRun: false });
    expect(rebuilt).toContainEqual({
      account: b,
      currency: 'points',
      kept: '29',
      logged: '-1',
      repaired: false,
    });
    expect(await world.pointsOf(b)).toBe('29.00');
  });
});

it('adds room to the log before the last of it is full', async () => {
  const partitions = async () =>
    (await world.db.query(`SELECT FROM pg_inherits WHERE inhparent = 'transactions'::regclass`)).length;
  await verify(false);
  expect(await partitions()).toBe(2);
  await world.db.asOwner(`SELECT setval('ledger_id_seq', 100000000)`);
  const agent = await world.anAgent(points(5));
  await Promise.all([verify(false), verify(false)]);
  expect(await partitions()).toBe(3);
  await world.db.asOwner(`SELECT setval('ledger_id_seq', 200000000)`);
  await world.grant(agent, points(1));
  await expect(world.db.asOwner('DELETE FROM transactions_p2')).rejects.toThrow('is append-only');
  await expect(world.db.asOwner('TRUNCATE transactions_p2')).rejects.toThrow('is append-only');
  expect((await verify(true)).drifts).toEqual([]);
});
