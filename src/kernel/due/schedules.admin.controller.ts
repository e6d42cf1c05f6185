import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { AuditLog } from '../operators/audit-log.js';
import { CurrentOperator, Operator } from '../operators/operator.decorators.js';
import { ReasonedAct } from '../operators/operators.dto.js';
import type { OperatorIdentity } from '../http/caller.js';
import { Section } from '../http/section.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';
import { ScheduleList } from './due.dto.js';
import { ScheduleNotFound } from './due.errors.js';
import { DueRunner } from './due-runner.js';
import { ScheduleLog } from './schedule-log.js';

@Section('Schedules', 'Everything that happens by itself at a time.')
@Controller('v1/admin/schedules')
export class SchedulesAdminController {
  constructor(
    private readonly due: DueRunner,
    private readonly log: ScheduleLog,
    private readonly audit: AuditLog,
  ) {}

  /** Every due work with its last run */
  @Get()
  @Operator('viewer')
  async list(): Promise<ScheduleList> {
    const runs = new Map((await this.log.list()).map((run) => [run.name, run]));
    const data = this.due.names().map((name) => {
      const run = runs.get(name);
      return {
        name,
        last_started_at: run?.last_started_at?.toISOString() ?? null,
        last_finished_at: run?.last_finished_at?.toISOString() ?? null,
        last_outcome: run?.last_outcome ?? null,
        last_error: run?.last_error ?? null,
      };
    });
    return { data };
  }

  /** Run one now, due or not */
  @Post(':name/run')
  @ApiParam({ name: 'name', description: 'The name of the schedule.', example: 'retention' })
  @HttpCode(200)
  @Operator('operator')
  @Refuses(ScheduleNotFound)
  async run(
    @CurrentOperator() operator: OperatorIdentity,
    @Param('name') name: string,
    @Body() { reason }: ReasonedAct,
  ): Promise<ScheduleList> {
    this.due.check(name);
    await this.audit.note({ operator, act: 'schedule.run', subject: name, reason });
    await this.due.runNow(name);
    return this.list();
  }
}
