import { after, type Clock, SECOND_MS } from '#kernel/clock';
import { Figures } from './figures.service.js';
import type { AuditStore } from './persistence/audit.store.js';
import type { TreasuryStore } from './persistence/treasury.store.js';

const NOON = new Date('2026-03-12T12:00:00.000Z');

beforeEach(() => jest.useFakeTimers({ now: NOON }));
afterEach(() => jest.useRealTimers());

const clock: Clock = { now: () => new Date() };
const treasury = { lastEmission: async () => undefined } as unknown as TreasuryStore;

function ledger(holdersMs = 0) {
  const read = { figures: 0, holders: 0 };
  const store = {
    figures: async () => {
      read.figures += 1;
      return [];
    },
    escrowed: async () => [],
    distribution: async () => {
      read.holders += 1;
      jest.advanceTimersByTime(holdersMs);
      return { holders: read.holders, p50: '0', p90: '0', p99: '0', top: '0' };
    },
  } as unknown as AuditStore;
  return { read, figures: new Figures(store, treasury, clock) };
}

it('The economy is at most two seconds old, says so, and is read once for all who ask', async () => {
  const { read, figures } = ledger();
  const first = await figures.economy();
  expect(first.asOf).toEqual(NOON);
  jest.advanceTimersByTime(2 * SECOND_MS);
  expect(await Promise.all([figures.economy(), figures.economy()])).toEqual([first, first]);
  expect(read.figures).toBe(1);
  jest.advanceTimersByTime(1);
  expect((await figures.economy()).asOf).toEqual(after(NOON, 2 * SECOND_MS + 1));
});

it('Counting a million holders takes a twentieth of the time at most, and says when it was done', async () => {
  const { read, figures } = ledger(500);
  await figures.economy();
  jest.advanceTimersByTime(9 * SECOND_MS);
  const later = await figures.economy();
  expect([read.figures, read.holders]).toEqual([2, 1]);
  expect(later.distribution.asOf).toEqual(NOON);
  expect(later.asOf.getTime()).toBeGreaterThan(NOON.getTime());
  jest.advanceTimersByTime(2 * SECOND_MS + 1);
  await figures.economy();
  expect(read.holders).toBe(2);
});
