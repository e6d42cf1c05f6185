import { SetMetadata } from '@nestjs/common';

export const DUE_WORK = 'upmoltwork:due-work';

/**
 * Something that happens at a time. The rows say when; `run` claims those that are due and resolves when they
 * are done. It may run on several processes at once and more than once, so the claim decides who does what.
 */
export interface DueWorker {
  /** When there is next something to do, by the injected clock; null for nothing in sight. */
  nextDue(): Promise<Date | null>;
  /** Does everything that is due at this time. */
  run(at: Date): Promise<void>;
}

/** Marks a provider as due work; it is found by discovery and listed at `/v1/admin/schedules` by this name. */
export const DueWork = (name: string) => SetMetadata(DUE_WORK, name);
