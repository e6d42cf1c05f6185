import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../kernel/db/tx.js';
import { copyWork, type CopiedWork, type CopyNames } from '../domain/copy-work.js';
import type { Work } from '../domain/task.js';
import { BidStore } from '../persistence/bid.store.js';
import { SubmissionStore } from '../persistence/submission.store.js';
import { namesFor } from './copy-names.js';
import { TaskCopies, type TaskCopy } from './task-copies.js';

/** More than there can be: each agent bids once, and few take a bid back. */
const BIDS_MAX = 1_000;

/** A copy, the work that it is a copy of, and what that is called in it. */
export interface Copied {
  copy: TaskCopy;
  original: Work;
  names: CopyNames;
}

/** Work that is read as if it were on the board and being judged. */
@Injectable()
export class CopiedWorks {
  constructor(
    private readonly copies: TaskCopies,
    private readonly submissions: SubmissionStore,
    private readonly bids: BidStore,
  ) {}

  async find(taskId: string, tx?: Tx): Promise<CopiedWork | undefined> {
    const found = await this.originalOf(taskId, tx);
    if (!found) return undefined;
    const page = { taskId: found.original.task.id, after: undefined, limit: BIDS_MAX };
    const bids = await this.bids.page(page, tx);
    return copyWork({ ...found.original, bids }, found.names);
  }

  async originalOf(taskId: string, tx?: Tx): Promise<Copied | undefined> {
    const copy = await this.copies.find(taskId, tx);
    if (!copy) return undefined;
    const [original] = await this.submissions.works([copy.originalSubmissionId], tx);
    return original && { copy, original, names: namesFor(copy, original.submission) };
  }
}
