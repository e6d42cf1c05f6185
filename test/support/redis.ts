import { spawnSync } from 'node:child_process';

export const redisUrl = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';

/** Specs of Redis are skipped, and listed as skipped, where none answers. Asked once, while specs are declared. */
export const describeWithRedis: jest.Describe = isReachable(new URL(redisUrl)) ? describe : describe.skip;

function isReachable({ hostname, port }: URL): boolean {
  const knock = `require('node:net').connect(${port || 6379}, ${JSON.stringify(hostname)})
    .on('connect', () => process.exit(0)).on('error', () => process.exit(1)).setTimeout(1000, () => process.exit(1))`;
  return spawnSync(process.execPath, ['-e', knock]).status === 0;
}
