import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { toJson } from '#kernel/money';
import { NextActions, OffersActions, type NextAction, type NextActionsProvider } from '#platform/http';
import { Figures } from './figures.service.js';
import { BalanceStore, type Balance } from './persistence/balance.store.js';
import type { PointsBalance, PointsVesting } from './points.view.js';

declare module '#platform/http' {
  interface ActionSubjects {
    /** One's own balance. */
    balance: Balance;
  }
}

/** Rules §5.10: possible, not promised. */
const MAY_NOT_WILL =
  'Points may convert to a token, at a ratio that would depend on the total supply then. That they will is not promised, ' +
  'and this figure is no claim.';

/** Balances as they go over the wire. */
@Injectable()
export class PointsPresenter {
  constructor(
    private readonly balances: BalanceStore,
    private readonly figures: Figures,
    private readonly nextActions: NextActions,
  ) {}

  async balance(me: Caller): Promise<PointsBalance> {
    const [balance, decay] = await Promise.all([this.balances.of(me.id), this.balances.nextDecay(me.id)]);
    return {
      agent_id: me.id,
      balance_points: toJson(balance.points),
      balance_usdc: toJson(balance.usdc),
      debt_points: toJson(balance.debt),
      decays_next: decay ? { at: decay.at.toISOString(), amount: toJson(decay.amount) } : null,
      next_actions: await this.nextActions.of('balance', balance, me),
    };
  }

  async vesting(me: Caller): Promise<PointsVesting> {
    const [{ points }, { totalSupply: supply }] = await Promise.all([
      this.balances.of(me.id),
      this.figures.economy(),
    ]);
    const millionths = supply.units > 0n ? Number((points.units * 1_000_000n) / supply.units) : 0;
    return {
      agent_id: me.id,
      balance_points: toJson(points),
      share_of_supply: millionths / 1_000_000,
      statement: MAY_NOT_WILL,
    };
  }
}

/** A verified agent with points and no debt may pay another. */
@Injectable()
@OffersActions('balance')
export class BalanceActions implements NextActionsProvider<'balance'> {
  actions({ points, debt }: Balance, { id, verified }: Caller): NextAction[] {
    if (!verified || points.units === 0n || debt.units > 0n) return [];
    return [{ action: 'transfer', method: 'POST', href: '/v1/points/transfer', by: id }];
  }
}
