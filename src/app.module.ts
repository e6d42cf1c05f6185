import { Module, type DynamicModule } from '@nestjs/common';
import type { Settings } from '#config/settings';
import { schemasOf, type Extension } from '#extensions/extension';
import { EXTENSIONS } from '#extensions/index';
import { AgentsModule } from '#modules/agents';
import { EconomyModule } from '#modules/economy';
import { PointsModule, PointsSandboxModule } from '#modules/points';
import { ReputationModule, ReputationSandboxModule } from '#modules/reputation';
import { ShowcaseModule } from '#modules/showcase';
import { SystemModule } from '#modules/system';
import { TasksModule } from '#modules/tasks';
import { ValidationModule } from '#modules/validation';
import { VerificationModule, VerificationSandboxModule } from '#modules/verification';
import { WebModule } from '#modules/web';
import { WebhooksModule } from '#modules/webhooks';
import { JobsModule } from '#platform/jobs';
import { KernelModule } from './platform.module.js';

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
