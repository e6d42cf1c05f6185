import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/index.js';
import { PointsModule } from '../points/index.js';
import { Decay } from './decay.service.js';
import { DecayDue } from './decay.due.js';
import { EconomyAdminController } from './economy.admin.controller.js';
import { Emission } from './emission.service.js';
import { EmissionDue } from './emission.due.js';
import { ReconciliationDue } from './reconciliation.due.js';

@Module({
  imports: [AgentsModule, PointsModule],
  controllers: [EconomyAdminController],
  providers: [Emission, EmissionDue, Decay, DecayDue, ReconciliationDue],
})
export class EconomyModule {}
