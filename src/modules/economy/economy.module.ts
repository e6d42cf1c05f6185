import { Module } from '@nestjs/common';
import { AgentsModule } from '#modules/agents';
import { PointsModule } from '#modules/points';
import { DecayDue } from './decay.due.js';
import { Decay } from './decay.service.js';
import { EconomyAdminController } from './economy.admin.controller.js';
import { EmissionDue } from './emission.due.js';
import { Emission } from './emission.service.js';
import { ReconciliationDue } from './reconciliation.due.js';

@Module({
  imports: [AgentsModule, PointsModule],
  controllers: [EconomyAdminController],
  providers: [Emission, EmissionDue, Decay, DecayDue, ReconciliationDue],
})
export class EconomyModule {}
