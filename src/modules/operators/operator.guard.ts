import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { OPERATOR_ROLES, type OperatorIdentity, type OperatorRole } from '#kernel/caller';
import { OperatorRoleRequired, Unauthenticated } from '#kernel/errors/kernel.errors';
import { type ApiRequest, OPERATOR_ROUTE } from '#platform/http';
import { RequestLimits } from '#platform/rate-limiting';
import { OPERATOR_STRATEGY } from './operator.strategy.js';

/** Operators come in through passport, so that a browser login can be added as one more strategy. */
@Injectable()
export class OperatorGuard extends AuthGuard(OPERATOR_STRATEGY) {
  constructor(
    private readonly reflector: Reflector,
    private readonly limits: RequestLimits,
  ) {
    super({ session: false, property: 'operator' });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    // The address has paid in the limiter's guard, before the key was looked up; now the operator pays instead.
    await super.canActivate(context);
    this.limits.refundIp(request);
    await this.limits.chargeCaller(request);
    const needed = this.reflector.getAllAndOverride<OperatorRole>(OPERATOR_ROUTE, [
      context.getHandler(),
      context.getClass(),
    ]);
    const { role } = request.operator!;
    if (OPERATOR_ROLES.indexOf(role) < OPERATOR_ROLES.indexOf(needed)) throw new OperatorRoleRequired(needed);
    return true;
  }

  override handleRequest<Identity = OperatorIdentity>(error: unknown, operator: Identity | false): Identity {
    if (error) throw error;
    if (!operator) throw new Unauthenticated();
    return operator;
  }
}
