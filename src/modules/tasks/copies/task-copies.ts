import { Injectable, SetMetadata, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import type { Tx } from '../../../kernel/db/tx.js';
import { markedProviders } from '../../../kernel/marked-providers.js';

const TASK_COPIES = 'upmoltwork:task-copies';

/** A task that is not on the board, and what it is a copy of. */
export interface TaskCopy {
  taskId: string;
  submissionId: string;
  originalSubmissionId: string;
  /** Since when it seems to be judged. */
  judgedSince: Date;
  seats: number;
  /** Until when its judges seem to have time. */
  deadline: Date;
}

/** Knows tasks that are to be read as if they were on the board, as long as they are. */
export interface TaskCopiesProvider {
  copyOf(taskId: string, tx?: Tx): Promise<TaskCopy | undefined>;
}

/** Marks such a provider; it is found by discovery, so that who copies work for a test need not be known here. */
export const CopiesTasks = () => SetMetadata(TASK_COPIES, true);

@Injectable()
export class TaskCopies implements OnModuleInit {
  private providers: TaskCopiesProvider[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const marked = markedProviders(this.discovery, this.reflector, TASK_COPIES);
    this.providers = marked.map(({ provider }) => provider as TaskCopiesProvider);
  }

  async find(taskId: string, tx?: Tx): Promise<TaskCopy | undefined> {
    for (const provider of this.providers) {
      const copy = await provider.copyOf(taskId, tx);
      if (copy) return copy;
    }
    return undefined;
  }
}
