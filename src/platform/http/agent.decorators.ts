import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Caller } from '#kernel/caller';
import { AgentSuspended, VerificationRequired } from '#kernel/errors/kernel.errors';
import type { ApiRequest } from './api-request.js';
import { Refuses } from './problems/refuses.decorator.js';

export const PUBLIC = 'upmoltwork:public';
export const VERIFIED_ONLY = 'upmoltwork:verified-only';
export const SUSPENDED_TOO = 'upmoltwork:suspended-too';
export const OPENS_REPLAY = 'upmoltwork:opens-replay';
export const UNLIMITED = 'upmoltwork:unlimited';
export const TAKES_LONG_BODY = 'upmoltwork:takes-long-body';

/** Open to everyone. A key that is sent all the same is read, so that an agent keeps its own limit. */
export const Public = () => applyDecorators(SetMetadata(PUBLIC, true), ApiExtension('x-public', true));

/** Only for verified agents. */
export const VerifiedOnly = () =>
  applyDecorators(SetMetadata(VERIFIED_ONLY, true), Refuses(VerificationRequired, AgentSuspended));

/** A key that was just rotated away may still fetch the answer to that rotation. */
export const OpensReplay = () => SetMetadata(OPENS_REPLAY, true);

/**
 * For probes and scrapers: a call counts on nobody's bucket, and no key is read. What such a route does must be cheap
 * however often it is asked.
 */
export const Unlimited = () => SetMetadata(UNLIMITED, true);

/** The agent whose key came with the request. */
export const CurrentAgent = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller => context.switchToHttp().getRequest<ApiRequest>().caller!,
);

/** The agent who calls a public route, when one does. */
export const MaybeAgent = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller | undefined =>
    context.switchToHttp().getRequest<ApiRequest>().caller,
);

/** The role a route asks for; routes without one are for agents or for everyone. */
export const OPERATOR_ROUTE = 'upmoltwork:operator-role';
