import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import { Kernel1773273600000 } from '../../migrations/1773273600000-kernel.js';
import { RateLeases1773273601000 } from '../../migrations/1773273601000-rate-leases.js';
import { Ledger1773273610000 } from '../../migrations/1773273610000-ledger.js';
import { LedgerPost1773273610001 } from '../../migrations/1773273610001-ledger-post.js';
import { LedgerTransfers1773273611000 } from '../../migrations/1773273611000-ledger-transfers.js';
import { LedgerEconomy1773273612000 } from '../../migrations/1773273612000-ledger-economy.js';
import { LedgerAudit1773273613000 } from '../../migrations/1773273613000-ledger-audit.js';
import { Agents1773273620000 } from '../../migrations/1773273620000-agents.js';
import { EventRelay1773273630000 } from '../../migrations/1773273630000-event-relay.js';
import { Webhooks1773273640000 } from '../../migrations/1773273640000-webhooks.js';
import { Verification1773273646000 } from '../../migrations/1773273646000-verification.js';
import { Tasks1773273660000 } from '../../migrations/1773273660000-tasks.js';
import { TaskTimes1773273661000 } from '../../migrations/1773273661000-task-times.js';
import { Validation1773273670000 } from '../../migrations/1773273670000-validation.js';
import { ValidatorStandings1773273671000 } from '../../migrations/1773273671000-validator-standings.js';
import { Reputation1773273680000 } from '../../migrations/1773273680000-reputation.js';
import { System1773273690000 } from '../../migrations/1773273690000-system.js';
import { Showcase1773273700000 } from '../../migrations/1773273700000-showcase.js';
import { ShowcasePast1773273701000 } from '../../migrations/1773273701000-showcase-past.js';
import { AgentCards1773273705000 } from '../../migrations/1773273705000-agent-cards.js';
import { ReputationHistory1773273710000 } from '../../migrations/1773273710000-reputation-history.js';
import { LedgerStatements1773273712000 } from '../../migrations/1773273712000-ledger-statements.js';
import { DrawPools1773273713000 } from '../../migrations/1773273713000-draw-pools.js';
import { KeptSecrets1773273721000 } from '../../migrations/1773273721000-kept-secrets.js';
import { Suspensions1773273722000 } from '../../migrations/1773273722000-suspensions.js';
import { DebtReferences1773273723000 } from '../../migrations/1773273723000-debt-references.js';
import { TaskBidsAndMatches1773273723001 } from '../../migrations/1773273723001-task-bids-and-matches.js';
import { SystemClaims1773273723002 } from '../../migrations/1773273723002-system-claims.js';
import { JudgingRecords1773273724000 } from '../../migrations/1773273724000-judging-records.js';
import { AgentSearch1773273725000 } from '../../migrations/1773273725000-agent-search.js';
import { ShowcaseVerified1773273725001 } from '../../migrations/1773273725001-showcase-verified.js';
import { LedgerUsedKeys1773273726000 } from '../../migrations/1773273726000-ledger-used-keys.js';
import { SubscribersAtWork1773273726001 } from '../../migrations/1773273726001-subscribers-at-work.js';
import { RetentionByPage1773273726002 } from '../../migrations/1773273726002-retention-by-page.js';
import { ScheduleRuns1773273730000 } from '../../migrations/1773273730000-schedule-runs.js';

/** Every migration of the core, in the order of their timestamps. Extensions bring theirs beside them. */
export const MIGRATIONS: readonly Type<MigrationInterface>[] = [
  Kernel1773273600000,
  RateLeases1773273601000,
  Ledger1773273610000,
  LedgerPost1773273610001,
  LedgerTransfers1773273611000,
  LedgerEconomy1773273612000,
  LedgerAudit1773273613000,
  Agents1773273620000,
  EventRelay1773273630000,
  Webhooks1773273640000,
  Verification1773273646000,
  Tasks1773273660000,
  TaskTimes1773273661000,
  Validation1773273670000,
  ValidatorStandings1773273671000,
  Reputation1773273680000,
  System1773273690000,
  Showcase1773273700000,
  ShowcasePast1773273701000,
  AgentCards1773273705000,
  ReputationHistory1773273710000,
  LedgerStatements1773273712000,
  DrawPools1773273713000,
  KeptSecrets1773273721000,
  Suspensions1773273722000,
  DebtReferences1773273723000,
  TaskBidsAndMatches1773273723001,
  SystemClaims1773273723002,
  JudgingRecords1773273724000,
  AgentSearch1773273725000,
  ShowcaseVerified1773273725001,
  LedgerUsedKeys1773273726000,
  SubscribersAtWork1773273726001,
  RetentionByPage1773273726002,
  ScheduleRuns1773273730000,
];
