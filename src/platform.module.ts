import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Settings } from '#config/settings';
import { Clock } from '#kernel/clock';
import { Sealer } from '#kernel/sealing';
import {
  SchedulesAdminController,
  AuditLog,
  OperatorsReadMetrics,
  OperatorGuard,
  OperatorKeys,
  OperatorStrategy,
  OperatorsAdminController,
} from '#modules/operators';
import { dataSourceOptions, migrationsIn, Database, UnitOfWork } from '#platform/database';
import { outgoingClientProvider } from '#platform/egress';
import {
  AccessGuard,
  ErrorPages,
  KeyWatches,
  NextActions,
  ProblemFilter,
  ProblemsController,
  RouteRules,
} from '#platform/http';
import { OnceRunner } from '#platform/idempotency';
import {
  WakeupsHealth,
  ListeningConnection,
  Replicas,
  Wakeups,
  WakeupsLifecycle,
  wakeupsFor,
  AgentEvents,
  Changes,
  EventStreams,
  EventsHealth,
  HandOver,
  Outbox,
  OutboxStore,
  ProgressStore,
  Relay,
  Shelf,
  Subscribers,
  EventTail,
  Hold,
  EventAnswers,
} from '#platform/messaging';
import {
  PoolWatch,
  DatabaseHealth,
  ExpectedMigrations,
  MigrationsHealth,
  MetricsReaders,
  ObserveModule,
} from '#platform/observability';
import { LimiterModule } from '#platform/rate-limiting';
import {
  ClockSandboxController,
  DueRunner,
  Retention,
  MovableClock,
  ScheduleLog,
  TimeTraveller,
} from '#platform/scheduling';

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
