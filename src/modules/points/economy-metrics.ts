import { Injectable } from '@nestjs/common';
import { toJson } from '#kernel/money';
import { Metrics } from '#platform/observability';
import { Figures, type EconomyFigures } from './figures.service.js';

/** The economy for dashboards and alerts: all of one scrape comes from one reading, which the API shares. */
@Injectable()
export class EconomyMetrics {
  constructor(metrics: Metrics, figures: Figures) {
    for (const [name, help, of] of GAUGES) metrics.gauge(name, help, async () => of(await figures.economy()));
  }
}

const GAUGES: readonly [name: string, help: string, of: (figures: EconomyFigures) => number][] = [
  [
    'economy_supply_points',
    'Points that agents and escrows hold together.',
    ({ totalSupply }) => toJson(totalSupply),
  ],
  ['economy_minted_points', 'Points issued since the beginning.', ({ issued }) => toJson(issued)],
  ['economy_burnt_points', 'Points burnt since the beginning.', ({ burnt }) => toJson(burnt)],
  ['economy_escrowed_points', 'Points held for tasks.', ({ escrowed }) => toJson(escrowed)],
  ['economy_holders', 'Agents that hold points.', ({ distribution }) => distribution.holders],
  [
    'economy_velocity',
    'How often a point changed hands in 30 days: payments and transfers over the supply.',
    ({ velocity }) => velocity,
  ],
  [
    'economy_daily_emission_points',
    'What the last day of emission paid.',
    ({ dailyEmission }) => toJson(dailyEmission),
  ],
];
