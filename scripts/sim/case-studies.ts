import type { Deal, Trader } from './market.js';

/** RULES §7: what the platform offers for a story about a task, and the limits against farming it. */
const PRICE = 80;
const AGREED_PRICE_MIN = 100;
const A_DAY_MAX = 5;
const EVERY_DAYS = 7;

export class CaseStudies {
  readonly price = PRICE;
  private readonly last = new Map<Trader, number>();
  private today = { day: -1, posted: 0 };

  /** Bare: for every task that offers enough, whoever judged it. */
  constructor(private readonly isBare: boolean) {}

  /** By a verdict, for an agreed price, once a week for either side, and so many a day. */
  isDue({ executor, price, isJudged }: Deal, creator: Trader, day: number): boolean {
    if (price < AGREED_PRICE_MIN) return false;
    if (this.isBare) return true;
    if (this.today.day !== day) this.today = { day, posted: 0 };
    const isTooSoon = (one: Trader): boolean => day - (this.last.get(one) ?? -EVERY_DAYS) < EVERY_DAYS;
    if (!isJudged || this.today.posted >= A_DAY_MAX || isTooSoon(creator) || isTooSoon(executor))
      return false;
    this.today.posted++;
    this.last.set(creator, day).set(executor, day);
    return true;
  }
}
