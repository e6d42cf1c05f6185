import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { OperatorIdentity } from '#kernel/caller';
import { matching, PAGE_SIZE, pageOf, placeOf, Refuses, Section } from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { AuditLog } from './audit-log.js';
import { OperatorKeys } from './operator-keys.js';
import { CurrentOperator, Operator } from './operator.decorators.js';
import {
  AuditPage,
  AuditQuery,
  CreateOperatorKey,
  OperatorKeyList,
  OperatorKeyMade,
  OperatorKeyView,
  ReasonedAct,
  toAuditEntryView,
  toOperatorKeyView,
} from './operators.dto.js';
import { OperatorKeyNotFound, OperatorKeyRevoked } from './operators.errors.js';

@Section('Operators', 'Keys, roles, and the log of everything operators do.')
@Controller('v1/admin')
export class OperatorsAdminController {
  constructor(
    private readonly keys: OperatorKeys,
    private readonly audit: AuditLog,
    private readonly once: OnceRunner,
  ) {}

  /** All operator keys, without the keys themselves */
  @Get('operator-keys')
  @Operator('admin')
  async listKeys(): Promise<OperatorKeyList> {
    return { data: (await this.keys.list()).map(toOperatorKeyView) };
  }

  /** Create a key for an operator; it is shown once */
  @Post('operator-keys')
  @Operator('admin')
  createKey(
    @IdempotentRequest() once: Once,
    @CurrentOperator() operator: OperatorIdentity,
    @Body() { name, role, reason }: CreateOperatorKey,
  ): Promise<OperatorKeyMade> {
    return this.once.run(
      once,
      async (tx) => {
        const made = this.keys.create(tx, name, role);
        await this.audit.write(tx, {
          operator,
          act: 'operator_key.create',
          subject: made.id,
          reason,
          details: { name, role },
        });
        return made;
      },
      (_, made) => made,
      { secret: true },
    );
  }

  /** Revoke an operator's key; it stops working at once */
  @Post('operator-keys/:id/revoke')
  @ApiParam({ name: 'id', description: 'The id of the key.', example: 'opk_5k2m9x1a' })
  @HttpCode(200)
  @Operator('admin')
  @Refuses(OperatorKeyNotFound, OperatorKeyRevoked)
  revokeKey(
    @IdempotentRequest() once: Once,
    @CurrentOperator() operator: OperatorIdentity,
    @Param('id') id: string,
    @Body() { reason }: ReasonedAct,
  ): Promise<OperatorKeyView> {
    return this.once.run(
      once,
      async (tx) => {
        const revoked = await this.keys.revoke(tx, id);
        await this.audit.write(tx, { operator, act: 'operator_key.revoke', subject: id, reason });
        return revoked;
      },
      (_, revoked) => toOperatorKeyView(revoked),
    );
  }

  /** Everything that operators did, newest first */
  @Get('audit')
  @Operator('viewer')
  async auditLog(@Query() { limit = PAGE_SIZE, cursor, ...filter }: AuditQuery): Promise<AuditPage> {
    const [before] = placeOf(cursor, 'audit', [matching(/^\d{1,18}$/)]) ?? [];
    const entries = await this.audit.page(filter, before, limit + 1);
    return pageOf(entries, limit, 'audit', (entry) => [entry.id], toAuditEntryView);
  }
}
