import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Settings } from '../config/settings.js';
import { dataSourceOptions } from '../database/data-source.js';
import { migrationsIn } from '../database/schema-files.js';
import { Clock } from './clock.js';
import { Database } from './db/database.js';
import { PoolWatch, WakeupsHealth } from './db/database.watch.js';
import { ListeningConnection } from './db/listening-connection.js';
import { Replicas } from './db/replicas.js';
import { UnitOfWork } from './db/unit-of-work.js';
import { Wakeups } from './db/wakeups.js';
import { WakeupsLifecycle, wakeupsFor } from './db/wakeups.provider.js';
import { ClockSandboxController } from './due/clock.sandbox.controller.js';
import { DueRunner } from './due/due-runner.js';
import { Retention } from './due/retention.due.js';
import { MovableClock } from './due/sandbox-clock.js';
import { ScheduleLog } from './due/schedule-log.js';
import { SchedulesAdminController } from './due/schedules.admin.controller.js';
import { TimeTraveller } from './due/time-traveller.js';
import { outgoingClientProvider } from './egress/outgoing-client.provider.js';
import { AgentEvents } from './events/agent-events.js';
import { Changes } from './events/changes.js';
import { EventStreams } from './events/event-streams.js';
import { EventsHealth } from './events/events.health.js';
import { HandOver } from './events/hand-over.js';
import { Outbox } from './events/outbox.js';
import { OutboxStore } from './events/outbox.store.js';
import { ProgressStore } from './events/progress.store.js';
import { Relay } from './events/relay.js';
import { Shelf } from './events/shelf.js';
import { Subscribers } from './events/subscribers.js';
import { EventTail } from './events/tail.js';
import { AccessGuard } from './http/access.guard.js';
import { ErrorPages } from './http/error-pages.js';
import { Hold } from './http/hold.js';
import { KeyWatches } from './http/key-watches.js';
import { LimiterModule } from './http/limiter/limiter.module.js';
import { NextActions } from './http/next-actions.js';
import { OnceRunner } from './http/once.js';
import { ProblemFilter } from './http/problem.filter.js';
import { ProblemsController } from './http/problems.controller.js';
import { RouteRules } from './http/route-rules.js';
import { EventAnswers } from './http/streams/event-answers.js';
import { DatabaseHealth, ExpectedMigrations, MigrationsHealth } from './observe/database.health.js';
import { MetricsReaders } from './observe/metrics.controller.js';
import { ObserveModule } from './observe/observe.module.js';
import { AuditLog } from './operators/audit-log.js';
import { OperatorsReadMetrics } from './operators/metrics-readers.js';
import { OperatorGuard } from './operators/operator.guard.js';
import { OperatorKeys } from './operators/operator-keys.js';
import { OperatorStrategy } from './operators/operator.strategy.js';
import { OperatorsAdminController } from './operators/operators.admin.controller.js';
import { Sealer } from './sealing.js';

const DATABASE = [
  Database,
  UnitOfWork,
  WakeupsLifecycle,
  DatabaseHealth,
  MigrationsHealth,
  PoolWatch,
  WakeupsHealth,
];
const EVENTS = [
  AgentEvents,
  Outbox,
  OutboxStore,
  ProgressStore,
  Subscribers,
  HandOver,
  Shelf,
  Relay,
  Changes,
  EventTail,
  EventStreams,
  EventsHealth,
];
const DUE_WORK = [DueRunner, ScheduleLog, Retention, TimeTraveller];
const HTTP = [
  OnceRunner,
  Hold,
  KeyWatches,
  EventAnswers,
  NextActions,
  RouteRules,
  AccessGuard,
  ErrorPages,
  ProblemFilter,
];
const OPERATORS = [
  OperatorKeys,
  OperatorStrategy,
  OperatorGuard,
  AuditLog,
  { provide: MetricsReaders, useClass: OperatorsReadMetrics },
];

/** What every module needs and no module owns. Global, so that a module imports only its neighbours. */
@Global()
@Module({})
export class KernelModule {
  static with(settings: Settings, extensionSchemas: readonly string[]): DynamicModule {
    const providers = [
      { provide: Settings, useValue: settings },
      { provide: Sealer, useFactory: () => new Sealer(settings.keys.encryption) },
      { provide: ListeningConnection, useFactory: () => new ListeningConnection(settings.databaseUrl) },
      { provide: Wakeups, useFactory: wakeupsFor, inject: [ListeningConnection, Settings] },
      {
        provide: Replicas,
        useFactory: (line: ListeningConnection, wakeups: Wakeups) => new Replicas(line, wakeups),
        inject: [ListeningConnection, Wakeups],
      },
      MovableClock,
      { provide: Clock, useExisting: MovableClock },
      outgoingClientProvider,
      ...DATABASE,
      {
        provide: ExpectedMigrations,
        useFactory: () => new ExpectedMigrations(migrationsIn(extensionSchemas)),
      },
      ...EVENTS,
      ...DUE_WORK,
      ...HTTP,
      ...OPERATORS,
    ];
    return {
      module: KernelModule,
      imports: [
        TypeOrmModule.forRoot(dataSourceOptions(settings)),
        ScheduleModule.forRoot(),
        PassportModule,
        DiscoveryModule,
        ObserveModule,
        LimiterModule,
      ],
      controllers: [
        OperatorsAdminController,
        SchedulesAdminController,
        ProblemsController,
        ...(settings.sandbox ? [ClockSandboxController] : []),
      ],
      providers,
      exports: [...providers, DiscoveryModule, LimiterModule],
    };
  }
}
