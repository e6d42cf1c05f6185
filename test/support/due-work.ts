import { Injectable, Module } from '@nestjs/common';
import type { Extension } from '#extensions/extension';
import { DueWork, type DueWorker } from '#platform/scheduling';

/** Due work of a test: each process has its own, and a test says when it is due and what happens then. */
@Injectable()
@DueWork('test-work')
export class TestWork implements DueWorker {
  due: Date | null = null;
  runs = 0;
  act: () => Promise<void> = () => Promise.resolve();

  nextDue(): Promise<Date | null> {
    return Promise.resolve(this.due);
  }

  async run(): Promise<void> {
    this.runs++;
    await this.act();
    this.due = null;
  }
}

/** Hangs in every way that due work can, until it is let go. */
@Injectable()
@DueWork('test-hangs')
export class HangingWork implements DueWorker {
  letGo!: () => void;
  hangsAt: 'look' | 'run' | undefined;
  hung = 0;
  private readonly end = new Promise<void>((resolve) => (this.letGo = resolve));

  async nextDue(): Promise<Date | null> {
    if (this.hangsAt === 'look') await this.hang();
    return this.hangsAt ? new Date(0) : null;
  }

  run(): Promise<void> {
    return this.hang();
  }

  private async hang(): Promise<void> {
    this.hung++;
    await this.end;
    this.hangsAt = undefined;
  }
}

@Module({ providers: [TestWork, HangingWork] })
class DueWorkOfTests {}

/** Hand it to `anApp`. */
export const dueWorkOfTests: Extension = { module: DueWorkOfTests };
