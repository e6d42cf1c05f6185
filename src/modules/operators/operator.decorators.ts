import {
  applyDecorators,
  createParamDecorator,
  SetMetadata,
  UseGuards,
  type ExecutionContext,
} from '@nestjs/common';
import type { OperatorIdentity, OperatorRole } from '#kernel/caller';
import { OperatorRoleRequired } from '#kernel/errors/kernel.errors';
import { type ApiRequest, Refuses, OPERATOR_ROUTE } from '#platform/http';
import { OperatorGuard } from './operator.guard.js';

/** For operators of at least this role: viewers read, operators act, admins handle keys, money and settings. */
export const Operator = (role: OperatorRole) =>
  applyDecorators(SetMetadata(OPERATOR_ROUTE, role), UseGuards(OperatorGuard), Refuses(OperatorRoleRequired));

export const CurrentOperator = createParamDecorator(
  (_: unknown, context: ExecutionContext): OperatorIdentity =>
    context.switchToHttp().getRequest<ApiRequest>().operator!,
);
