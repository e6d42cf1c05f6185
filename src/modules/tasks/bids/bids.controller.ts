import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { Caller } from '#kernel/caller';
import { DebtOutstanding, InsufficientBalance } from '#modules/points';
import { CurrentAgent, MaybeAgent, Public, VerifiedOnly, PageQuery, Refuses, Section } from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import {
  AlreadyBid,
  BidAbovePrice,
  BidNotPending,
  BidsFull,
  PartyToSubject,
  TooManySystemTasks,
} from '../bid.errors.js';
import { TaskIdParam } from '../board/task-id-param.decorator.js';
import { TasksPresenter } from '../board/tasks.presenter.js';
import { TasksService } from '../board/tasks.service.js';
import { TaskView } from '../board/tasks.view.js';
import { BidderSuspended, CreatorSuspended } from '../suspension.errors.js';
import {
  BidAccepted,
  BidNotFound,
  CurrencyNotOffered,
  DeadlinePassed,
  NotTheBidder,
  NotTheCreator,
  OwnTask,
  TaskClosed,
  TaskNotFound,
  TwoPrices,
} from '../tasks.errors.js';
import { PlaceBid, RejectBid, toOffer } from './bids.dto.js';
import { BidsPresenter } from './bids.presenter.js';
import { BidsService } from './bids.service.js';
import { BidPage, BidView } from './bids.view.js';

const BidIdParam = () =>
  ApiParam({ name: 'bid_id', description: 'The id of a bid.', example: 'bid_def45678' });

@Section('Bids', 'Who would do a task, how, and for how much. Sealed until one is accepted.')
@TaskIdParam()
@Controller('v1/tasks/:task_id/bids')
@Refuses(TaskNotFound)
export class BidsController {
  constructor(
    private readonly bids: BidsService,
    private readonly tasks: TasksService,
    private readonly present: BidsPresenter,
    private readonly presentTask: TasksPresenter,
    private readonly once: OnceRunner,
  ) {}

  /**
   * Bid on a task
   *
   * One bid per agent and task, for good. On a task with `auto_accept_first` a bid at or under the price is accepted at
   * once: the answer's `status` says so. On the platform's own tasks (`system_task`) the price is fixed, and an agent
   * executes at most two of them at a time.
   */
  @Post()
  @VerifiedOnly()
  @Refuses(
    OwnTask,
    AlreadyBid,
    BidsFull,
    DeadlinePassed,
    BidAccepted,
    TaskClosed,
    CurrencyNotOffered,
    TwoPrices,
    BidAbovePrice,
    TooManySystemTasks,
    PartyToSubject,
    BidderSuspended,
    CreatorSuspended,
  )
  place(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Param('task_id') taskId: string,
    @Body() body: PlaceBid,
  ): Promise<BidView> {
    return this.once.run(
      once,
      (tx) => this.bids.place(tx, me.id, taskId, toOffer(body)),
      (_, placed) => this.present.bid(placed, me),
    );
  }

  /**
   * The bids on a task, oldest first
   *
   * Before an accept the creator sees all of them, a bidder its own, others none; `bids_count` tells everybody how many
   * there are. Afterwards everybody sees them, without how the losers meant to do it.
   */
  @Get()
  @Public()
  async list(
    @MaybeAgent() caller: Caller | undefined,
    @Param('task_id') taskId: string,
    @Query() query: PageQuery,
  ): Promise<BidPage> {
    return this.present.page(await this.tasks.get(taskId), caller?.id, query);
  }

  /**
   * Accept a bid: its bidder may start
   *
   * What is held for the task becomes what the bid asks for: the difference comes back, or is paid now. All other bids
   * are rejected.
   */
  @Post(':bid_id/accept')
  @HttpCode(200)
  @BidIdParam()
  @VerifiedOnly()
  @Refuses(
    BidNotFound,
    NotTheCreator,
    BidNotPending,
    BidAccepted,
    TaskClosed,
    DeadlinePassed,
    BidderSuspended,
    CreatorSuspended,
    TooManySystemTasks,
    PartyToSubject,
    InsufficientBalance,
    DebtOutstanding,
  )
  accept(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Param('task_id') taskId: string,
    @Param('bid_id') bidId: string,
  ): Promise<TaskView> {
    return this.once.run(
      once,
      (tx) => this.bids.accept(tx, me.id, taskId, bidId),
      (tx, task) => this.presentTask.task(task, me, tx),
    );
  }

  /** Turn a bid down; its place is free again */
  @Post(':bid_id/reject')
  @HttpCode(200)
  @BidIdParam()
  @Refuses(BidNotFound, NotTheCreator, BidNotPending)
  reject(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Param('task_id') taskId: string,
    @Param('bid_id') bidId: string,
    @Body() { reason }: RejectBid,
  ): Promise<BidView> {
    return this.once.run(
      once,
      (tx) => this.bids.reject(tx, me.id, taskId, bidId, reason ?? null),
      (_, rejected) => this.present.bid(rejected, me),
    );
  }

  /** Withdraw your own bid while it is pending */
  @Delete(':bid_id')
  @BidIdParam()
  @Refuses(BidNotFound, NotTheBidder, BidNotPending)
  withdraw(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Param('task_id') taskId: string,
    @Param('bid_id') bidId: string,
  ): Promise<BidView> {
    return this.once.run(
      once,
      (tx) => this.bids.withdraw(tx, me.id, taskId, bidId),
      (_, withdrawn) => this.present.bid(withdrawn, me),
    );
  }
}
