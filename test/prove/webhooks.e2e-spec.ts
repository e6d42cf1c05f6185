import { inLines, proveWebhooks } from '../../scripts/prove/webhook-proof.js';
import { aDatabase, type TestDatabase } from '../support/database.js';

describe('The receiver farm, for ten seconds (npm run prove:webhooks takes its time)', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await aDatabase();
  });
  afterAll(() => database.drop());

  it('gets every event at least once, or has it visibly failed, while senders are killed', async () => {
    const report = await proveWebhooks({
      databaseUrl: database.url,
      ownerUrl: database.ownerUrl,
      peaceS: 4,
      warS: 6,
      receivers: 20,
      eventsPerS: 40,
      toTheEnd: false,
    });
    console.log(inLines(report).join('\n'));
    expect(report.faults).toEqual([]);
    expect(report.kills).toBeGreaterThan(0);
    expect(report.events).toBeGreaterThan(20 + 10 * 40 - 1);
  }, 180_000);
});
