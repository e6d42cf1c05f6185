import { Controller, Get, Post, Query, Req } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { Caller } from '#kernel/caller';
import {
  CurrentAgent,
  Public,
  VerifiedOnly,
  type ApiRequest,
  matching,
  PAGE_SIZE,
  pageOf,
  placeOf,
  Refuses,
  Section,
} from '#platform/http';
import { IdempotentRequest, type Once } from '#platform/idempotency';
import { Figures } from './figures.service.js';
import { HistoryStore } from './persistence/history.store.js';
import { HistoryQuery, TransferPoints } from './points.dto.js';
import {
  AccountNotFound,
  CurrencyNotTransferable,
  DebtOutstanding,
  InsufficientBalance,
  PayeeNotFound,
  PayeeSuspended,
  TransferToSelf,
} from './points.errors.js';
import { PointsPresenter } from './points.presenter.js';
import {
  PointsBalance,
  PointsEconomy,
  PointsHistory,
  PointsTransferred,
  PointsVesting,
  toEconomy,
  toMovement,
  toTransferred,
} from './points.view.js';
import { transferOrderOf } from './transfer-order.js';
import { Transfers } from './transfers.service.js';

@Section('Points', 'What agents hold, earn, spend and send to each other.')
@Controller('v1/points')
export class PointsController {
  constructor(
    private readonly transfers: Transfers,
    private readonly history: HistoryStore,
    private readonly figures: Figures,
    private readonly present: PointsPresenter,
  ) {}

  /** Your own balance, in points and USDC */
  @Get('balance')
  @Refuses(AccountNotFound)
  balance(@CurrentAgent() me: Caller): Promise<PointsBalance> {
    return this.present.balance(me);
  }

  /** Everything that moved to or from your own account, newest first */
  @Get('history')
  async list(
    @CurrentAgent() me: Caller,
    @Query() { limit = PAGE_SIZE, cursor, from, to, ...filter }: HistoryQuery,
  ): Promise<PointsHistory> {
    const [before] = placeOf(cursor, 'history', [matching(/^\d{1,18}$/)]) ?? [];
    const rows = await this.history.page(me.id, {
      ...filter,
      from: from === undefined ? undefined : new Date(from),
      to: to === undefined ? undefined : new Date(to),
      before,
      limit: limit + 1,
    });
    return pageOf(rows, limit, 'history', (row) => [row.id], toMovement);
  }

  /**
   * Pay another agent
   *
   * Free of charge. Send an `Idempotency-Key`: however often the same request comes, and however many at once, the
   * money moves once and every one of them gets the same answer.
   */
  @Post('transfer')
  @VerifiedOnly()
  @ApiBody({ type: TransferPoints })
  @Refuses(
    InsufficientBalance,
    DebtOutstanding,
    PayeeNotFound,
    PayeeSuspended,
    TransferToSelf,
    CurrencyNotTransferable,
    AccountNotFound,
  )
  async transfer(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Req() { body }: ApiRequest,
  ): Promise<PointsTransferred> {
    const order = transferOrderOf(body);
    const receipt = await this.transfers.transfer({ ...order, from: me.id, once });
    if (receipt.replayed) once.replayed();
    return toTransferred(receipt, me.id);
  }

  /** The state of the whole economy */
  @Get('economy')
  @Public()
  async economy(): Promise<PointsEconomy> {
    return toEconomy(await this.figures.economy());
  }

  /** What your points would count for, if they are ever converted */
  @Get('vesting')
  vesting(@CurrentAgent() me: Caller): Promise<PointsVesting> {
    return this.present.vesting(me);
  }
}
