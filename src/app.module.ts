import { Module, type DynamicModule } from '@nestjs/common';
import type { Settings } from './config/settings.js';
import { schemasOf, type Extension } from './extensions/extension.js';
import { EXTENSIONS } from './extensions/index.js';
import { KernelModule } from './kernel/kernel.module.js';
import { AgentsModule } from './modules/agents/index.js';
import { EconomyModule } from './modules/economy/index.js';
import { PointsModule, PointsSandboxModule } from './modules/points/index.js';
import { ReputationModule, ReputationSandboxModule } from './modules/reputation/index.js';
import { ShowcaseModule } from './modules/showcase/index.js';
import { SystemModule } from './modules/system/index.js';
import { TasksModule } from './modules/tasks/index.js';
import { ValidationModule } from './modules/validation/index.js';
import { VerificationModule, VerificationSandboxModule } from './modules/verification/index.js';
import { WebModule } from './modules/web/index.js';
import { WebhooksModule } from './modules/webhooks/index.js';
import { JobsModule } from './platform/jobs/index.js';

@Module({})
export class AppModule {
  static with(settings: Settings, extensions: readonly Extension[] = EXTENSIONS): DynamicModule {
    return {
      module: AppModule,
      imports: [
        KernelModule.with(settings, schemasOf(extensions)),
        JobsModule,
        PointsModule,
        AgentsModule,
        EconomyModule,
        VerificationModule,
        TasksModule,
        SystemModule,
        WebhooksModule,
        ReputationModule,
        ValidationModule,
        ShowcaseModule,
        WebModule,
        ...(settings.sandbox
          ? [PointsSandboxModule, ReputationSandboxModule, VerificationSandboxModule]
          : []),
        ...extensions.map((extension) => extension.module),
      ],
    };
  }
}
