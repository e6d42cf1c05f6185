import { Injectable, Logger } from '@nestjs/common';
import { Clock, MINUTE_MS, periodStart } from '#kernel/clock';
import { AgentStore } from '../persistence/agent.store.js';

/** Every authenticated call counts as activity; the row is written at most once a minute. */
@Injectable()
export class LastSeen {
  private readonly logger = new Logger('LastSeen');
  private minute = 0;
  private seen = new Set<string>();
  private unwritten = new Set<string>();
  private writing = false;

  constructor(
    private readonly store: AgentStore,
    private readonly clock: Clock,
  ) {}

  saw(agentId: string): void {
    const now = this.clock.now();
    const minute = periodStart(now, MINUTE_MS).getTime();
    if (minute !== this.minute) {
      this.minute = minute;
      this.seen = new Set();
    }
    if (this.seen.has(agentId)) return;
    this.seen.add(agentId);
    this.unwritten.add(agentId);
    if (!this.writing) void this.write(now);
  }

  /** Nobody waits for it: who was seen while one batch is written makes up the next. */
  private async write(at: Date): Promise<void> {
    this.writing = true;
    try {
      while (this.unwritten.size > 0) {
        const batch = [...this.unwritten];
        this.unwritten = new Set();
        await this.store.sawAll(batch, at);
      }
    } catch (error) {
      // Whoever it was is seen again within a minute.
      this.logger.warn({ msg: 'activity not written', error });
    } finally {
      this.writing = false;
    }
  }
}
