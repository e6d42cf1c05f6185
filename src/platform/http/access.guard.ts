import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AgentSuspended, VerificationRequired } from '#kernel/errors/kernel.errors';
import type { ApiRequest } from './api-request.js';
import { RouteRules } from './route-rules.js';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What the caller may do, after it is known who calls and that it may call at all. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly rules: RouteRules) {}

  canActivate(context: ExecutionContext): boolean {
    const { caller, method } = context.switchToHttp().getRequest<ApiRequest>();
    if (!caller) return true;
    const rules = this.rules.of(context);
    if (caller.suspended && !rules.suspendedToo && !READS.has(method)) throw new AgentSuspended();
    if (rules.verifiedOnly && !caller.verified) throw new VerificationRequired();
    return true;
  }
}
