import { rmSync } from 'node:fs';
import { folderInMemory } from './memory-folder.mjs';

export default async function teardown() {
  await globalThis.testServer?.stop();
  const inMemory = folderInMemory();
  // On the disk the cluster waits for the next run; memory is given back.
  if (inMemory) rmSync(inMemory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
