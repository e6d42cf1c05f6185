import type { Clock } from '#kernel/clock';
import { points, toDecimal, type Money } from '#kernel/money';
import type { Tx } from '#kernel/tx';
import {
  LedgerAudit,
  Figures,
  AuditStore,
  BalanceStore,
  HistoryStore,
  LedgerStore,
  type Posted,
  TransferLane,
  TreasuryStore,
  PointsService,
  Transfers,
  Treasury,
  holdEscrow,
  overturnApproval,
  releaseEscrow,
} from '#modules/points';
import { Outbox } from '#platform/messaging';
import { LedgerDatabase } from './ledger.js';

/** A ledger with a clock that tests move, and short words for what stories about money need. */
export class LedgerWorld {
  readonly clock: Clock & { time: Date };
  readonly service: PointsService;
  readonly transfers: Transfers;
  readonly treasury: Treasury;
  readonly audit: LedgerAudit;
  readonly figures: Figures;
  private count = 0;

  private constructor(readonly db: LedgerDatabase) {
    this.clock = { time: new Date('2026-03-12T12:00:00.000Z'), now: () => this.clock.time };
    const [database, work] = [db.asDatabase(), db.asUnitOfWork()];
    const treasury = new TreasuryStore(database, work);
    // The SQL writes the events itself; here nobody waits to be woken.
    const outbox = new UnheardOutbox(this.clock, undefined as never);
    const audit = new AuditStore(database, work);
    this.service = new PointsService(
      new LedgerStore(),
      new BalanceStore(database),
      new HistoryStore(database),
      outbox,
      this.clock,
    );
    this.treasury = new Treasury(treasury);
    this.audit = new LedgerAudit(audit, { ended: () => Promise.resolve(new Map()) });
    this.figures = new Figures(audit, treasury, this.clock);
    this.transfers = new Transfers(new TransferLane(database), outbox, this.clock);
  }

  static create = async (): Promise<LedgerWorld> => new LedgerWorld(await LedgerDatabase.create());

  fresh = (prefix = 'agt'): string => `${prefix}_t${String(++this.count).padStart(7, '0')}`;
  run = <T>(deed: (tx: Tx) => T | Promise<T>): Promise<T> => this.db.run(deed);

  async anAgent(balance: Money = points(0)): Promise<string> {
    const id = this.fresh();
    await this.run((tx) => this.service.openAccount(tx, id));
    if (balance.units > 0n) await this.grant(id, balance);
    return id;
  }

  grant = (agentId: string, amount: Money): Promise<Posted> =>
    this.run((tx) => this.service.sandboxGrant(tx, { agentId, amount, cause: this.fresh('grant') }));

  hold = (payer: string, reference: string, amount: Money): Promise<void> =>
    this.run((tx) => this.service.postLater(tx, holdEscrow({ payer, reference, amount })));

  /** An agent who was paid 100, spent what it could and must give it back: the creator is owed 80. */
  async anOverturnedPayment(): Promise<{ creator: string; executor: string }> {
    const creator = await this.anAgent(points(100));
    const executor = await this.anAgent();
    const task = this.fresh('tsk');
    await this.hold(creator, task, points(100));
    await this.run((tx) =>
      this.service.postLater(tx, releaseEscrow({ reference: task, payee: executor, amount: points(100) })),
    );
    await this.hold(executor, this.fresh('tsk'), points(80));
    const disputeId = this.fresh('dsp');
    await this.run((tx) =>
      this.service.postLater(
        tx,
        overturnApproval({
          disputeId,
          reference: task,
          creator,
          executor,
          price: points(100),
        }),
      ),
    );
    return { creator, executor };
  }

  pointsOf = async (agentId: string): Promise<string> =>
    toDecimal((await this.service.balanceOf(agentId)).points);
  debtOf = async (agentId: string): Promise<string> =>
    toDecimal((await this.service.balanceOf(agentId)).debt);

  async held(reference: string, currency = 'points'): Promise<string | undefined> {
    const rows = await this.db.query<{ balance: string }>(
      'SELECT trim_scale(balance)::text AS balance FROM escrows WHERE reference = $1 AND currency = $2',
      [reference, currency],
    );
    return rows[0]?.balance;
  }

  async countRows(): Promise<Record<string, string>> {
    const [row] = await this.db.query<Record<string, string>>(
      `SELECT (SELECT count(*) FROM transactions) AS transactions, (SELECT count(*) FROM movements) AS movements,
         (SELECT count(*) FROM outbox) AS outbox, (SELECT count(*) FROM escrows) AS escrows,
         (SELECT count(*) FROM idempotency_keys) AS keys, (SELECT count(*) FROM debts) AS debts`,
    );
    return row!;
  }
}

class UnheardOutbox extends Outbox {
  override announce(): void {}
}
