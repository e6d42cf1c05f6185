import { BullModule, BullRegistrar, WorkerHost } from '@nestjs/bullmq';
import {
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Queue } from 'bullmq';
import { Settings } from '#config/settings';
import { DueRunner } from '#platform/scheduling';
import './bull-classes.js';
import { DueWorkProcessor } from './due-work.processor.js';
import { DUE_WORK_QUEUE, DueWorkQueue } from './due-work.queue.js';
import { JobsConnection } from './jobs-connection.js';

@Module({ providers: [JobsConnection], exports: [JobsConnection] })
class JobsConnectionModule {}

/** Background jobs over @nestjs/bullmq. Workers start when the application is ready, where ROLE does background work. */
@Module({
  imports: [
    JobsConnectionModule,
    BullModule.forRootAsync({
      imports: [JobsConnectionModule],
      useFactory: (connection: JobsConnection) => connection.options(),
      inject: [JobsConnection],
      extraOptions: { manualRegistration: true },
    }),
    BullModule.registerQueue({ name: DUE_WORK_QUEUE }),
  ],
  providers: [DueWorkQueue, DueWorkProcessor],
})
export class JobsModule implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private isWorking = false;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly registrar: BullRegistrar,
    private readonly discovery: DiscoveryService,
    private readonly connection: JobsConnection,
    private readonly due: DueRunner,
    private readonly dueWork: DueWorkQueue,
    private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    if (this.settings.env.ROLE === 'api') return;
    this.registrar.register();
    this.isWorking = true;
    this.due.offerTo(this.dueWork);
  }

  /** Begun here and ended below: modules that come later still have to give up what their jobs wait for. */
  beforeApplicationShutdown(): void {
    this.due.beginNothingMore();
    this.closing = this.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.closing;
  }

  /** Jobs in hand are given a while to finish; the others lie in the queue for the next worker. */
  private async close(): Promise<void> {
    const instances = this.discovery.getProviders().map(({ instance }) => instance as unknown);
    const processors = instances.filter((instance) => instance instanceof WorkerHost);
    // A process that is stopped while it starts has no workers yet.
    if (this.isWorking) await Promise.all(processors.map(({ worker }) => worker.close()));
    await Promise.all(
      instances.filter((instance) => instance instanceof Queue).map((queue) => queue.close()),
    );
    this.connection.end();
  }
}
