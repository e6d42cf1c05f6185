import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { schemasOf } from '#extensions/extension';
import { EXTENSIONS } from '#extensions/index';
import { migrate } from '#platform/database';
import { startEmbeddedPostgres } from '#platform/embedded-postgres';
import { inLines, proveWebhooks } from './webhook-proof.js';

/**
 * Sends to a farm of receivers of which 20 % fail, 10 % hang, 5 % reset and 5 % trickle, while senders are killed, and
 * fails unless every event was delivered at least once or has visibly failed.
 *   --seconds   how long news is made, half of it in peace (60)
 *   --receivers (100)   --rate events a second (100)
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      receivers: { type: 'string', default: '100' },
      rate: { type: 'string', default: '100' },
    },
  });
  const home = mkdtempSync(path.join(tmpdir(), 'prove-webhooks-'));
  const server = await startEmbeddedPostgres({ home });
  try {
    await migrate(server.url('owner'), server.url('app'), schemasOf(EXTENSIONS));
    const half = Number(values.seconds) / 2;
    const report = await proveWebhooks({
      databaseUrl: server.url('app'),
      ownerUrl: server.url('owner'),
      peaceS: half,
      warS: half,
      receivers: Number(values.receivers),
      eventsPerS: Number(values.rate),
      toTheEnd: true,
    });
    for (const line of inLines(report)) console.log(line);
    return report.faults.length === 0 ? 0 : 1;
  } finally {
    await server.stop();
    rmSync(home, { recursive: true });
  }
}

process.exitCode = await main();
