import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { BoundedCall } from '../health/bounded-call.js';

/** What a gauge shows: one number, or one for each set of labels. */
export type Reading<Label extends string = string> =
  number | readonly { readonly labels: Readonly<Record<Label, string>>; readonly value: number }[];

/** Where every part of the system registers what it counts. A registry of its own, so that tests do not meet. */
@Injectable()
export class Metrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  private readonly registry = new Registry();
  private readonly unread = this.counter(
    'metrics_unread_total',
    'Gauges left out of a scrape because reading them failed or took too long.',
    ['metric'],
  );

  counter<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
  ): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  histogram<Label extends string>(
    name: string,
    help: string,
    { labels = [], buckets }: { labels?: readonly Label[]; buckets: readonly number[] },
  ): Histogram<Label> {
    return new Histogram({
      name,
      help,
      labelNames: labels,
      buckets: [...buckets],
      registers: [this.registry],
    });
  }

  /** A gauge that is read when it is scraped. One that fails or hangs is left out and does not spoil the others. */
  gauge<Label extends string>(
    name: string,
    help: string,
    read: () => Reading<Label> | Promise<Reading<Label>>,
    labelNames: readonly Label[] = [],
  ): void {
    const reader = new BoundedCall(READ_TIMEOUT_MS, read);
    const gauge = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect: async () => {
        const reading = await reader.run().catch(() => undefined);
        gauge.reset();
        if (reading === undefined) {
          gauge.remove();
          this.unread.inc({ metric: name });
        } else show(gauge, reading);
      },
    });
  }

  /** Everything in the text format of Prometheus, the process itself included. */
  async text(): Promise<string> {
    return `${await processRegistry().metrics()}\n${await this.registry.metrics()}`;
  }
}

const READ_TIMEOUT_MS = 2_000;

function show<Label extends string>(gauge: Gauge<Label>, reading: Reading<Label>): void {
  if (typeof reading === 'number') gauge.set(reading);
  else for (const { labels, value } of reading) gauge.set(labels, value);
}

let ofProcess: Registry | undefined;

/** A process has one event loop and one garbage collector: they are watched once, however many apps it holds. */
function processRegistry(): Registry {
  if (!ofProcess) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}
