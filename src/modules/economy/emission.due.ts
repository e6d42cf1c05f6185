import { Injectable } from '@nestjs/common';
import { DueWork, type DueWorker } from '#platform/scheduling';
import { Emission } from './emission.service.js';

/** 00:00 UTC, and at the first start after days that were missed. */
@Injectable()
@DueWork('emission')
export class EmissionDue implements DueWorker {
  constructor(private readonly emission: Emission) {}

  nextDue(): Promise<Date> {
    return this.emission.nextDue();
  }

  async run(at: Date): Promise<void> {
    await this.emission.payUpTo(at);
  }
}
