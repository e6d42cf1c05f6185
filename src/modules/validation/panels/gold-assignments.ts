import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { before, Clock, DAY_MS } from '../../../kernel/clock.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { newId } from '../../../kernel/ids.js';
import { drawBelow } from '../../../kernel/random.js';
import { SubmissionsService } from '../../tasks/index.js';
import type { LockedJudgement } from '../domain/change.js';
import { UNDECIDED, type Judgement } from '../domain/judgement.js';
import { goldPanel, type Panel } from '../domain/panel.js';
import type { Candidate } from '../domain/select-validators.js';
import type { Settings } from '../domain/settings.js';
import { GoldStore, type KnownAnswer } from '../persistence/gold.store.js';
import { JudgementStore } from '../persistence/judgement.store.js';
import { SettingsStore } from '../persistence/settings.store.js';
import { Drawing } from './drawing.js';
import { Exam } from './exam.js';

/**
 * Assignments whose right answer is known: copies of decided submissions under ids of their own, drawn like any other, so
 * that who judges cannot tell. They are made beside real draws.
 */
@Injectable()
export class GoldAssignments {
  constructor(
    private readonly gold: GoldStore,
    private readonly submissions: SubmissionsService,
    private readonly judgements: JudgementStore,
    private readonly drawing: Drawing,
    private readonly exam: Exam,
    private readonly settings: SettingsStore,
    private readonly clock: Clock,
  ) {}

  /** One of so many assignments; where newcomers are examined, as many of those as were drawn. */
  async beside(
    tx: Tx,
    { judgement, seats }: LockedJudgement,
    candidates: readonly Candidate[],
  ): Promise<void> {
    const answers = await this.answers(tx);
    if (answers.length === 0) return;
    const settings = await this.settings.get(tx);
    const isExamined = await this.exam.examined(tx, settings);
    const newcomers = new Set(candidates.filter(({ id }) => isExamined(id)).map(({ id }) => id));
    // Of two assignments that come in the same moment the other would be the test.
    const drawnNow = new Set(seats.map(({ agentId }) => agentId));
    for (let seat = 0; seat < seats.length || seat < Math.min(newcomers.size, EXAMS_MAX); seat++) {
      if (newcomers.size === 0 && !isChosen(settings)) continue;
      const mayBeAsked = (id: string): boolean =>
        !drawnNow.has(id) && (newcomers.size === 0 || newcomers.has(id));
      const asked = await this.assign(tx, answers, judgement.openedAt, mayBeAsked);
      if (asked) drawnNow.add(asked);
    }
  }

  /** Rather those whose public history is still there: a copy that has none looks like no other work. */
  private async answers(tx: Tx): Promise<KnownAnswer[]> {
    const young = await this.gold.all(tx, before(this.clock.now(), HISTORY_KEPT_MS));
    return young.length > 0 ? young : this.gold.all(tx);
  }

  /** A copy of a known answer to one who has not seen it, drawn as for any other work of the same parties. */
  private async assign(
    tx: Tx,
    answers: readonly KnownAnswer[],
    openedAt: Date,
    mayBeAsked: (id: string) => boolean,
  ): Promise<string | undefined> {
    const answer = answers[below(answers.length)]!;
    const source = await this.judgements.get(answer.submissionId, tx);
    const seenBy = new Set(await this.gold.judgesOf(tx, answer.submissionId));
    const candidates = await this.drawing.candidatesFor(tx, source);
    const copy = await this.copyOf(
      tx,
      source,
      answer,
      goldPanel(candidates.length),
      this.apartFrom(openedAt),
    );
    // Nobody draws the parties, but a draw that did not count them would look like no other.
    const pool = candidates.filter(({ id }) => isParty(source, id) || (mayBeAsked(id) && !seenBy.has(id)));
    const chosen = await this.drawing.choose(tx, { judgement: copy, seats: [] }, 1, pool);
    if (chosen.drawn.length === 0) return undefined;
    if (!(await this.judgements.insert(tx, copy))) throw new Error(`The id ${copy.submissionId} is taken.`);
    const held = await this.drawing.give(tx, { judgement: copy, seats: [] }, chosen);
    await this.judgements.save(tx, held, this.clock.now());
    return chosen.drawn[0];
  }

  /** A moment ago, as for real work, but not at the instant at which the work beside it was begun to be judged. */
  private apartFrom(openedAt: Date): Date {
    const opened = before(this.clock.now(), 1 + below(OPENED_BEFORE_MS));
    return opened.getTime() === openedAt.getTime() ? before(opened, 1) : opened;
  }

  private async copyOf(
    tx: Tx,
    source: Judgement,
    { approved }: KnownAnswer,
    panel: Panel,
    openedAt: Date,
  ): Promise<Judgement> {
    const taskId = newId('tsk');
    return {
      ...source,
      ...UNDECIDED,
      submissionId: newId('sub'),
      taskId,
      digest: await this.submissions.digestUnder(tx, source.submissionId, taskId),
      panel,
      sourceSubmissionId: source.submissionId,
      knownAnswer: approved,
      openedAt,
    };
  }
}

const isParty = ({ creatorId, executorId }: Judgement, id: string): boolean =>
  id === creatorId || id === executorId;

/** So long a draw takes at most, as a rule. */
const OPENED_BEFORE_MS = 30;

/** A day less than events are kept. */
const HISTORY_KEPT_MS = 29 * DAY_MS;

/** So many newcomers at a time, or a hundred who come together would get a hundred at the first draw. */
const EXAMS_MAX = 3;

/** Not from the seed of the real draw, which would tell which assignments are real. */
const below = (bound: number): number => Number(drawBelow(randomBytes(32), 0, BigInt(bound)));

/** Beside seven real assignments comes one other, on average. */
const isChosen = ({ gold_every: every }: Settings): boolean => every > 1 && below(every - 1) === 0;
