import { Injectable } from '@nestjs/common';
import { MetricsReaders } from '#platform/observability';
import { OperatorKeys } from './operator-keys.js';

/** Besides the machine itself, operators of any role may scrape the metrics. */
@Injectable()
export class OperatorsReadMetrics extends MetricsReaders {
  constructor(private readonly keys: OperatorKeys) {
    super();
  }

  async include(authorization: string): Promise<boolean> {
    const key = /^bearer (.+)$/i.exec(authorization)?.[1];
    return key !== undefined && (await this.keys.identify(key)) !== undefined;
  }
}
