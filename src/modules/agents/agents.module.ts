import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PointsModule } from '#modules/points';
import { TellsAgents } from '#platform/messaging';
import { ApiKeyGuard } from './auth/api-key.guard.js';
import { ApiKeys } from './auth/api-keys.js';
import { ApiKeyWatch } from './auth/key-watch.js';
import { LastSeen } from './auth/last-seen.js';
import { CardFollowing } from './cards/card-following.subscriber.js';
import { CardReading } from './cards/card-reading.due.js';
import { CardsController } from './cards/cards.controller.js';
import { InboxController } from './inbox/inbox.controller.js';
import { AgentEntity } from './persistence/agent.entity.js';
import { AgentSearch } from './persistence/agent.search.js';
import { AgentStore } from './persistence/agent.store.js';
import { CardStore } from './persistence/card.store.js';
import { AgentAddresses } from './registry/agent-addresses.js';
import { AgentLists } from './registry/agent-lists.js';
import { AgentsAdminController } from './registry/agents.admin.controller.js';
import { AgentsController } from './registry/agents.controller.js';
import { AgentsPresenter } from './registry/agents.presenter.js';
import { AgentsService } from './registry/agents.service.js';
import { OwnAgentActions } from './registry/own-agent.actions.js';
import { RegistryService } from './registry/registry.service.js';
import { AgentWebhooks } from './webhook/agent-webhooks.js';
import { WebhookSecretController } from './webhook/webhook-secret.controller.js';

@TellsAgents('agent.verified')
@Module({
  imports: [PointsModule, TypeOrmModule.forFeature([AgentEntity])],
  controllers: [
    InboxController,
    CardsController,
    AgentsController,
    AgentsAdminController,
    WebhookSecretController,
  ],
  providers: [
    AgentsService,
    AgentLists,
    AgentsPresenter,
    AgentAddresses,
    AgentWebhooks,
    AgentSearch,
    AgentStore,
    CardStore,
    RegistryService,
    CardFollowing,
    CardReading,
    ApiKeys,
    ApiKeyWatch,
    LastSeen,
    OwnAgentActions,
    ApiKeyGuard,
  ],
  exports: [AgentsService, AgentLists, ApiKeyGuard],
})
export class AgentsModule {}
