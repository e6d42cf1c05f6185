import { Injectable } from '@nestjs/common';
import { HealthCheck, type HealthFacts, type HealthPart } from '#platform/observability';
import { Replicas } from './replicas.js';
import { Wakeups } from './wakeups.js';

/** Without it nothing is lost, but everything that waits for a word from elsewhere waits for its poll. */
@Injectable()
@HealthCheck('wakeups')
export class WakeupsHealth implements HealthPart {
  constructor(
    private readonly wakeups: Wakeups,
    private readonly replicas: Replicas,
  ) {}

  check(): HealthFacts {
    if (!this.wakeups.connected) throw new Error('The listening connection is down.');
    return { replicas: this.replicas.count };
  }
}
