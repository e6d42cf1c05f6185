import { Injectable } from '@nestjs/common';
import { before, Clock, DAY_MS, utcDay } from '#kernel/clock';
import { minus, money, plus, type Currency, type Money } from '#kernel/money';
import { Kept } from '#platform/concurrency';
import { AuditStore, type FigureRow } from './persistence/audit.store.js';
import { readMoney } from './persistence/ledger.store.js';
import { TreasuryStore } from './persistence/treasury.store.js';

export interface TypeFigures {
  type: string;
  currency: Currency;
  transactions: number;
  moved: Money;
}

export interface EconomyFigures {
  /** Minted less burnt: what agents and escrows hold together. */
  totalSupply: Money;
  /** What the last day of emission paid. */
  dailyEmission: Money;
  totalTransactions: number;
  escrowed: Money;
  emitted: Money;
  issued: Money;
  burnt: Money;
  /** How often a point changed hands in 30 days: payments and transfers over the supply. */
  velocity: number;
  distribution: Distribution;
  types: TypeFigures[];
  /** When it was so. */
  asOf: Date;
}

export interface Distribution {
  holders: number;
  p50: Money;
  p90: Money;
  p99: Money;
  top: Money;
  asOf: Date;
}

/** A day of the economy: what came in, what was burnt, and what there was at its end. */
export interface SupplyDay {
  day: string;
  issued: Money;
  burnt: Money;
  supply: Money;
}

/** What charts show. */
const SUPPLY_DAYS = 90;
const VELOCITY_DAYS = 30;
const CHANGES_HANDS = new Set(['task_payment', 'p2p_transfer']);
/** Everybody may ask, however often. */
const FRESH_MS = 2_000;
/** Counting the holders reads every account: with a million of them it is done less often, in a twentieth of the time. */
const HOLDERS_REST = 20;

/** The state of the economy, for anyone. */
@Injectable()
export class Figures {
  private readonly kept = new Kept<EconomyFigures>(FRESH_MS, 1);
  private readonly keptDistribution = new Kept<Distribution>(FRESH_MS, HOLDERS_REST);
  private readonly keptDays = new Kept<SupplyDay[]>(FRESH_MS, 1);

  constructor(
    private readonly store: AuditStore,
    private readonly treasury: TreasuryStore,
    private readonly clock: Clock,
  ) {}

  /** At most two seconds old by the wall clock, and read once however many ask. */
  economy(): Promise<EconomyFigures> {
    return this.kept.get(() => this.read());
  }

  /** The last ninety days with today, as fresh as the rest. */
  supplyDays(): Promise<SupplyDay[]> {
    return this.keptDays.get(() => this.readDays());
  }

  /** Minted less burnt, at this moment. */
  async supply(): Promise<Money> {
    const rows = await this.store.figures(utcDay(this.clock.now()));
    return minus(sumOf(rows, 'issued'), sumOf(rows, 'burnt'));
  }

  /** Backwards from what there is now. */
  private async readDays(): Promise<SupplyDay[]> {
    const today = this.clock.now();
    const rows = await this.store.supplyDays(utcDay(before(today, (SUPPLY_DAYS - 1) * DAY_MS)));
    const known = new Map(rows.map((row) => [row.day, row]));
    let supply = await this.supply();
    const days: SupplyDay[] = [];
    for (let back = 0; back < SUPPLY_DAYS; back++) {
      const day = utcDay(before(today, back * DAY_MS));
      const issued = readMoney('points', known.get(day)?.issued ?? '0');
      const burnt = readMoney('points', known.get(day)?.burnt ?? '0');
      days.unshift({ day, issued, burnt, supply });
      supply = minus(supply, minus(issued, burnt));
    }
    return days;
  }

  private async readDistribution(): Promise<Distribution> {
    const asOf = this.clock.now();
    const { holders, p50, p90, p99, top } = await this.store.distribution();
    const [half, tenth, hundredth, most] = [p50, p90, p99, top].map((text) => readMoney('points', text));
    return { holders, p50: half!, p90: tenth!, p99: hundredth!, top: most!, asOf };
  }

  private async read(): Promise<EconomyFigures> {
    const asOf = this.clock.now();
    const since = before(asOf, (VELOCITY_DAYS - 1) * DAY_MS);
    const [rows, escrowed, distribution, last] = await Promise.all([
      this.store.figures(utcDay(since)),
      this.store.escrowed(),
      this.keptDistribution.get(() => this.readDistribution()),
      this.treasury.lastEmission(),
    ]);
    const [issued, burnt] = [sumOf(rows, 'issued'), sumOf(rows, 'burnt')];
    const totalSupply = minus(issued, burnt);
    const changed = sumOf(
      rows.filter(({ type }) => CHANGES_HANDS.has(type)),
      'moved_since',
    );
    return {
      totalSupply,
      dailyEmission: last?.paid ?? money('points', 0n),
      totalTransactions: rows.reduce((sum, { transactions }) => sum + Number(transactions), 0),
      escrowed: readMoney('points', escrowed.find(({ currency }) => currency === 'points')?.balance ?? '0'),
      emitted: sumOf(
        rows.filter(({ type }) => type === 'daily_emission'),
        'issued',
      ),
      issued,
      burnt,
      velocity: ratio(changed, totalSupply),
      distribution,
      types: rows.map(({ type, currency, transactions, moved }) => ({
        type,
        currency,
        transactions: Number(transactions),
        moved: readMoney(currency, moved),
      })),
      asOf,
    };
  }
}

const sumOf = (rows: readonly FigureRow[], column: 'issued' | 'burnt' | 'moved_since'): Money =>
  rows
    .filter(({ currency }) => currency === 'points')
    .reduce((sum, row) => plus(sum, readMoney('points', row[column])), money('points', 0n));

/** To four decimals. */
const ratio = (part: Money, whole: Money): number =>
  whole.units <= 0n ? 0 : Number((part.units * 10_000n) / whole.units) / 10_000;
