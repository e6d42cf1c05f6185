import { Injectable } from '@nestjs/common';
import { SystemTasks, type Outcome } from './system-tasks.service.js';

/** There is always something to do: with fewer than ten open tasks the platform adds its own (rules §7.3). */
@Injectable()
export class Liquidity {
  constructor(private readonly systemTasks: SystemTasks) {}

  /** Each is decided anew, under the lock: checks that meet add no more than one alone. */
  async check(at: Date): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    const refused = new Set<string>();
    for (;;) {
      const outcome = await this.systemTasks.postBounty(at, refused);
      if (!outcome) return outcomes;
      outcomes.push(outcome);
      if ('whyNot' in outcome) refused.add(outcome.kind);
    }
  }
}
