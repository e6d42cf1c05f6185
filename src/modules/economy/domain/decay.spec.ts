import * as fc from 'fast-check';
import { money, type Money } from '#kernel/money';
import { agedPoints, decayOf, LEDGER_EPOCH_MS, stepAt, stepBeginsMs, type Holding } from './decay.js';

const cents = (units: bigint): Money => money('points', units);

const at = (text: string): number => stepAt(new Date(text));

describe('steps', () => {
  it('are thirty days from the epoch, also before it', () => {
    expect(new Date(LEDGER_EPOCH_MS).toISOString()).toBe('2026-01-01T00:00:00.000Z');
    expect([
      at('2025-12-31T23:59:59.999Z'),
      at('2026-01-01T00:00:00Z'),
      at('2026-01-30T23:59:59Z'),
      at('2026-01-31T00:00:00Z'),
    ]).toEqual([-1, 0, 0, 1]);
    expect(new Date(stepBeginsMs(4)).toISOString()).toBe('2026-05-01T00:00:00.000Z');
  });
});

describe('agedPoints', () => {
  it('equals a brute-force count of lots, the oldest spent first and a refund undoing the last spending', () => {
    fc.assert(
      fc.property(lives, (acts) => {
        const lots = new Lots();
        let then: Holding | undefined;
        for (const act of acts) {
          if (act.kind === 'ninety days ago') {
            if (then) continue;
            then = lots.holding();
            lots.grow();
          } else lots.apply(act);
        }
        if (!then) return;
        expect(agedPoints(then, lots.holding()).units).toBe(lots.old());
      }),
      { numRuns: 2_000 },
    );
  });

  it('counts decay as spending, so that a second step in the same state takes a tenth of what is left', () => {
    const then = { balance: cents(10_000n), spentTotal: cents(0n) };
    const first = decayOf(agedPoints(then, then));
    expect(first).toEqual(cents(1_000n));
    const now = { balance: cents(9_000n), spentTotal: cents(1_000n) };
    expect(decayOf(agedPoints(then, now))).toEqual(cents(900n));
  });

  it('rounds what it takes down', () => {
    expect(decayOf(cents(19n))).toEqual(cents(1n));
    expect(decayOf(cents(9n))).toEqual(cents(0n));
  });
});

type Act = { kind: 'earn' | 'spend' | 'refund'; units: bigint } | { kind: 'ninety days ago' };

const lives = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('earn' as const), units: fc.bigInt(1n, 500n) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('spend' as const), units: fc.bigInt(1n, 500n) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('refund' as const), units: fc.bigInt(1n, 300n) }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'ninety days ago' as const }) },
  ),
  { maxLength: 40 },
);

/** One lot a cent: a queue of what is there, oldest first, and a pile of what was spent, last on top. */
class Lots {
  private there: { old: boolean }[] = [];
  private spent: { old: boolean }[] = [];
  private spentTotal = 0n;

  apply({ kind, units }: Exclude<Act, { kind: 'ninety days ago' }>): void {
    const count = Number(units);
    if (kind === 'earn') this.there.push(...Array.from({ length: count }, () => ({ old: false })));
    else if (kind === 'spend') this.spend(Math.min(count, this.there.length));
    else this.refund(Math.min(count, this.spent.length));
  }

  /** Everything there is, and everything that a refund can bring back, is old from now on. */
  grow(): void {
    for (const lot of [...this.there, ...this.spent]) lot.old = true;
  }

  holding = (): Holding => ({
    balance: cents(BigInt(this.there.length)),
    spentTotal: cents(this.spentTotal),
  });
  old = (): bigint => BigInt(this.there.filter(({ old }) => old).length);

  private spend(count: number): void {
    this.spent.push(...this.there.splice(0, count));
    this.spentTotal += BigInt(count);
  }

  private refund(count: number): void {
    this.there.unshift(...this.spent.splice(this.spent.length - count, count));
    this.spentTotal -= BigInt(count);
  }
}
