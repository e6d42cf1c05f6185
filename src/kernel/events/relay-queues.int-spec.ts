import { setTimeout as sleep } from 'node:timers/promises';
import { anApp, type TestApp } from '../../../test/support/app.js';
import { queryAs } from '../../../test/support/database.js';
import { until } from '../../../test/support/until.js';
import { PoolMetrics } from '../observe/pool-metrics.js';
import { RelayQueues } from './relay-queues.js';
import type { Track } from './shards.js';

describe('The queues of the relay', () => {
  let app: TestApp;
  let queues: RelayQueues;
  /** Nobody else has a worker here. */
  beforeEach(async () => {
    app = await anApp({ ROLE: 'api' });
    queues = new RelayQueues(app.settings, app.nest.get(PoolMetrics));
  });
  afterEach(async () => {
    await queues.close();
    await app.close();
  });

  const rename = (from: string, to: string) =>
    queryAs(app.database.superuserUrl, `ALTER SCHEMA ${from} RENAME TO ${to}`);

  it('take tickets as soon as the database lets them, and stand in nobody’s way until then', async () => {
    await rename('bullmq', 'away');
    const taken: Track[] = [];
    queues.open(async (track) => void taken.push(track));
    const offered = queues.offer({ subscriber: 'late', shard: 1 }, 1);
    await sleep(500);
    expect(taken).toEqual([]);
    await rename('away', 'bullmq');
    await offered;
    await until('the ticket was taken', () => taken.length === 1);
    expect(taken).toEqual([{ subscriber: 'late', shard: 1 }]);
  });

  it('are closed at any moment of their start, and leave no session behind', async () => {
    for (let pause = 0; pause < 40; pause++) {
      const others = new RelayQueues(app.settings, app.nest.get(PoolMetrics));
      others.open(async () => {});
      await sleep(pause);
      await others.close();
    }
    await until('no session is left', async () => {
      const sessions = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE $1`;
      return (await queryAs(app.database.superuserUrl, sessions, ['%queues%'])).length === 0;
    });
  });
});
