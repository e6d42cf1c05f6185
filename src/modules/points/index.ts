export { ISSUER, MOVEMENT_TYPES, type MovementType } from './domain/posting.js';
export {
  FEE_BPS,
  STARTER_BONUS,
  feeOf,
  holdEscrow,
  overturnApproval,
  overturnRejection,
  refund,
  releaseEscrow,
  resizeEscrow,
  type Caused,
  type Movement,
  type Overturn,
  type StarterOccasion,
} from './domain/movements.js';
export { AccountNotFound, DebtOutstanding, EscrowShort, InsufficientBalance } from './points.errors.js';
export type { PointsMoved } from './points.events.js';
export { LedgerAudit, type Verification } from './audit.service.js';
export { EscrowOwner, type EscrowOwnerProvider } from './escrow-owners.js';
export { Figures, type EconomyFigures, type SupplyDay, type TypeFigures } from './figures.service.js';
export type { Drift, DriftKind, HeldEscrow, Rebuilt } from './persistence/audit.store.js';
export type { Balance } from './persistence/balance.store.js';
export type { HistoryFilter, HistoryRow } from './persistence/history.store.js';
export type { Posted } from './persistence/ledger.store.js';
export type { Chunk, DecayStep, EmissionDay, EmissionTerms } from './persistence/treasury.store.js';
export { PointsModule, PointsSandboxModule } from './points.module.js';
export { PointsService, type Taken } from './points.service.js';
export { Transfers, type Receipt, type Transfer } from './transfers.service.js';
export { CHUNK_SIZE, Treasury, type IdChunks } from './treasury.service.js';

// For tests and scripts.
export { transfer } from './domain/movements.js';
export { type Books, applyPostings, balanceIn, isAgent } from './domain/posting.js';
export { AuditStore } from './persistence/audit.store.js';
export { BalanceStore } from './persistence/balance.store.js';
export { HistoryStore } from './persistence/history.store.js';
export { LedgerStore } from './persistence/ledger.store.js';
export { TransferLane } from './persistence/transfer-lane.js';
export { TreasuryStore } from './persistence/treasury.store.js';
