import { Injectable, SetMetadata, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { markedProviders } from '#kernel/marked-providers';
import type { EventName } from '../domain-events.js';

const TELLS_AGENTS = 'upmoltwork:tells-agents';

/** Marks a Nest module with the events of its own that reach agents: `DomainEvents` is a type and has no names at run time. */
export const TellsAgents = (...names: readonly EventName[]) => SetMetadata(TELLS_AGENTS, names);

/** The names of all events that agents are told, those of extensions included. */
@Injectable()
export class AgentEvents implements OnModuleInit {
  private sorted: readonly string[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const marked = markedProviders(this.discovery, this.reflector, TELLS_AGENTS);
    this.sorted = [...new Set(marked.flatMap(({ mark }) => mark as EventName[]))].toSorted();
  }

  names(): readonly string[] {
    return this.sorted;
  }
}
