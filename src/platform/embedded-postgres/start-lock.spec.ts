import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { processName } from './process-liveness.js';
import { withStartLock } from './start-lock.js';

describe('withStartLock', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'upmoltwork-lock-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const never = new AbortController().signal;

  it('lets one in at a time, and leaves one file', async () => {
    let inside = 0;
    const seen: number[] = [];
    const work = async (): Promise<void> => {
      seen.push(++inside);
      await nextTurn();
      inside--;
    };
    await Promise.all(Array.from({ length: 5 }, () => withStartLock(folder, never, work)));
    expect(seen).toEqual([1, 1, 1, 1, 1]);
    expect(readdirSync(folder)).toEqual(['start.lock.5']);
  });

  it.each([
    { of: 'a process that is dead', holder: `${2 ** 22 + 1}:1` },
    { of: 'a process whose pid another one has now', holder: `${processName(process.pid)}0` },
  ])('does not wait for $of', async ({ holder }) => {
    writeFileSync(path.join(folder, 'start.lock.41'), holder);
    await expect(withStartLock(folder, never, async () => 'in')).resolves.toBe('in');
    expect(readdirSync(folder)).toEqual(['start.lock.42']);
  });

  it('waits for one that lives, until told to give up', async () => {
    writeFileSync(path.join(folder, 'start.lock.41'), processName(process.pid));
    const gaveUp = withStartLock(folder, AbortSignal.timeout(60), async () => 'in');
    await expect(gaveUp).rejects.toThrow('aborted');
    expect(readdirSync(folder)).toEqual(['start.lock.41']);
  });

  it('is free again after work that failed', async () => {
    const failing = withStartLock(folder, never, () => Promise.reject(new Error('failed')));
    await expect(failing).rejects.toThrow('failed');
    await expect(withStartLock(folder, never, async () => 'in')).resolves.toBe('in');
  });
});
