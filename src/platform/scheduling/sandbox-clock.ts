import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Settings } from '#config/settings';
import { Clock, after } from '#kernel/clock';
import { Database } from '#platform/database';
import { Wakeups } from '#platform/messaging';

export const CLOCK_CHANNEL = 'clock';

/**
 * The product's clock. In production it is the system's; in the sandbox it runs ahead by an offset that is kept
 * in the database, so that all replicas share it and a restart does not turn it back.
 */
@Injectable()
export class MovableClock extends Clock implements OnModuleInit {
  private offsetMs = 0;

  constructor(
    private readonly database: Database,
    private readonly wakeups: Wakeups,
    private readonly settings: Settings,
  ) {
    super();
  }

  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  async onModuleInit(): Promise<void> {
    if (!this.settings.sandbox) return;
    const reload = (): void => void this.reload().catch(() => {});
    this.wakeups.on(CLOCK_CHANNEL, reload);
    this.wakeups.onReconnected(reload);
    await this.reload();
  }

  /** Sets the clock forward; never back, since what has happened has happened. */
  async moveTo(time: Date): Promise<void> {
    const ahead = Math.max(this.offsetMs, time.getTime() - Date.now());
    await this.database.query('UPDATE clock SET offset_ms = greatest(offset_ms, $1)', [Math.round(ahead)]);
    await this.reload();
    this.wakeups.wake(CLOCK_CHANNEL);
  }

  /** Asks for the clock to be moved; what is asked meanwhile adds up. */
  async requestAdvance(ms: number): Promise<Date> {
    const [row] = await this.database.query<{ advance_to: Date }>(
      `UPDATE clock SET advance_to = greatest(coalesce(advance_to, $1), $1) + make_interval(secs => $2)
       RETURNING advance_to`,
      [this.now(), ms / 1000],
    );
    this.wakeups.wake(CLOCK_CHANNEL);
    return row!.advance_to;
  }

  async advanceTarget(): Promise<Date | undefined> {
    const [row] = await this.database.query<{ advance_to: Date | null }>('SELECT advance_to FROM clock');
    return row?.advance_to ?? undefined;
  }

  /** Done, unless somebody asked for more meanwhile. */
  async arrived(target: Date): Promise<void> {
    await this.database.query('UPDATE clock SET advance_to = NULL WHERE advance_to <= $1', [
      after(target, 1),
    ]);
    this.wakeups.wake(CLOCK_CHANNEL);
  }

  private async reload(): Promise<void> {
    const [row] = await this.database.query<{ offset_ms: string }>('SELECT offset_ms FROM clock');
    this.offsetMs = Number(row?.offset_ms ?? 0);
  }
}
