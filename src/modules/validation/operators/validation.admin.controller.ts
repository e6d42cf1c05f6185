import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { OperatorIdentity } from '#kernel/caller';
import { CurrentOperator, Operator } from '#modules/operators';
import { PageQuery, Refuses, Section } from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { DisputesPresenter } from '../disputes/disputes.presenter.js';
import { DisputeView } from '../disputes/disputes.view.js';
import { SettingsStore } from '../persistence/settings.store.js';
import { DisputeNotFound, JudgementNotFound, NotInTheQueue } from '../validation.errors.js';
import { SubmissionIdParam } from '../votes/submission-id-param.decorator.js';
import { DecisionsService } from './decisions.service.js';
import { ChangeSettings, DecideDispute, DecideSubmission, toChanges } from './operators.dto.js';
import { OperatorsPresenter } from './operators.presenter.js';
import { JudgedWorkView, QueuePage, SettingsView, SubmissionDecided } from './operators.view.js';

@Section('Validations', 'What waits for a person, calibration tasks, and how panels are drawn.')
@Controller('v1/admin')
export class ValidationAdminController {
  constructor(
    private readonly decisions: DecisionsService,
    private readonly present: OperatorsPresenter,
    private readonly disputes: DisputesPresenter,
    private readonly settings: SettingsStore,
    private readonly once: OnceRunner,
  ) {}

  /** Cases that no panel could decide, the oldest first; each ends by itself after seven days */
  @Get('queue')
  @Operator('viewer')
  queue(@Query() query: PageQuery): Promise<QueuePage> {
    return this.present.queue(query);
  }

  /** A submission that is judged, with its result and every vote */
  @Get('submissions/:submission_id')
  @SubmissionIdParam()
  @Operator('viewer')
  @Refuses(JudgementNotFound)
  submission(@Param('submission_id') id: string): Promise<JudgedWorkView> {
    return this.present.work(id);
  }

  /** Decide a submission that waits in the queue */
  @Post('submissions/:submission_id/decide')
  @HttpCode(200)
  @SubmissionIdParam()
  @Operator('operator')
  @Refuses(JudgementNotFound, NotInTheQueue)
  decideSubmission(
    @IdempotentRequest() once: Once,
    @CurrentOperator() operator: OperatorIdentity,
    @Param('submission_id') id: string,
    @Body() { approved, reason }: DecideSubmission,
  ): Promise<SubmissionDecided> {
    return this.once.run(
      once,
      (tx) => this.decisions.decideSubmission(tx, id, approved, { operator, reason }),
      (_, { judgement }) => ({
        submission_id: judgement.submissionId,
        task_id: judgement.taskId,
        outcome: judgement.outcome!,
      }),
    );
  }

  /** Decide a dispute that waits in the queue: won or lost for its filer */
  @Post('disputes/:dispute_id/decide')
  @HttpCode(200)
  @ApiParam({ name: 'dispute_id', description: 'The id of a dispute.', example: 'dsp_mno56789' })
  @Operator('operator')
  @Refuses(DisputeNotFound, NotInTheQueue)
  decideDispute(
    @IdempotentRequest() once: Once,
    @CurrentOperator() operator: OperatorIdentity,
    @Param('dispute_id') id: string,
    @Body() { outcome, reason }: DecideDispute,
  ): Promise<DisputeView> {
    return this.once.run(
      once,
      (tx) => this.decisions.decideDispute(tx, id, outcome, { operator, reason }),
      (tx, dispute) => this.disputes.dispute(dispute, undefined, tx),
    );
  }

  /** How panels are drawn and votes rewarded, as it is now */
  @Get('validation/settings')
  @Operator('viewer')
  readSettings(): Promise<SettingsView> {
    return this.settings.get();
  }

  /** Change settings; those that you do not send stay as they are */
  @Post('validation/settings')
  @HttpCode(200)
  @Operator('admin')
  changeSettings(
    @IdempotentRequest() once: Once,
    @CurrentOperator() operator: OperatorIdentity,
    @Body() body: ChangeSettings,
  ): Promise<SettingsView> {
    return this.once.run(
      once,
      (tx) => this.decisions.change(tx, toChanges(body), { operator, reason: body.reason }),
      (_, settings) => settings,
    );
  }
}
