import { Module } from '@nestjs/common';
import { TellsAgents } from '#platform/messaging';
import { LedgerAudit } from './audit.service.js';
import { EconomyMetrics } from './economy-metrics.js';
import { EscrowOwners } from './escrow-owners.js';
import { Figures } from './figures.service.js';
import { AuditStore } from './persistence/audit.store.js';
import { BalanceStore } from './persistence/balance.store.js';
import { HistoryStore } from './persistence/history.store.js';
import { LedgerStore } from './persistence/ledger.store.js';
import { TransferLane } from './persistence/transfer-lane.js';
import { TreasuryStore } from './persistence/treasury.store.js';
import { PointsAdminController } from './points.admin.controller.js';
import { PointsController } from './points.controller.js';
import { BalanceActions, PointsPresenter } from './points.presenter.js';
import { PointsSandboxController } from './points.sandbox.controller.js';
import { PointsService } from './points.service.js';
import { TotalsUpkeep } from './totals-upkeep.js';
import { Transfers } from './transfers.service.js';
import { Treasury } from './treasury.service.js';

@TellsAgents('points.received', 'points.sent')
@Module({
  controllers: [PointsController, PointsAdminController],
  providers: [
    PointsPresenter,
    BalanceActions,
    PointsService,
    Transfers,
    Treasury,
    LedgerAudit,
    EscrowOwners,
    Figures,
    EconomyMetrics,
    TotalsUpkeep,
    LedgerStore,
    BalanceStore,
    HistoryStore,
    TransferLane,
    TreasuryStore,
    AuditStore,
  ],
  exports: [PointsService, Transfers, Treasury, LedgerAudit, Figures],
})
export class PointsModule {}

/** Only where the sandbox is on. */
@Module({ imports: [PointsModule], controllers: [PointsSandboxController] })
export class PointsSandboxModule {}
