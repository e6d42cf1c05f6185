import { Injectable, Logger } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { castVote, type Vote } from '../domain/cast-vote.js';
import type { LockedJudgement } from '../domain/change.js';
import { CourseService } from '../panels/course.service.js';

/** A vote, and in the same transaction all that it decides. */
@Injectable()
export class VotesService {
  private readonly logger = new Logger('Votes');

  constructor(private readonly course: CourseService) {}

  async cast(tx: Tx, by: string, submissionId: string, vote: Vote): Promise<LockedJudgement> {
    const judged = await this.course.act(tx, submissionId, (locked, at) => castVote(locked, by, vote, at));
    this.logger.log({ msg: 'vote cast', submissionId, agentId: by });
    return judged;
  }
}
