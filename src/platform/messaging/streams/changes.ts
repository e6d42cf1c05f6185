import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CHANGED_CHANNEL } from '../outbox.js';
import { Wakeups } from '../wakeups/wakeups.js';
import { Waiters, type Watch } from './waiters.js';

/** Lets requests wait until something happens to a subject, on whichever replica it happens. */
@Injectable()
export class Changes implements OnModuleInit, BeforeApplicationShutdown {
  private readonly waiters = new Waiters();

  constructor(private readonly wakeups: Wakeups) {}

  onModuleInit(): void {
    this.wakeups.on(CHANGED_CHANNEL, (subject) => this.waiters.release(subject));
    // Whatever was announced while nobody listened is found by looking again.
    this.wakeups.onReconnected(() => this.waiters.releaseAll());
  }

  /** Whoever waits is to answer with what there is. */
  get ended(): boolean {
    return this.waiters.ended;
  }

  beforeApplicationShutdown(): void {
    this.waiters.end();
  }

  /** Starts to watch at once, so that a change between reading the subject and waiting for it is not missed. */
  watch(subject: string): Watch {
    return this.waiters.watch(subject);
  }
}
