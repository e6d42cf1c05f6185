import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Lane } from '#platform/concurrency';
import { Database } from '#platform/database';
import { NUMBERED_CHANNEL } from '../outbox.js';
import { OutboxStore } from '../outbox.store.js';
import { Wakeups } from '../wakeups/wakeups.js';
import { Waiters, type Watch } from './waiters.js';

const READ_AT_ONCE = 2_000;

/**
 * Follows the numbered events while somebody in this process waits for some of them, and wakes those whose
 * inbox or subject has got one. A wake-up only says "look": what is new is read from the table, so one that is
 * lost costs a second.
 */
@Injectable()
export class EventTail implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly leaving = new AbortController();
  private readonly waiters = new Waiters();
  private readonly following = new Lane(() => this.follow(), new Logger('EventTail'));
  /** Undefined while nobody waits. */
  private position: number | undefined;
  private forgetWakeup = (): void => {};

  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxStore,
    private readonly wakeups: Wakeups,
  ) {}

  onApplicationBootstrap(): void {
    this.forgetWakeup = this.wakeups.on(NUMBERED_CHANNEL, () => this.following.kick());
    this.following.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.leaving.abort();
    this.forgetWakeup();
    this.waiters.releaseAll();
    await this.following.stop();
  }

  /** Aborted when the process leaves: whoever streams ends then. */
  get closing(): AbortSignal {
    return this.leaving.signal;
  }

  /** What is numbered after this resolves is not missed; what was before is to be read then. */
  async watch(key: string): Promise<Watch> {
    const watch = this.waiters.watch(key);
    try {
      if (this.position === undefined) {
        const last = await this.outbox.last();
        this.position ??= last;
      }
      return watch;
    } catch (error) {
      watch.stop();
      throw error;
    }
  }

  private async follow(): Promise<boolean> {
    if (this.waiters.size === 0) this.position = undefined;
    if (this.position === undefined) return false;
    const rows = await this.database.query<NewEvent>(
      `SELECT position, subject, public, audience FROM outbox WHERE position > $1 ORDER BY position LIMIT $2`,
      [this.position, READ_AT_ONCE],
    );
    for (const { subject, public: isPublic, audience } of rows) {
      for (const agentId of audience) this.waiters.release(inboxKey(agentId));
      if (isPublic) this.waiters.release(subjectKey(subject));
    }
    this.position = Number(rows.at(-1)?.position ?? this.position);
    return rows.length === READ_AT_ONCE;
  }
}

export const inboxKey = (agentId: string): string => `inbox ${agentId}`;
export const subjectKey = (subject: string): string => `subject ${subject}`;

interface NewEvent {
  position: string;
  subject: string;
  public: boolean;
  audience: string[];
}
