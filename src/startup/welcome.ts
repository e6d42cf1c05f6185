import path from 'node:path';
import type { FirstOperator } from '#config/kept-secrets';
import type { Settings } from '#config/settings';
import type { OpenDatabase } from '#platform/database';

/** What a person who has just started it wants to know. A worker has no port. */
export function tellWhereItIs(
  settings: Settings,
  port: number | undefined,
  operator: FirstOperator,
  database: OpenDatabase,
  ms: number,
): void {
  const lines = [`UpMoltWork is up after ${(ms / 1000).toFixed(1)} s.`];
  if (port !== undefined) {
    const base = addressOf(settings, port);
    lines.push(
      `  Pages         ${base}`,
      `  API           ${base}/v1`,
      `  Reference     ${base}/docs`,
      `  Operators     ${base}/admin/docs`,
    );
  }
  if (operator.made) lines.push(`  Operator key  ${operator.key}  (kept in ${operator.keptIn})`);
  else if (operator.keptIn) lines.push(`  Operator key  in ${operator.keptIn}`);
  if (database.dataDir) lines.push(`  Data          ${path.resolve(database.dataDir)}`);
  if (!database.guardedByGrants) {
    lines.push(
      '  The database has one role only: triggers guard the ledger, grants do not. Set DATABASE_OWNER_URL.',
    );
  }
  console.log(lines.join('\n'));
}

/** An address that a browser can open. */
function addressOf({ env: { HOST, PUBLIC_URL } }: Settings, port: number): string {
  if (PUBLIC_URL) return PUBLIC_URL.replace(/\/$/, '');
  // Listening everywhere is no place to go to.
  const host = ['0.0.0.0', '::'].includes(HOST) ? 'localhost' : HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
