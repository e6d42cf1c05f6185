import { Injectable } from '@nestjs/common';
import { DueWork, type DueWorker } from '#platform/scheduling';
import { Decay } from './decay.service.js';

/** Every thirty days from the ledger's epoch. */
@Injectable()
@DueWork('decay')
export class DecayDue implements DueWorker {
  constructor(private readonly decay: Decay) {}

  nextDue(): Promise<Date> {
    return this.decay.nextDue();
  }

  run(at: Date): Promise<void> {
    return this.decay.runUpTo(at);
  }
}
