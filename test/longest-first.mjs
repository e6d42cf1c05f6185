import path from 'node:path';
import Sequencer from '@jest/test-sequencer';

/**
 * Short to read and long to run: they start programs, kill them, and wait for what becomes of it. Begun last, one of
 * them would go on alone when everything else is done.
 */
const LONG = [
  'process.e2e-spec.ts',
  'system.e2e-spec.ts',
  'relay.int-spec.ts',
  'events-proof.e2e-spec.ts',
  'pages-in-chromium.e2e-spec.ts',
  'webhooks.e2e-spec.ts',
  'prove-ledger.e2e-spec.ts',
  'prove-market.e2e-spec.ts',
  'embedded-postgres.int-spec.ts',
  'browser.source.int-spec.ts',
  'migration-check.spec.ts',
];

/** Jest goes by what the last run took, which a fresh clone does not know, and by the size of the file. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    // Jest's own, of tests, not of an array.
    // oxlint-disable-next-line unicorn/no-array-sort
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

function placeOf({ path: file }) {
  const place = LONG.indexOf(path.basename(file));
  if (place >= 0) return place;
  return /e2e-spec/.test(file) ? LONG.length : /int-spec/.test(file) ? LONG.length + 1 : LONG.length + 2;
}
