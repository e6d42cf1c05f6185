import { Injectable } from '@nestjs/common';
import { Metrics } from './metrics.js';

/** Requests by route pattern; a raw path would make a series of every id. */
@Injectable()
export class HttpMetrics {
  private readonly requests;
  private readonly durations;
  private open = 0;

  constructor(metrics: Metrics) {
    this.requests = metrics.counter('http_requests_total', 'Answered requests.', [
      'method',
      'route',
      'status',
    ]);
    this.durations = metrics.histogram(
      'http_request_duration_seconds',
      'From the first byte in to the last out.',
      {
        labels: ['method', 'route'],
        buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      },
    );
    metrics.gauge('http_requests_open', 'Requests being answered, streams included.', () => this.open);
  }

  began(): void {
    this.open++;
  }

  /** A stream has no duration worth an average: it is counted only. */
  ended(method: string, route: string, status: number, durationMs: number, isStream: boolean): void {
    this.open--;
    this.requests.inc({ method, route, status });
    if (!isStream) this.durations.observe({ method, route }, durationMs / 1_000);
  }
}
