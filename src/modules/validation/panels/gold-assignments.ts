import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Clock } from '../../../kernel/clock.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { newId } from '../../../kernel/ids.js';
import { drawBelow } from '../../../kernel/random.js';
import { sha256 } from '../../../kernel/sha256.js';
import type { Judgement } from '../domain/judgement.js';
import { goldPanel } from '../domain/panel.js';
import type { Candidate } from '../domain/select-validators.js';
import type { Settings } from '../domain/settings.js';
import { GoldStore, type KnownAnswer } from '../persistence/gold.store.js';
import { JudgementStore, type Held } from '../persistence/judgement.store.js';
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
    private readonly judgements: JudgementStore,
    private readonly drawing: Drawing,
    private readonly exam: Exam,
    private readonly settings: SettingsStore,
    private readonly clock: Clock,
  ) {}

  /** One of so many assignments; where newcomers are examined, as many of those as were drawn. */
  async beside(tx: Tx, { seats }: Held, candidates: readonly Candidate[]): Promise<void> {
    const settings = await this.settings.get(tx);
    const answers = await this.gold.all(tx);
    if (answers.length === 0) return;
    const isExamined = await this.exam.examined(tx, settings);
    const newcomers = candidates.filter(({ id }) => isExamined(id));
    for (let seat = 0; seat < seats.length || seat < Math.min(newcomers.length, EXAMS_MAX); seat++) {
      if (newcomers.length > 0) await this.assign(tx, answers, newcomers);
      else if (isChosen(settings)) await this.assign(tx, answers, candidates);
    }
  }

  /** Under a copy of a known answer that some of these have not seen. */
  private async assign(
    tx: Tx,
    answers: readonly KnownAnswer[],
    candidates: readonly Candidate[],
  ): Promise<void> {
    const answer = answers[below(answers.length)]!;
    const source = await this.judgements.get(answer.submissionId, tx);
    const seenBy = new Set(await this.gold.judgesOf(tx, answer.submissionId));
    const parties = new Set([source.creatorId, source.executorId]);
    const free = candidates.filter(({ id }) => !seenBy.has(id) && !parties.has(id));
    if (free.length === 0) return;
    const copy = await this.copy(tx, source, answer);
    const held = await this.drawing.seat(tx, { judgement: copy, seats: [] }, 1, free);
    await this.judgements.save(tx, held, this.clock.now());
  }

  private async copy(tx: Tx, source: Judgement, { approved }: KnownAnswer): Promise<Judgement> {
    const submissionId = newId('sub');
    const copy: Judgement = {
      ...source,
      submissionId,
      taskId: newId('tsk'),
      digest: sha256(`${submissionId}:${source.digest}`).toString('hex'),
      status: 'judging',
      panel: goldPanel(),
      picks: 0,
      outcome: null,
      decidedBy: null,
      decidedAt: null,
      feeBurnt: null,
      queuedAt: null,
      sourceSubmissionId: source.submissionId,
      knownAnswer: approved,
      openedAt: this.clock.now(),
    };
    if (!(await this.judgements.insert(tx, copy))) throw new Error(`The id ${submissionId} is taken.`);
    return copy;
  }
}

/** So many newcomers at a time, or a hundred who come together would get a hundred at the first draw. */
const EXAMS_MAX = 3;

/** Not from the seed of the real draw, which would tell which assignments are real. */
const below = (bound: number): number => Number(drawBelow(randomBytes(32), 0, BigInt(bound)));

/** Beside seven real assignments comes one other, on average. */
const isChosen = ({ gold_every: every }: Settings): boolean => every > 1 && below(every - 1) === 0;
