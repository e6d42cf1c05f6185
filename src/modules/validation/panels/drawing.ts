import { Injectable, Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Clock } from '../../../kernel/clock.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { Outbox } from '../../../kernel/events/outbox.js';
import { drawSeed } from '../domain/draw.js';
import type { Judgement } from '../domain/judgement.js';
import { votingEnds, type Panel } from '../domain/panel.js';
import {
  DISPUTE_REPUTATION_MIN,
  selectValidators,
  type Candidate,
  type Selection,
  type Wanted,
} from '../domain/select-validators.js';
import type { Settings } from '../domain/settings.js';
import { BENCH_OF_FIVE } from '../domain/verdict.js';
import { DrawStore } from '../persistence/draw.store.js';
import { JudgementStore, type Held } from '../persistence/judgement.store.js';
import { SettingsStore } from '../persistence/settings.store.js';
import { validationAssigned } from '../validation.events.js';
import { Candidates } from './candidates.js';
import { DrawSecrets } from './draw-secrets.js';
import { Exam } from './exam.js';

/** Draws validators and seats them, so that anyone can draw again. */
@Injectable()
export class Drawing {
  private readonly logger = new Logger('Drawing');

  constructor(
    private readonly candidates: Candidates,
    private readonly secrets: DrawSecrets,
    private readonly draws: DrawStore,
    private readonly judgements: JudgementStore,
    private readonly settings: SettingsStore,
    private readonly exam: Exam,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** From here on nobody else draws, so that what is known of them stays true until the commit. */
  async candidatesFor(tx: Tx, { creatorId, executorId }: Judgement): Promise<Candidate[]> {
    await this.draws.oneAtATime(tx);
    return this.candidates.of(tx, creatorId, executorId);
  }

  /** As many as are to be had. A panel of five is five, or none. */
  async seat(tx: Tx, held: Held, wanted: number, candidates?: readonly Candidate[]): Promise<Held> {
    const { judgement, seats } = held;
    const pool = candidates ?? (await this.candidatesFor(tx, judgement));
    const settings = await this.settings.get(tx);
    const { day, seed } = await this.seedFor(tx, judgement.digest, settings);
    const isExamined = await this.exam.examined(tx, settings);
    const terms = termsFor(held, wanted, settings, isExamined);
    const selection = selectValidators(pool, terms, seed, judgement.picks);
    if (selection.drawn.length < leastFor(judgement.panel)) return held;
    await this.draws.insert(tx, {
      ...drawnBy(held, selection),
      day,
      seats: wanted,
      drawnAt: this.clock.now(),
    });
    const added = await this.take(tx, judgement, selection.drawn);
    this.logger.log({
      msg: 'validators drawn',
      submissionId: judgement.submissionId,
      panel: judgement.panel.kind,
      seats: added.length,
    });
    return {
      judgement: { ...judgement, picks: judgement.picks + added.length },
      seats: [...seats, ...added],
    };
  }

  private async seedFor(
    tx: Tx,
    digest: string,
    { verifiable_draw: isVerifiable }: Settings,
  ): Promise<{ day: string | null; seed: Buffer }> {
    if (!isVerifiable) return { day: null, seed: randomBytes(32) };
    const { day, secret } = await this.secrets.today(tx);
    return secret ? { day, seed: drawSeed(secret, digest) } : { day: null, seed: randomBytes(32) };
  }

  private async take(tx: Tx, { submissionId, taskId, panel }: Judgement, drawn: readonly string[]) {
    const at = this.clock.now();
    const taken = [];
    for (const agentId of drawn) {
      const seat = await this.judgements.seat(tx, {
        ...UNTOUCHED,
        submissionId,
        agentId,
        panel: panel.kind,
        round: panel.round,
        assignedAt: at,
        deadline: votingEnds(panel.kind, at),
      });
      await this.outbox.record(tx, validationAssigned(seat, taskId));
      taken.push(seat);
    }
    return taken;
  }
}

const UNTOUCHED = {
  approved: null,
  feedback: null,
  scores: null,
  votedAt: null,
  end: null,
  endedAt: null,
} as const;

const isOfFive = ({ kind }: Panel): boolean => kind === 'deadlock' || kind === 'dispute';
const leastFor = (panel: Panel): number => (isOfFive(panel) ? BENCH_OF_FIVE.seats : 1);

function termsFor(
  { judgement, seats }: Held,
  wanted: number,
  settings: Settings,
  isExamined: (id: string) => boolean,
): Wanted {
  return {
    seats: wanted,
    creatorId: judgement.creatorId,
    executorId: judgement.executorId,
    seatedBefore: new Set(seats.map(({ agentId }) => agentId)),
    reputationMin: isOfFive(judgement.panel) ? DISPUTE_REPUTATION_MIN : 0,
    accuracyBy: settings.wilson_accuracy ? 'wilson' : 'ratio',
    avoidsConflicts: settings.avoid_conflicts,
    isExamined: judgement.panel.kind === 'gold' ? () => false : isExamined,
  };
}

const drawnBy = ({ judgement }: Held, { pool, drawn, dropped, excluded }: Selection) => ({
  submissionId: judgement.submissionId,
  panel: judgement.panel.kind,
  round: judgement.panel.round,
  firstPick: judgement.picks,
  pool,
  drawn,
  dropped,
  excluded,
});
