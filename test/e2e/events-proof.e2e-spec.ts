import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { aDatabase, type TestDatabase } from '../support/database.js';
import { describeWithRedis, redisUrl } from '../support/redis.js';

/** Ten seconds of `npm run prove:events`; it says itself what is missing, doubled or out of order. */
const prove = async (database: TestDatabase, seconds: number, more: NodeJS.ProcessEnv = {}) => {
  const script = path.resolve('dist/scripts/prove/events.js');
  const child = spawn(process.execPath, [script, '--seconds', String(seconds)], {
    env: { ...process.env, ...more, DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl },
  });
  let said = '';
  for (const output of [child.stdout, child.stderr])
    output.on('data', (text: Buffer) => (said += String(text)));
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, said };
};

describe('Events under fire', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await aDatabase();
  });
  afterEach(() => database.drop());

  it('arrive, in order, while their processes are killed and their lines are cut', async () => {
    const { code, said } = await prove(database, 10);
    expect(said).toMatch(/changes: [1-9]/);
    expect(said).toMatch(/kills: [1-9]/);
    expect({ code, said }).toMatchObject({ code: 0 });
  }, 150_000);

  describeWithRedis('over Redis', () => {
    it('arrive also while Redis is emptied', async () => {
      const { code, said } = await prove(database, 5, { REDIS_URL: redisUrl });
      expect(said).toMatch(/flushes: [1-9]/);
      expect({ code, said }).toMatchObject({ code: 0 });
    }, 150_000);
  });
});
