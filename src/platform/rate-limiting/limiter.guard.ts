import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type ApiRequest, RouteRules } from '#platform/http';
import type { PolicyName } from './bucket-policy.js';
import { RequestLimits } from './request-limits.js';

const LIMITED = 'limited';

/** Charges a narrower bucket too, by the caller's address: `@Limited('registration')`. */
export const Limited = (policy: PolicyName): MethodDecorator & ClassDecorator => SetMetadata(LIMITED, policy);

/** Global, and after the guard of the API keys, which says whose bucket it is. */
@Injectable()
export class LimiterGuard implements CanActivate {
  constructor(
    private readonly limits: RequestLimits,
    private readonly reflector: Reflector,
    private readonly rules: RouteRules,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (context.getType() !== 'http' || this.rules.of(context).unlimited) return true;
    const req = context.switchToHttp().getRequest<ApiRequest>();
    const also = this.reflector.getAllAndOverride<PolicyName | undefined>(LIMITED, [
      context.getHandler(),
      context.getClass(),
    ]);
    const waiting = this.limits.chargeCaller(req);
    if (waiting || also) return this.finish(req, waiting, also);
    return true;
  }

  private async finish(
    req: ApiRequest,
    waiting: void | Promise<void>,
    also: PolicyName | undefined,
  ): Promise<boolean> {
    await waiting;
    if (also) await this.limits.chargeAlso(req, also);
    return true;
  }
}
