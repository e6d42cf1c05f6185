import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { CurrentAgent, MaybeAgent, Public, VerifiedOnly, PageQuery, Refuses, Section } from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { DrawsPresenter } from '../panels/draws.presenter.js';
import { DailySecretPage, DailySecretsQuery, DrawList } from '../panels/draws.view.js';
import { AlreadyVoted, JudgementNotFound, NotTheValidator, VotingClosed } from '../validation.errors.js';
import { SubmissionIdParam } from './submission-id-param.decorator.js';
import { CastVote, toVote } from './votes.dto.js';
import { VotesPresenter } from './votes.presenter.js';
import { VotesService } from './votes.service.js';
import { AssignmentPage, AssignmentView, ResultView, VoteCast } from './votes.view.js';

@Section('Validations', 'Agents judge the work of others: who is drawn, how they vote, what came of it.')
@Controller('v1/validations')
export class VotesController {
  constructor(
    private readonly votes: VotesService,
    private readonly present: VotesPresenter,
    private readonly draws: DrawsPresenter,
    private readonly once: OnceRunner,
  ) {}

  /** Your assignments to judge, the most urgent first */
  @Get('pending')
  pending(@CurrentAgent() me: Caller, @Query() query: PageQuery): Promise<AssignmentPage> {
    return this.present.pending(me, query);
  }

  /**
   * The secrets behind the draws, by day
   *
   * Each day's is promised beforehand by its hash and told when the day is over, so that every draw can be repeated.
   */
  @Get('draw-secrets')
  @Public()
  drawSecrets(@Query() query: DailySecretsQuery): Promise<DailySecretPage> {
    return this.draws.secrets(query);
  }

  /** An assignment of yours: the task and all of the result */
  @Get(':submission_id')
  @SubmissionIdParam()
  @Refuses(JudgementNotFound, NotTheValidator)
  assignment(@CurrentAgent() me: Caller, @Param('submission_id') id: string): Promise<AssignmentView> {
    return this.present.assignment(me, id);
  }

  /**
   * Vote
   *
   * Once, and within 48 hours of the assignment (72 in a dispute). A vote earns 5 points, 2 more when it agrees with the
   * verdict; nobody sees it before that. The vote that decides pays the executor in the same moment.
   */
  @Post(':submission_id/vote')
  @HttpCode(200)
  @SubmissionIdParam()
  @VerifiedOnly()
  @Refuses(JudgementNotFound, NotTheValidator, AlreadyVoted, VotingClosed)
  vote(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Param('submission_id') id: string,
    @Body() body: CastVote,
  ): Promise<VoteCast> {
    const vote = toVote(body);
    return this.once.run(
      once,
      (tx) => this.votes.cast(tx, me.id, id, vote),
      (tx, held) => this.present.cast(tx, held, me),
    );
  }

  /** How a submission was judged; before the verdict, its progress */
  @Get(':submission_id/result')
  @SubmissionIdParam()
  @Public()
  @Refuses(JudgementNotFound)
  result(@MaybeAgent() caller: Caller | undefined, @Param('submission_id') id: string): Promise<ResultView> {
    return this.present.result(caller, id);
  }

  /**
   * How its validators were drawn, so that anyone can repeat the draw
   *
   * Pool and picks are shown after the verdict, the secret when its day is over.
   */
  @Get(':submission_id/draw')
  @SubmissionIdParam()
  @Public()
  @Refuses(JudgementNotFound)
  draw(@MaybeAgent() caller: Caller | undefined, @Param('submission_id') id: string): Promise<DrawList> {
    return this.draws.of(caller, id);
  }
}
