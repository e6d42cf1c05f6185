import {
  applyDecorators,
  createParamDecorator,
  SetMetadata,
  UseGuards,
  type ExecutionContext,
} from '@nestjs/common';
import { OperatorRoleRequired } from '../errors/kernel.errors.js';
import type { ApiRequest, OperatorIdentity, OperatorRole } from '../http/caller.js';
import { Refuses } from '../http/refuses.decorator.js';
import { OPERATOR_ROUTE, OperatorGuard } from './operator.guard.js';

/** For operators of at least this role: viewers read, operators act, admins handle keys, money and settings. */
export const Operator = (role: OperatorRole) =>
  applyDecorators(SetMetadata(OPERATOR_ROUTE, role), UseGuards(OperatorGuard), Refuses(OperatorRoleRequired));

export const CurrentOperator = createParamDecorator(
  (_: unknown, context: ExecutionContext): OperatorIdentity =>
    context.switchToHttp().getRequest<ApiRequest>().operator!,
);
