import { Injectable } from '@nestjs/common';
import { Database } from '../db/database.js';

export interface ScheduleRun {
  name: string;
  last_started_at: Date | null;
  last_finished_at: Date | null;
  last_outcome: 'running' | 'done' | 'failed' | null;
  last_error: string | null;
}

/** What operators see of each due work: when it last ran and how that ended. */
@Injectable()
export class ScheduleLog {
  constructor(private readonly database: Database) {}

  async around(name: string, at: Date, run: () => Promise<void>): Promise<void> {
    await this.database.query(
      `INSERT INTO schedules AS s (name, last_started_at, last_outcome) VALUES ($1, $2, 'running')
       ON CONFLICT (name) DO UPDATE SET last_started_at = $2, last_outcome = 'running'`,
      [name, at],
    );
    try {
      await run();
      await this.finish(name, at, 'done', null);
    } catch (error) {
      await this.finish(name, at, 'failed', error instanceof Error ? error.message.slice(0, 500) : 'unknown');
      throw error;
    }
  }

  async list(): Promise<ScheduleRun[]> {
    return this.database.query<ScheduleRun>('SELECT * FROM schedules ORDER BY name');
  }

  private async finish(name: string, at: Date, outcome: string, error: string | null): Promise<void> {
    await this.database.query(
      'UPDATE schedules SET last_finished_at = $2, last_outcome = $3, last_error = $4 WHERE name = $1',
      [name, at, outcome, error],
    );
  }
}
