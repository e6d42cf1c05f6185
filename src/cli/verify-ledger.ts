import type { DataSource } from 'typeorm';
import { Settings } from '#config/settings';
import { LedgerAudit, type Drift, type Verification, AuditStore } from '#modules/points';
import { EndedTasks } from '#modules/tasks';
import { Database, UnitOfWork } from '#platform/database';

/** The product's own audit, without the product around it. */
export async function verifyLedger(
  dataSource: DataSource,
  scope: { full: boolean; at: Date },
): Promise<{ clean: boolean; lines: string[] }> {
  const database = new Database(dataSource, Settings.forReference());
  const store = new AuditStore(database, new UnitOfWork(database));
  const audit = new LedgerAudit(store, new EndedTasks(database));
  const verification = await audit.verify(scope);
  return { clean: verification.drifts.length === 0, lines: reportOf(verification) };
}

/** For a person: what was looked at, and each thing that does not add up by its name. */
export function reportOf({ full, uptoMovement, drifts }: Verification): string[] {
  const scope = full ? 'since the first movement' : 'since the last clean run';
  if (drifts.length > 0) {
    return [
      `The ledger does not add up ${scope}: ${drifts.length} drifts. Nothing was changed.`,
      ...drifts.map(lineOf),
    ];
  }
  const checkpoint =
    uptoMovement === undefined
      ? 'The checkpoint stays where it is: transactions were still open.'
      : `The next run begins after movement ${uptoMovement}.`;
  return [`The ledger adds up ${scope}.`, checkpoint];
}

const lineOf = ({ kind, subject, currency, expected, found }: Drift): string =>
  `  ${kind}  ${subject}  ${currency}  expected ${expected ?? 'nothing'}, found ${found ?? 'nothing'}`;
