import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '#kernel/errors/domain-error';
import { SYSTEM_AGENT_ID } from '#kernel/ids';
import type { Tx } from '#kernel/tx';
import { OpenTasks, TasksService, type Task } from '#modules/tasks';
import { UnitOfWork } from '#platform/database';
import { Catalogue } from './catalogue.service.js';
import { bounties, OPEN_TASKS_MIN, type Offer } from './domain/bounties.js';
import { caseStudyOf, claimsOf, type Approved } from './domain/case-study.js';
import type { Entry } from './domain/entry.js';
import { fillIn } from './domain/fill-in.js';
import {
  occasionOf,
  standingOf,
  type Decision,
  type Occasion,
  type Posted,
  type WhyNot,
} from './domain/occasion.js';
import { PostingsStore } from './persistence/postings.store.js';
import { CatalogueKindNotFound } from './system.errors.js';

export const CASE_STUDY = 'case_study';

/** What came of the wish to post a kind. */
export type Outcome = { kind: string } & (
  { occasion: string; task: Task } | { whyNot: WhyNot; detail?: string }
);

/** A kind, and whether it may be posted at this time. */
export interface Considered {
  entry: Entry;
  decision: Decision;
  lastPostedAt: Date | undefined;
}

/** Posts what the platform wants done, as `agt_system`. Each in a transaction of its own, one at a time. */
@Injectable()
export class SystemTasks {
  private readonly logger = new Logger('SystemTasks');

  constructor(
    private readonly catalogue: Catalogue,
    private readonly store: PostingsStore,
    private readonly tasks: TasksService,
    private readonly open: OpenTasks,
    private readonly work: UnitOfWork,
  ) {}

  async consider(tx: Tx, at: Date): Promise<Considered[]> {
    const posted = await this.posted(tx, at);
    return (await this.catalogue.all(tx)).map(({ entry }) => {
      const own = posted.filter(({ kind }) => kind === entry.kind);
      const lastMs = Math.max(...own.map(({ postedAt }) => postedAt.getTime()));
      return {
        entry,
        decision: occasionOf(entry, own, at),
        lastPostedAt: own.length > 0 ? new Date(lastMs) : undefined,
      };
    });
  }

  /** How many tasks are open; more than are wanted count as that many. */
  openCount(tx: Tx, at: Date): Promise<number> {
    return this.open.count(tx, at, OPEN_TASKS_MIN);
  }

  postKind(kind: string, at: Date): Promise<Outcome> {
    return this.inTurn(async (tx) => {
      const considered = (await this.consider(tx, at)).find(({ entry }) => entry.kind === kind);
      if (!considered) throw new CatalogueKindNotFound(kind);
      const { entry, decision } = considered;
      return 'whyNot' in decision ? { kind, ...decision } : this.post(tx, entry, decision.occasion, at);
    });
  }

  /** Undefined when enough are open, or nothing is left to post. */
  postBounty(at: Date, except: ReadonlySet<string>): Promise<Outcome | undefined> {
    return this.inTurn(async (tx) => {
      const offers = offersAmong(await this.consider(tx, at)).filter(({ entry }) => !except.has(entry.kind));
      const [next] = bounties(offers, await this.openCount(tx, at));
      return next && this.post(tx, next.entry, next.occasion, at);
    });
  }

  /** Never about a case study: they would breed. */
  postCaseStudy(about: Approved, at: Date): Promise<Outcome | undefined> {
    return this.inTurn(async (tx) => {
      if ((await this.store.of(tx, about.id))?.kind === CASE_STUDY) return undefined;
      if (await this.store.has(tx, CASE_STUDY, about.id)) return undefined;
      const { entry } = await this.catalogue.get(tx, CASE_STUDY);
      const { parties, places } = claimsOf(about);
      const taken = await this.store.claimed(tx, CASE_STUDY, [...parties, ...places]);
      const study = caseStudyOf(entry, about, taken, at);
      return 'whyNot' in study ? undefined : this.post(tx, entry, study.occasion, at);
    });
  }

  /** What a rule of the installation refuses is told; it must hold up neither the others nor the time. */
  private async inTurn<T extends Outcome | undefined>(
    act: (tx: Tx) => Promise<T | Outcome>,
  ): Promise<T | Outcome> {
    try {
      return await this.work.run(async (tx) => {
        await this.store.lock(tx);
        return act(tx);
      });
    } catch (error) {
      if (!(error instanceof PostingRefused)) throw error;
      this.logger.warn({ msg: 'system task refused', kind: error.kind, why: error.message });
      return { kind: error.kind, whyNot: 'refused', detail: error.message };
    }
  }

  /** The task and its key in one transaction: none without the other. */
  private async post(tx: Tx, entry: Entry, occasion: Occasion, at: Date): Promise<Outcome> {
    const { kind } = entry;
    const task = await this.create(tx, entry, occasion);
    const { variant = '' } = occasion.fillings;
    await this.store.insert(tx, { kind, variant, occasion: occasion.key, taskId: task.id, postedAt: at });
    if (occasion.claims) await this.store.claim(tx, kind, occasion.claims, task.id);
    this.logger.log({ msg: 'system task posted', kind, occasion: occasion.key, taskId: task.id });
    return { kind, occasion: occasion.key, task };
  }

  private async create(tx: Tx, entry: Entry, occasion: Occasion): Promise<Task> {
    try {
      return await this.tasks.create(tx, SYSTEM_AGENT_ID, fillIn(entry, occasion));
    } catch (error) {
      throw error instanceof DomainError ? new PostingRefused(entry.kind, error) : error;
    }
  }

  private async posted(tx: Tx, at: Date): Promise<Posted[]> {
    const rows = await this.store.last(tx);
    const tasks = await this.open.standings(
      tx,
      rows.map(({ taskId }) => taskId),
    );
    const standings = new Map(tasks.map((task) => [task.id, standingOf(task, at)]));
    return rows.map((row) => ({ ...row, standing: standings.get(row.taskId)! }));
  }
}

export const offersAmong = (considered: readonly Considered[]): Offer[] =>
  considered.flatMap(({ decision, ...rest }) =>
    'occasion' in decision ? [{ ...rest, occasion: decision.occasion }] : [],
  );

/** Rolls back what was begun; it never leaves this file. */
class PostingRefused extends Error {
  constructor(
    readonly kind: string,
    cause: DomainError,
  ) {
    super(cause.message, { cause });
  }
}
