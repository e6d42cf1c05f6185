import { Injectable, Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { after, before, Clock, DAY_MS, utcDay } from '#kernel/clock';
import { Sealer, Unreadable } from '#kernel/sealing';
import { sha256 } from '#kernel/sha256';
import type { Tx } from '#kernel/tx';
import { Database, UnitOfWork } from '#platform/database';
import { DueWork, Periodic } from '#platform/scheduling';
import { DrawStore, type DailySecret } from '../persistence/draw.store.js';

/** A secret is published so many days after its day at the latest, whatever is still undecided. */
const KEPT_DAYS_MAX = 14;

/**
 * A secret for each day: promised by its hash the day before, told when all that was drawn with it is decided. So nobody can foresee a draw,
 * the platform cannot choose one, and everybody can check it.
 */
@Injectable()
@DueWork('draw-secrets')
export class DrawSecrets extends Periodic {
  private readonly logger = new Logger('DrawSecrets');
  protected readonly name = 'draw-secrets';
  protected readonly everyMs = DAY_MS;

  constructor(
    database: Database,
    work: UnitOfWork,
    private readonly store: DrawStore,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {
    super(database, work);
  }

  /** Of the day it is: made at the latest when somebody needs it. */
  async today(tx: Tx): Promise<{ day: string; secret: Buffer | undefined }> {
    const day = utcDay(this.clock.now());
    await this.promise(tx, day);
    return { day, secret: this.open((await this.store.secretOf(tx, day))!) };
  }

  /** Undefined where it was sealed with another key: then that day's draws cannot be checked, and go on all the same. */
  open({ day, sealed }: DailySecret): Buffer | undefined {
    try {
      return Buffer.from(this.sealer.open(sealed, contextOf(day)), 'hex');
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.logger.error({ msg: 'the secret of a day cannot be read', day });
      return undefined;
    }
  }

  /**
   * Those of these days whose secrets are public: while a draw waits for its verdict, its parties could compute from the
   * secret who still votes. No draw is added to a day that is over, so what is public stays so.
   */
  async published(days: readonly string[]): Promise<ReadonlySet<string>> {
    const now = this.clock.now();
    const past = [...new Set(days)].filter((day) => day < utcDay(now));
    const recent = past.filter((day) => day > utcDay(before(now, KEPT_DAYS_MAX * DAY_MS)));
    const undecided = recent.length === 0 ? new Set<string>() : await this.store.undecided(recent);
    return new Set(past.filter((day) => !undecided.has(day)));
  }

  protected async once(tx: Tx, period: Date): Promise<void> {
    await this.promise(tx, utcDay(period));
    await this.promise(tx, utcDay(after(period, DAY_MS)));
  }

  private async promise(tx: Tx, day: string): Promise<void> {
    if (await this.store.secretOf(tx, day)) return;
    const secret = randomBytes(32);
    const sealed = this.sealer.seal(secret.toString('hex'), contextOf(day));
    await this.store.promise(
      tx,
      { day, commitment: sha256(secret).toString('hex'), sealed },
      this.clock.now(),
    );
  }
}

const contextOf = (day: string): string => `draw_secret:${day}`;
