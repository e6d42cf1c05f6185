import * as fc from 'fast-check';
import { money, toDecimal, type Currency, type Money } from '#kernel/money';
import type { Tx } from '#kernel/tx';
import type { Database } from '#platform/database';
import { LedgerWorld } from '#test/support/ledger-world';
import type { Movement } from '../domain/movements.js';
import {
  applyPostings,
  balanceIn,
  debtOf,
  ISSUER,
  type Books,
  type Posting,
  type Take,
} from '../domain/posting.js';
import { LedgerStore } from './ledger.store.js';
import { TransferLane, type TransferRequest } from './transfer-lane.js';

const AGENTS = ['agt_p0000001', 'agt_p0000002', 'agt_p0000003', 'agt_p0000004'];
const STRANGER = 'agt_stranger';
const ESCROWS = ['tsk_p0000001', 'tsk_p0000002'];
const NOW = new Date('2026-03-12T12:00:00.000Z');

let world: LedgerWorld;
beforeAll(async () => {
  world = await LedgerWorld.create();
});
afterAll(() => world.db.drop());

it('any sequence of movements does to the tables what applyPostings does to the books', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<Currency>('points', 'usdc'),
      fc.array(step, { maxLength: 25 }),
      (currency, steps) =>
        undone(async (tx) => {
          let books = opened(currency);
          for (const [index, postings] of steps.entries()) {
            const movement = asMovement(index, currency, postings);
            const expected = attempt(() => applyPostings(books, movement.postings));
            const posted = await savepoint(tx, () => new LedgerStore().post(tx, movement, NOW));
            expect(posted.ok).toBe(expected.ok);
            if (movement.postings.length === 1) expect(nameOf(posted)).toBe(nameOf(expected));
            if (expected.ok) books = expected.value;
            expect(await booksIn(tx, currency)).toEqual(printed(books));
          }
          expect(await tx.query('SELECT * FROM ledger_drift(true)')).toEqual([]);
        }),
    ),
    { numRuns: 40 },
  );
});

it('a movement posted again, in whatever order, changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), fc.nat(), (steps, shift) =>
      undone(async (tx) => {
        const movements = steps.map((postings, index) => asMovement(index, 'points', postings));
        const first: string[] = [];
        const done: Movement[] = [];
        for (const movement of movements) {
          const posted = await savepoint(tx, () => new LedgerStore().post(tx, movement, NOW));
          if (!posted.ok) continue;
          first.push(posted.value.movementId);
          done.push(movement);
        }
        const before = await booksIn(tx, 'points');
        for (let i = 0; i < done.length; i++) {
          const at = (i + shift) % done.length;
          expect(await new LedgerStore().post(tx, done[at]!, NOW)).toEqual({
            movementId: first[at],
            fresh: false,
          });
        }
        expect(await booksIn(tx, 'points')).toEqual(before);
      }),
    ),
    { numRuns: 15 },
  );
});

it('a batch of transfers does what they do one after the other', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 6 }),
      fc.array(transferOf, { minLength: 1, maxLength: 30 }),
      (steps, wanted) =>
        undone(async (tx) => {
          let books = opened('points');
          for (const [index, postings] of steps.entries()) {
            const movement = asMovement(index, 'points', postings);
            const expected = attempt(() => applyPostings(books, movement.postings));
            if (!expected.ok) continue;
            books = expected.value;
            await new LedgerStore().post(tx, movement, NOW);
          }
          const lane = new TransferLane(tx as unknown as Database);
          const rows = await Promise.all(wanted.map((request) => lane.post(request)));
          for (const [index, { from, to, amount }] of wanted.entries()) {
            const expected = attempt(() => {
              if (from === to) throw new Error('to_self');
              return applyPostings(books, [{ from, to, amount, type: 'p2p_transfer', take: 'spend' }]);
            });
            expect(rows[index]!.status === 'posted').toBe(expected.ok);
            if (expected.ok) books = expected.value;
          }
          expect(await booksIn(tx, 'points')).toEqual(printed(books));
          expect(await tx.query('SELECT * FROM ledger_drift(true)')).toEqual([]);
        }),
    ),
    { numRuns: 40 },
  );
});

const units = fc.bigInt(1n, 3_000n);
const someone = fc.constantFrom(...AGENTS);
const postingOf = fc
  .oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(
        fc.constant(ISSUER),
        fc.constantFrom(...AGENTS, ...ESCROWS),
        fc.constant<Take>('exact'),
      ),
    },
    {
      weight: 3,
      arbitrary: fc.tuple(
        someone,
        fc.constantFrom(...ESCROWS, ISSUER),
        fc.constantFrom<Take>('spend', 'exact'),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(
        fc.constantFrom(...ESCROWS),
        fc.constantFrom(...AGENTS, ISSUER),
        fc.constant<Take>('exact'),
      ),
    },
    {
      weight: 4,
      arbitrary: fc.tuple(
        someone,
        fc.constantFrom(...AGENTS, ISSUER),
        fc.constantFrom<Take>('owed', 'available', 'spend'),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constant(ISSUER), fc.constant(STRANGER), fc.constant<Take>('exact')),
    },
  )
  .filter(([from, to]) => from !== to);
const step = fc.array(fc.tuple(postingOf, units), { minLength: 1, maxLength: 3 });
const transferOf = fc
  .tuple(someone, fc.constantFrom(...AGENTS, STRANGER, ISSUER), units)
  .map(([from, to, value]): TransferRequest => ({ from, to, amount: money('points', value), at: NOW }));

type Step = readonly [readonly [string, string, Take], bigint][];

const asMovement = (index: number, currency: Currency, steps: Step): Movement => ({
  key: `property:${index}`,
  type: 'operator_adjustment',
  postings: steps.map(([[from, to, take], value]): Posting => ({
    from,
    to,
    take,
    amount: money(currency, value),
    type: 'operator_adjustment',
  })),
});

const opened = (currency: Currency): Books => ({
  currency,
  balances: new Map(AGENTS.map((agent) => [agent, money(currency, 0n)])),
  debts: [],
});

/** Everything an account is, as text: what it holds and what it owes. */
function printed(books: Books): Record<string, string> {
  const text = (amount: Money): string => String(Number(toDecimal(amount)));
  return Object.fromEntries(
    [...AGENTS, ...ESCROWS].map((account) => [
      account,
      `${text(balanceIn(books, account))} owes ${text(debtOf(books, account))}`,
    ]),
  );
}

async function booksIn(tx: Tx, currency: Currency): Promise<Record<string, string>> {
  const rows = await tx.query<{ account: string; text: string }>(
    `SELECT who AS account, trim_scale(coalesce(a.balance, e.balance, 0)) || ' owes ' || trim_scale(coalesce(a.debt, 0)) AS text
     FROM unnest($1::text[]) who
       LEFT JOIN accounts a ON a.id = who AND a.currency = $2
       LEFT JOIN escrows e ON e.reference = who AND e.currency = $2`,
    [[...AGENTS, ...ESCROWS], currency],
  );
  return Object.fromEntries(rows.map(({ account, text }) => [account, text]));
}

type Attempt<T> = { ok: true; value: T } | { ok: false; error: unknown };
const nameOf = (attempted: Attempt<unknown>): string =>
  attempted.ok ? 'ok' : (attempted.error as Error).constructor.name;

function attempt<T>(act: () => T): Attempt<T> {
  try {
    return { ok: true, value: act() };
  } catch (error) {
    return { ok: false, error };
  }
}

/** A refusal undoes its own step alone. */
async function savepoint<T>(tx: Tx, act: () => Promise<T>): Promise<Attempt<T>> {
  await tx.query('SAVEPOINT step');
  try {
    return { ok: true, value: await act() };
  } catch (error) {
    await tx.query('ROLLBACK TO step');
    return { ok: false, error };
  }
}

/** Each run begins with four empty accounts and leaves nothing behind. */
async function undone(run: (tx: Tx) => Promise<void>): Promise<void> {
  const finished = new Error('undo');
  await world
    .run(async (tx) => {
      for (const agent of AGENTS) await tx.query('SELECT ledger_open($1, $2)', [agent, NOW]);
      await run(tx);
      throw finished;
    })
    .catch((error: unknown) => {
      if (error !== finished) throw error;
    });
}
