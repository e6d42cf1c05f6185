import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { UnitOfWork } from '#platform/database';
import { bounties, OPEN_TASKS_MIN } from './domain/bounties.js';
import { fillIn, type Draft } from './domain/fill-in.js';
import type { WhyNot } from './domain/occasion.js';
import { Liquidity } from './liquidity.service.js';
import { PostingCalendar } from './posting-calendar.service.js';
import { offersAmong, SystemTasks, type Considered, type Outcome } from './system-tasks.service.js';
import { CatalogueKindNotFound } from './system.errors.js';

export interface Planned {
  kind: string;
  occasion: string;
  draft: Draft;
}

export interface Preview {
  openTasks: number;
  wouldPost: Planned[];
  wouldNot: { kind: string; whyNot: WhyNot }[];
}

/** What operators do by hand: what is due, or one kind, due or not. Both keep to the keys, so that a second run adds none. */
@Injectable()
export class Runs {
  constructor(
    private readonly systemTasks: SystemTasks,
    private readonly calendar: PostingCalendar,
    private readonly liquidity: Liquidity,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async run(kind?: string): Promise<Outcome[]> {
    const at = this.clock.now();
    if (kind !== undefined) return [await this.systemTasks.postKind(kind, at)];
    return [...(await this.calendar.postDue(at)), ...(await this.liquidity.check(at))];
  }

  /** What `run` would do now. */
  async preview(kind?: string): Promise<Preview> {
    const at = this.clock.now();
    const dueKinds = await this.calendar.dueKinds(at);
    return this.work.run(async (tx) => {
      const openTasks = await this.systemTasks.openCount(tx, at);
      const considered = await this.systemTasks.consider(tx, at);
      const wanted =
        kind === undefined
          ? chosen(considered, dueKinds, openTasks)
          : considered.filter(({ entry }) => entry.kind === kind);
      if (kind !== undefined && wanted.length === 0) throw new CatalogueKindNotFound(kind);
      const looked = kind === undefined ? considered : wanted;
      return { openTasks, ...planOf(looked, new Set(wanted.map(({ entry }) => entry.kind))) };
    });
  }
}

/** First the calendar, then what is missing on the board with that. */
function chosen(
  considered: readonly Considered[],
  dueKinds: readonly string[],
  openTasks: number,
): Considered[] {
  const ofCalendar = considered.filter(
    ({ entry, decision }) => dueKinds.includes(entry.kind) && 'occasion' in decision,
  );
  const others = considered.filter((one) => !ofCalendar.includes(one));
  const added = bounties(offersAmong(others), Math.min(openTasks + ofCalendar.length, OPEN_TASKS_MIN));
  const kinds = new Set(added.map(({ entry }) => entry.kind));
  return [...ofCalendar, ...others.filter(({ entry }) => kinds.has(entry.kind))];
}

function planOf(
  considered: readonly Considered[],
  wanted: ReadonlySet<string>,
): Pick<Preview, 'wouldPost' | 'wouldNot'> {
  const wouldPost: Planned[] = [];
  const wouldNot: Preview['wouldNot'] = [];
  for (const { entry, decision } of considered) {
    const { kind } = entry;
    if ('whyNot' in decision) wouldNot.push({ kind, whyNot: decision.whyNot });
    else if (!wanted.has(kind)) wouldNot.push({ kind, whyNot: 'not_needed' });
    else wouldPost.push({ kind, occasion: decision.occasion.key, draft: fillIn(entry, decision.occasion) });
  }
  return { wouldPost, wouldNot };
}
