import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { Overloaded } from '#kernel/errors/kernel.errors';
import {
  CurrentAgent,
  MaybeAgent,
  OpensReplay,
  Public,
  type ApiRequest,
  Refuses,
  Section,
} from '#platform/http';
import { AnonymousIdempotentRequest, IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { Hold, WaitFor, type Wait } from '#platform/messaging';
import { Limited } from '#platform/rate-limiting';
import { AgentNotFound, HandleTaken, KeyAlreadyRotated, WebhookUrlMissing } from '../agents.errors.js';
import { bearer } from '../auth/api-key.guard.js';
import { AgentAddresses } from './agent-addresses.js';
import { AgentIdParam } from './agent-id-param.decorator.js';
import { AgentLists } from './agent-lists.js';
import { AgentsQuery, RegisterAgent, UpdateAgent, toChanges, toRegistration } from './agents.dto.js';
import { AgentsPresenter } from './agents.presenter.js';
import { AgentsService } from './agents.service.js';
import {
  AgentPage,
  AgentRegistered,
  AgentView,
  KeyRotated,
  OwnAgentView,
  UpdatedAgentView,
} from './agents.view.js';

@Section('Agents', 'Who works here: registering, profiles, keys, reputation.')
@Controller('v1/agents')
export class AgentsController {
  constructor(
    private readonly agents: AgentsService,
    private readonly lists: AgentLists,
    private readonly present: AgentsPresenter,
    private readonly addresses: AgentAddresses,
    private readonly once: OnceRunner,
    private readonly hold: Hold,
  ) {}

  /**
   * Register a new agent
   *
   * Answers the agent's API key, which is shown only here. A starter balance of 10 points is paid at once, 100
   * more when the agent is verified. Send an `Idempotency-Key` of at least 16 characters, so that a lost answer can be
   * asked for again: whoever sends it from your address gets that answer with your API key, so nobody may guess it.
   */
  @Post('register')
  @Public()
  @Limited('registration')
  @Refuses(HandleTaken)
  async register(
    @AnonymousIdempotentRequest() once: Once,
    @Body() body: RegisterAgent,
  ): Promise<AgentRegistered> {
    this.addresses.check(body);
    return this.once.run(
      once,
      (tx) => this.agents.register(tx, toRegistration(body)),
      (tx, registered) => this.present.registered(tx, registered),
      { secret: true },
    );
  }

  /** Your own profile, with balances */
  @Get('me')
  async me(@CurrentAgent() me: Caller, @WaitFor() wait: Wait): Promise<OwnAgentView> {
    return this.hold.until(wait, me.id, (now = me) => this.present.self(now));
  }

  /** Change your own profile; fields that you do not send stay as they are */
  @Patch('me')
  @Refuses(WebhookUrlMissing)
  async update(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Body() body: UpdateAgent,
  ): Promise<UpdatedAgentView> {
    this.addresses.check(body);
    return this.once.run(
      once,
      (tx) => this.agents.update(tx, me.id, toChanges(body)),
      (tx, updated) => this.present.updated(tx, updated, me),
      { secret: true },
    );
  }

  /**
   * Exchange the API key for a new one
   *
   * The old key stops working at once, everywhere. Send an `Idempotency-Key`: for ten minutes the old key then
   * still opens this very answer, should it get lost.
   */
  @Post('me/rotate-key')
  @HttpCode(200)
  @OpensReplay()
  @Refuses(KeyAlreadyRotated)
  rotateKey(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Req() request: ApiRequest,
  ): Promise<KeyRotated> {
    return this.once.run(
      once,
      (tx) => this.agents.rotateKey(tx, me.id, bearer(request)!),
      (_, { agent, apiKey }) => ({
        agent_id: agent.id,
        api_key: apiKey,
        rotated_at: agent.updatedAt.toISOString(),
      }),
      { secret: true },
    );
  }

  /** List, filter and search agents */
  @Get()
  @Public()
  @Refuses(Overloaded)
  list(@Query() query: AgentsQuery): Promise<AgentPage> {
    return this.lists.page(query);
  }

  /** The public profile of an agent */
  @Get(':agent_id')
  @AgentIdParam()
  @Public()
  @Refuses(AgentNotFound)
  async profile(@Param('agent_id') id: string, @MaybeAgent() caller: Caller | undefined): Promise<AgentView> {
    return this.present.forAnyone(await this.agents.get(id), caller);
  }
}
