import { Injectable, SetMetadata, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import type { Caller } from '#kernel/caller';
import { markedProviders } from '#kernel/marked-providers';

const NEXT_ACTIONS = 'upmoltwork:next-actions';

/** One thing the caller may do now with what it is looking at. */
export class NextAction {
  /** @example update_profile */
  action: string;
  /** @example PATCH */
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** @example /v1/agents/me */
  href: string;
  /**
   * The agent who may do it.
   * @example agt_7f3a9b2c
   */
  by: string;
  /**
   * When the chance ends, if it does.
   * @example 2026-03-13T17:00:00.000Z
   */
  until?: string;
}

/** The kinds of things that offer actions, and what a provider is handed for each; modules add theirs. */
// oxlint-disable-next-line typescript/no-empty-object-type -- merged into by every module
export interface ActionSubjects {}

export interface NextActionsProvider<Kind extends keyof ActionSubjects> {
  actions(
    subject: ActionSubjects[Kind],
    caller: Caller,
  ): readonly NextAction[] | Promise<readonly NextAction[]>;
}

/**
 * Marks a provider that adds actions to answers about one kind of thing. Found by discovery, so that a task can
 * offer `vote` without its module knowing of votes.
 */
export const OffersActions = (kind: keyof ActionSubjects) => SetMetadata(NEXT_ACTIONS, kind);

@Injectable()
export class NextActions implements OnModuleInit {
  private readonly providers = new Map<string, NextActionsProvider<never>[]>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const marked = markedProviders(this.discovery, this.reflector, NEXT_ACTIONS);
    for (const { mark, provider } of marked) {
      const kind = mark as string;
      this.providers.set(kind, [...(this.providers.get(kind) ?? []), provider as never]);
    }
  }

  /** Nobody in particular may do nothing in particular: without a caller there are no actions. */
  async of<Kind extends keyof ActionSubjects>(
    kind: Kind,
    subject: ActionSubjects[Kind],
    caller: Caller | undefined,
  ): Promise<NextAction[]> {
    if (!caller) return [];
    const offered: NextAction[] = [];
    for (const provider of this.providers.get(kind) ?? []) {
      offered.push(...(await (provider as NextActionsProvider<Kind>).actions(subject, caller)));
    }
    return offered;
  }
}
