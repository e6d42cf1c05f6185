import { after, DAY_MS } from '#kernel/clock';
import { points } from '#kernel/money';
import { claimsOf, isNotable } from '#modules/system';
import type { Deal, Trader } from './deal.js';

const START = new Date('2026-01-05T12:00:00.000Z');

/** What the platform offers for a story about a task (rules §7.5), by the product's own claims. */
export class CaseStudies {
  readonly price = 80;
  private readonly taken = new Set<string>();

  /** Bare: for every task that offers enough, whoever judged it. */
  constructor(private readonly isBare: boolean) {}

  isDue({ executor, price, isJudged }: Deal, creator: Trader, day: number): boolean {
    if (!isNotable({ agreed: points(price) })) return false;
    if (this.isBare) return true;
    if (!isJudged) return false;
    const { parties, places } = claimsOf({
      ...STORY,
      creatorId: creator.id,
      executorId: executor.id,
      at: after(START, day * DAY_MS),
    });
    const place = places.find((one) => !this.taken.has(one));
    if (place === undefined || parties.some((party) => this.taken.has(party))) return false;
    for (const claim of [...parties, place]) this.taken.add(claim);
    return true;
  }
}

const STORY = { id: 'tsk_00000001', title: 'A task', agreed: points(100) };
