import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { OperatorIdentity } from '#kernel/caller';
import { CurrentOperator, Operator } from '#modules/operators';
import { PageQuery, Refuses, Section } from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { JudgementNotFound, SubmissionUndecided } from '../validation.errors.js';
import { CalibrationAnswers } from './calibration-answers.service.js';
import { LoadGold } from './calibration.dto.js';
import { KnownAnswerPage, KnownAnswerView, toKnownAnswer } from './calibration.view.js';

@Section('Validations')
@Controller('v1/admin/gold')
export class CalibrationAdminController {
  constructor(
    private readonly answers: CalibrationAnswers,
    private readonly once: OnceRunner,
  ) {}

  /** Decided work that calibration tasks are made from, the newest first */
  @Get()
  @ApiOperation({ operationId: 'adminValidationKnownAnswers' })
  @Operator('viewer')
  list(@Query() query: PageQuery): Promise<KnownAnswerPage> {
    return this.answers.page(query);
  }

  /** Say how a decided submission should be judged, so that calibration tasks are made from it */
  @Post()
  @ApiOperation({ operationId: 'adminValidationLoadGold' })
  @Operator('operator')
  @Refuses(JudgementNotFound, SubmissionUndecided)
  load(
    @IdempotentRequest() once: Once,
    @CurrentOperator() operator: OperatorIdentity,
    @Body() { submission_id: submissionId, approved, reason }: LoadGold,
  ): Promise<KnownAnswerView> {
    return this.once.run(
      once,
      (tx) => this.answers.load(tx, { submissionId, approved }, { operator, reason }),
      (_, answer) => toKnownAnswer(answer),
    );
  }
}
