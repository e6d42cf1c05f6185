import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { breakingChanges } from './breaking-changes.js';

/**
 * Compares openapi.json with the last released interface and fails on a change that breaks clients.
 *   --accept            releases the present interface: it becomes the new baseline
 *   --baseline, --document   other files than the committed ones
 */
function main(): number {
  const { values } = parseArgs({
    options: {
      accept: { type: 'boolean', default: false },
      baseline: { type: 'string', default: 'openapi.baseline.json' },
      document: { type: 'string', default: 'openapi.json' },
    },
  });
  if (values.accept) {
    copyFileSync(values.document, values.baseline);
    console.log(`${values.baseline} is now ${values.document}.`);
    return 0;
  }
  if (!existsSync(values.baseline)) {
    console.error(
      `There is no ${values.baseline}. The first release makes it: npm run openapi:breaking -- --accept`,
    );
    return 1;
  }
  const changes = breakingChanges(read(values.baseline), read(values.document));
  if (changes.length === 0) {
    console.log(`${values.document} breaks nobody who relies on ${values.baseline}.`);
    return 0;
  }
  console.error(`${changes.length} changes break clients of the released interface:`);
  for (const change of changes) console.error(`  ${change}`);
  console.error('Keep the old form beside the new one, or accept the break with a release: -- --accept');
  return 1;
}

const read = (file: string): object => JSON.parse(readFileSync(file, 'utf8')) as object;

process.exitCode = main();
