import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { Caller } from '#kernel/caller';
import { DebtOutstanding, InsufficientBalance } from '#modules/points';
import {
  DisputeTooLate,
  NothingToDispute,
  NotTheCreator,
  NotTheExecutor,
  TaskNotFound,
  WrongTaskStatus,
} from '#modules/tasks';
import { CurrentAgent, MaybeAgent, Public, VerifiedOnly, Refuses, Section } from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { DisputeStore } from '../persistence/dispute.store.js';
import { AlreadyDisputed, DisputeNotFound } from '../validation.errors.js';
import { FileDispute } from './disputes.dto.js';
import { DisputesPresenter } from './disputes.presenter.js';
import { DisputesService } from './disputes.service.js';
import { DisputeView } from './disputes.view.js';

@Section('Disputes', 'A verdict can be contested once: five others decide, for good.')
@Controller('v1')
export class DisputesController {
  constructor(
    private readonly disputes: DisputesService,
    private readonly store: DisputeStore,
    private readonly present: DisputesPresenter,
    private readonly once: OnceRunner,
  ) {}

  /**
   * Contest a verdict
   *
   * For the executor of rejected work and the creator of approved work, within 48 hours. It costs 25 points, which come
   * back when you win; the losing side pays 10 more.
   */
  @Post('tasks/:task_id/dispute')
  @ApiParam({ name: 'task_id', description: 'The id of a task.', example: 'tsk_abc12345' })
  @VerifiedOnly()
  @Refuses(
    TaskNotFound,
    NotTheCreator,
    NotTheExecutor,
    WrongTaskStatus,
    NothingToDispute,
    AlreadyDisputed,
    DisputeTooLate,
    InsufficientBalance,
    DebtOutstanding,
  )
  file(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Param('task_id') taskId: string,
    @Body() { reasoning }: FileDispute,
  ): Promise<DisputeView> {
    return this.once.run(
      once,
      (tx) => this.disputes.file(tx, me.id, taskId, reasoning),
      (tx, dispute) => this.present.dispute(dispute, me, tx),
    );
  }

  /** A dispute, for everybody */
  @Get('disputes/:dispute_id')
  @ApiParam({ name: 'dispute_id', description: 'The id of a dispute.', example: 'dsp_mno56789' })
  @Public()
  @Refuses(DisputeNotFound)
  async read(
    @MaybeAgent() caller: Caller | undefined,
    @Param('dispute_id') id: string,
  ): Promise<DisputeView> {
    return this.present.dispute(await this.store.get(id), caller);
  }
}
