import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { OperatorIdentity } from '#kernel/caller';
import { Section, Refuses, matching, PAGE_SIZE, PageQuery, pageOf, placeOf } from '#platform/http';
import {
  ScheduleList,
  ScheduleRunPage,
  type ScheduleRunView,
  ScheduleNotFound,
  DueRunner,
  type PastRun,
  ScheduleLog,
} from '#platform/scheduling';
import { AuditLog } from './audit-log.js';
import { CurrentOperator, Operator } from './operator.decorators.js';
import { ReasonedAct } from './operators.dto.js';

@Section('Schedules', 'Everything that happens automatically at a set time.')
@Controller('v1/admin/schedules')
export class SchedulesAdminController {
  constructor(
    private readonly due: DueRunner,
    private readonly log: ScheduleLog,
    private readonly audit: AuditLog,
  ) {}

  /** Every due work with its last and its next run */
  @Get()
  @Operator('viewer')
  async list(): Promise<ScheduleList> {
    const runs = new Map((await this.log.list()).map((run) => [run.name, run]));
    const data: ScheduleList['data'] = [];
    for (const name of this.due.names()) {
      const run = runs.get(name);
      data.push({
        name,
        last_started_at: run?.last_started_at?.toISOString() ?? null,
        last_finished_at: run?.last_finished_at?.toISOString() ?? null,
        last_outcome: run?.last_outcome ?? null,
        last_error: run?.last_error ?? null,
        next_run_at: (await this.due.nextDueOf(name))?.toISOString() ?? null,
      });
    }
    return { data };
  }

  /** The runs of the last seven days, newest first */
  @Get(':name/runs')
  @ApiParam({ name: 'name', description: 'The name of the schedule.', example: 'retention' })
  @Operator('viewer')
  @Refuses(ScheduleNotFound)
  async runs(
    @Param('name') name: string,
    @Query() { limit = PAGE_SIZE, cursor }: PageQuery,
  ): Promise<ScheduleRunPage> {
    if (!this.due.names().includes(name)) throw new ScheduleNotFound(name);
    const [before] = placeOf(cursor, 'schedule-runs', [matching(/^\d{1,18}$/)]) ?? [];
    const past = await this.log.runs(name, before, limit + 1);
    return pageOf(past, limit, 'schedule-runs', ({ id }) => [id], toRunView);
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

const toRunView = (run: PastRun): ScheduleRunView => ({
  started_at: run.started_at.toISOString(),
  duration_ms: run.duration_ms,
  cause: run.cause,
  attempt: run.attempt,
  outcome: run.outcome,
  error: run.error,
  runs: run.runs,
});
