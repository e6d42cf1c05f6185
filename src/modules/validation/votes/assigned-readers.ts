import { Injectable } from '@nestjs/common';
import { ResultReader, type ResultReaderProvider } from '#modules/tasks';
import { JudgementStore } from '../persistence/judgement.store.js';

/** Whoever is drawn to judge a result may read it. */
@Injectable()
@ResultReader()
export class AssignedReaders implements ResultReaderProvider {
  constructor(private readonly judgements: JudgementStore) {}

  mayRead(agentId: string, submissionId: string): Promise<boolean> {
    return this.judgements.isSeated(agentId, submissionId);
  }
}
