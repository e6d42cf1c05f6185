import { Injectable, Logger } from '@nestjs/common';
import { DAY_MS } from '#kernel/clock';
import { LedgerAudit } from '#modules/points';
import { Database, UnitOfWork } from '#platform/database';
import { HealthRegistry, Metrics } from '#platform/observability';
import { DueWork, Periodic } from '#platform/scheduling';

/** The whole log is read on the first day of each week of seven days, what is new on the others. */
const FULL_EVERY_DAYS = 7;

/** Holds the books against the log each night. Drift is told, never repaired by itself. */
@Injectable()
@DueWork('ledger-reconciliation')
export class ReconciliationDue extends Periodic {
  protected readonly name = 'ledger-reconciliation';
  protected readonly everyMs = DAY_MS;
  private readonly logger = new Logger('Reconciliation');
  private drifts = 0;

  constructor(
    database: Database,
    work: UnitOfWork,
    private readonly ledger: LedgerAudit,
    metrics: Metrics,
    health: HealthRegistry,
  ) {
    super(database, work);
    metrics.gauge('ledger_drifts', 'What the last reconciliation found not to hold.', () => this.drifts);
    health.register('ledger', () => {
      if (this.drifts > 0) throw new Error(`The ledger drifts in ${this.drifts} places.`);
      return { drifts: this.drifts };
    });
  }

  /** First the work, then the claim: the books are checked when nothing is under way, our own claim included. */
  override async run(at: Date): Promise<void> {
    await this.reconcile(at);
    await super.run(at);
  }

  protected async once(): Promise<void> {}

  private async reconcile(at: Date): Promise<void> {
    const full = Math.floor(at.getTime() / DAY_MS) % FULL_EVERY_DAYS === 0;
    const { drifts } = await this.ledger.verify({ full, at });
    this.drifts = drifts.length;
    for (const drift of drifts) this.logger.error({ msg: 'the ledger drifts', ...drift });
    if (drifts.length === 0) await this.ledger.rollUp(at);
  }
}
