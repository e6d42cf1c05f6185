import { Injectable } from '@nestjs/common';
import { randomInt } from 'node:crypto';
import { before, Clock, DAY_MS } from '#kernel/clock';
import { newId } from '#kernel/ids';
import type { Tx } from '#kernel/tx';
import { CalibrationTasks } from '#modules/tasks';
import type { LockedJudgement } from '../domain/change.js';
import { UNDECIDED, type Judgement } from '../domain/judgement.js';
import { firstPanel, votingEnds, type Panel } from '../domain/panel.js';
import type { Candidate } from '../domain/select-validators.js';
import type { Settings } from '../domain/settings.js';
import { Drawing } from '../panels/drawing.js';
import { JudgementStore } from '../persistence/judgement.store.js';
import { SettingsStore } from '../persistence/settings.store.js';
import { CalibrationStore, type Assignable } from './calibration.store.js';

/** Assigns work whose right outcome is known, drawn beside real work and like it, so that validators cannot tell. */
@Injectable()
export class CalibrationService {
  constructor(
    private readonly store: CalibrationStore,
    private readonly tasks: CalibrationTasks,
    private readonly judgements: JudgementStore,
    private readonly drawing: Drawing,
    private readonly settings: SettingsStore,
    private readonly clock: Clock,
  ) {}

  /** One of so many assignments; where newcomers are calibrated first, as many of those as were drawn. */
  async beside(
    tx: Tx,
    { judgement, seats }: LockedJudgement,
    candidates: readonly Candidate[],
  ): Promise<void> {
    const answers = await this.answers(tx);
    if (answers.length === 0) return;
    const settings = await this.settings.get(tx);
    const isNewcomer = settings.exam ? await this.store.newcomers(tx) : () => false;
    const newcomers = new Set(candidates.map(({ id }) => id).filter(isNewcomer));
    // Of two assignments that come in the same moment the other would be the test.
    const drawnNow = new Set(seats.map(({ agentId }) => agentId));
    for (let seat = 0; seat < seats.length || seat < Math.min(newcomers.size, NEWCOMERS_MAX); seat++) {
      if (newcomers.size === 0 && !isChosen(settings)) continue;
      const answer = pick(answers, newcomers.size > 0);
      if (!answer) return;
      const mayBeAsked = (id: string): boolean =>
        !drawnNow.has(id) && (newcomers.size === 0 || newcomers.has(id));
      const asked = await this.assign(tx, answer, judgement.openedAt, mayBeAsked);
      if (!asked) continue;
      drawnNow.add(asked);
      answer.isOut = true;
    }
  }

  /** Preferably those whose public history is still there: a task that has none looks like no other. */
  private async answers(tx: Tx): Promise<Assignable[]> {
    const young = await this.store.all(tx, before(this.clock.now(), HISTORY_KEPT_MS));
    return young.length > 0 ? young : this.store.all(tx);
  }

  /** To one who has not seen it, drawn as for any other work of the same parties. */
  private async assign(
    tx: Tx,
    answer: Assignable,
    openedAt: Date,
    mayBeAsked: (id: string) => boolean,
  ): Promise<string | undefined> {
    const source = await this.judgements.get(answer.submissionId, tx);
    const seenBy = new Set(await this.store.judgesOf(tx, answer.submissionId));
    const candidates = await this.drawing.candidatesFor(tx, source);
    const panel = firstPanel(candidates.length, false);
    const judgement = await this.judgementFrom(tx, source, answer, panel, this.apartFrom(openedAt));
    // Nobody draws the parties, but a draw that did not count them would look like no other.
    const pool = candidates.filter(({ id }) => isParty(source, id) || (mayBeAsked(id) && !seenBy.has(id)));
    const chosen = await this.drawing.choose(tx, { judgement, seats: [] }, 1, pool);
    if (chosen.drawn.length === 0) return undefined;
    if (!(await this.judgements.insert(tx, judgement)))
      throw new Error(`The id ${judgement.submissionId} is taken.`);
    const seated = await this.drawing.give(tx, { judgement, seats: [] }, chosen);
    await this.judgements.save(tx, seated, this.clock.now());
    await this.place(tx, judgement);
    return chosen.drawn[0];
  }

  private place(tx: Tx, judgement: Judgement): Promise<void> {
    const { taskId, submissionId, calibrationSourceId, openedAt, panel } = judgement;
    return this.tasks.place(tx, {
      taskId,
      submissionId,
      sourceSubmissionId: calibrationSourceId!,
      validatedSince: openedAt,
      seats: panel.seats,
      votingEnds: votingEnds(panel.kind, openedAt),
    });
  }

  /** A moment ago, as for real work, but not at the instant at which the work beside it was begun to be judged. */
  private apartFrom(openedAt: Date): Date {
    const opened = before(this.clock.now(), randomInt(1, OPENED_BEFORE_MS));
    return opened.getTime() === openedAt.getTime() ? before(opened, 1) : opened;
  }

  private async judgementFrom(
    tx: Tx,
    source: Judgement,
    { approved }: Assignable,
    panel: Panel,
    openedAt: Date,
  ): Promise<Judgement> {
    const taskId = newId('tsk');
    const sourceSubmissionId = source.submissionId;
    return {
      ...source,
      ...UNDECIDED,
      submissionId: newId('sub'),
      taskId,
      digest: await this.tasks.digestOf(tx, { sourceSubmissionId, taskId }),
      panel,
      calibrationSourceId: sourceSubmissionId,
      calibrationAnswer: approved,
      openedAt,
    };
  }
}

const isParty = ({ creatorId, executorId }: Judgement, id: string): boolean =>
  id === creatorId || id === executorId;

/** A draw usually takes less than this. */
const OPENED_BEFORE_MS = 30;

/** A day less than events are kept. */
const HISTORY_KEPT_MS = 29 * DAY_MS;

/** At a time, or a hundred newcomers would get a hundred at the first draw. */
const NEWCOMERS_MAX = 3;

/**
 * Not from the seed of the real draw, which would tell which assignments are real. What is out would stand on the board
 * twice: only newcomers get it all the same, because without it they would not be drawn for real work.
 */
function pick(answers: readonly Assignable[], evenOut: boolean): Assignable | undefined {
  const free = answers.filter(({ isOut }) => !isOut);
  const from = free.length === 0 && evenOut ? answers : free;
  return from.length === 0 ? undefined : from[randomInt(from.length)];
}

/** Beside seven real assignments comes one other, on average. */
const isChosen = ({ gold_every: every }: Settings): boolean => every > 1 && randomInt(every - 1) === 0;
