import { Injectable, Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Clock, utcDay } from '#kernel/clock';
import type { Tx } from '#kernel/tx';
import { ReputationService } from '#modules/reputation';
import { Outbox } from '#platform/messaging';
import { CalibrationStore } from '../calibration/calibration.store.js';
import { isCalibration } from '../domain/calibration.js';
import type { LockedJudgement } from '../domain/change.js';
import { drawSeed } from '../domain/draw.js';
import type { Judgement } from '../domain/judgement.js';
import { isOfFive, newSeat, seatsToBegin } from '../domain/panel.js';
import {
  DISPUTE_REPUTATION_MIN,
  RECORD_CREATORS_MIN,
  selectValidators,
  type Candidate,
  type Selection,
  type Wanted,
} from '../domain/select-validators.js';
import type { Settings } from '../domain/settings.js';
import { DrawStore, type Drawn } from '../persistence/draw.store.js';
import { JudgementStore } from '../persistence/judgement.store.js';
import { PoolStore } from '../persistence/pool.store.js';
import { SettingsStore } from '../persistence/settings.store.js';
import { validationAssigned } from '../validation.events.js';
import { Candidates } from './candidates.js';
import { DrawSecrets } from './draw-secrets.js';

export interface Chosen extends Selection {
  wanted: number;
  /** Whose secret it was drawn with. */
  day: string | null;
}

/** Draws validators and seats them, so that anyone can draw again. */
@Injectable()
export class Drawing {
  private readonly logger = new Logger('Drawing');

  constructor(
    private readonly candidates: Candidates,
    private readonly secrets: DrawSecrets,
    private readonly draws: DrawStore,
    private readonly pools: PoolStore,
    private readonly judgements: JudgementStore,
    private readonly settings: SettingsStore,
    private readonly calibrations: CalibrationStore,
    private readonly reputation: ReputationService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** From here on nobody else draws, so that what is known of them stays true until the commit. */
  async candidatesFor(tx: Tx, judgement: Judgement): Promise<Candidate[]> {
    await this.draws.oneAtATime(tx);
    const candidates = await this.candidates.of(tx, judgement);
    await this.pools.keep(tx, utcDay(this.clock.now()), candidates);
    return candidates;
  }

  /** As many as are to be had. A panel of five begins with five, or not at all. */
  async seat(
    tx: Tx,
    locked: LockedJudgement,
    wanted: number,
    candidates?: readonly Candidate[],
  ): Promise<LockedJudgement> {
    const pool = candidates ?? (await this.candidatesFor(tx, locked.judgement));
    const chosen = await this.choose(tx, locked, wanted, pool);
    if (chosen.drawn.length < seatsToBegin(locked.judgement.panel, locked.seats)) return locked;
    return this.give(tx, locked, chosen);
  }

  /** Who is drawn, and has no seat yet. */
  async choose(
    tx: Tx,
    locked: LockedJudgement,
    wanted: number,
    candidates: readonly Candidate[],
  ): Promise<Chosen> {
    const { judgement } = locked;
    const settings = await this.settings.get(tx);
    const { day, seed } = await this.seedFor(tx, judgement.digest, settings);
    const isExamined =
      settings.exam && !isCalibration(judgement) ? await this.calibrations.newcomers(tx) : undefined;
    const hasRecord = isOfFive(judgement.panel) ? await this.recordOf(tx, candidates) : undefined;
    const terms = {
      ...termsFor(locked, wanted, settings),
      ...(hasRecord && { hasRecord }),
      ...(isExamined && { isExamined }),
    };
    return { ...selectValidators(candidates, terms, seed, judgement.picks), wanted, day };
  }

  /** Writes down how they were drawn, and gives them their seats. */
  async give(tx: Tx, locked: LockedJudgement, chosen: Chosen): Promise<LockedJudgement> {
    const { judgement, seats } = locked;
    await this.draws.insert(tx, drawnBy(judgement, chosen, this.clock.now()));
    const added = await this.take(tx, judgement, chosen.drawn);
    this.logger.log({
      msg: 'validators drawn',
      submissionId: judgement.submissionId,
      panel: judgement.panel.kind,
      seats: added.length,
    });
    return {
      ...locked,
      judgement: { ...judgement, picks: judgement.picks + added.length },
      seats: [...seats, ...added],
    };
  }

  /** Asked of those alone whose reputation would do. */
  private async recordOf(tx: Tx, candidates: readonly Candidate[]): Promise<(id: string) => boolean> {
    const reputed = candidates.filter(
      ({ reputationScore }) => Number(reputationScore) >= DISPUTE_REPUTATION_MIN,
    );
    const ids = reputed.map(({ id }) => id);
    const experienced = await this.reputation.withApprovedWork(tx, ids, RECORD_CREATORS_MIN);
    return (id) => experienced.has(id);
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
      const seat = this.judgements.seat(tx, newSeat(panel, { submissionId, agentId }, at));
      this.outbox.record(tx, validationAssigned(seat, taskId));
      taken.push(seat);
    }
    return taken;
  }
}

function termsFor({ judgement, seats }: LockedJudgement, wanted: number, settings: Settings): Wanted {
  return {
    seats: wanted,
    creatorId: judgement.creatorId,
    executorId: judgement.executorId,
    seatedBefore: new Set(seats.map(({ agentId }) => agentId)),
    reputationMin: isOfFive(judgement.panel) ? DISPUTE_REPUTATION_MIN : 0,
    accuracyBy: settings.wilson_accuracy ? 'wilson' : 'ratio',
    avoidsConflicts: settings.avoid_conflicts,
  };
}

const drawnBy = (
  judgement: Judgement,
  { pool, drawn, dropped, excluded, wanted, day }: Chosen,
  drawnAt: Date,
): Drawn => ({
  submissionId: judgement.submissionId,
  panel: judgement.panel.kind,
  round: judgement.panel.round,
  firstPick: judgement.picks,
  day,
  seats: wanted,
  pool,
  drawn,
  dropped,
  excluded,
  drawnAt,
});
