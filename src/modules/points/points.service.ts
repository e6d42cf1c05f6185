import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import type { Money } from '#kernel/money';
import type { Tx } from '#kernel/tx';
import { Outbox } from '#platform/messaging';
import * as movements from './domain/movements.js';
import { isAgent, ISSUER } from './domain/posting.js';
import { BalanceStore, type Balance } from './persistence/balance.store.js';
import { HistoryStore, type HistoryFilter, type HistoryRow } from './persistence/history.store.js';
import { LedgerStore, type Posted } from './persistence/ledger.store.js';
import { IssuerHasNoBalance } from './points.errors.js';

/**
 * Every way points and USDC move inside a caller's transaction. Each happens once for its cause: calling again
 * with the same cause returns the movement of the first time. Money moves last in a transaction, after all
 * other locks.
 */
@Injectable()
export class PointsService {
  constructor(
    private readonly ledger: LedgerStore,
    private readonly balances: BalanceStore,
    private readonly legs: HistoryStore,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** An account for each currency, empty. The first thing that happens to an agent. */
  openAccount(tx: Tx, agentId: string): Promise<void> {
    return this.ledger.open(tx, agentId, this.clock.now());
  }

  /** Suspended agents get no transfers and no emission; what is due to them still arrives. */
  setStanding(tx: Tx, agentId: string, { mayReceive }: { mayReceive: boolean }): Promise<void> {
    return this.ledger.setStanding(tx, agentId, mayReceive);
  }

  balanceOf(agentId: string): Promise<Balance> {
    return this.balances.of(agentId);
  }

  /** As it will be once this transaction is committed. */
  balanceIn(tx: Tx, agentId: string): Promise<Balance> {
    return this.balances.of(agentId, tx);
  }

  /** What is still owed of the payment with this reference; undefined when nothing is. */
  openDebtFor(reference: string): Promise<Money | undefined> {
    return this.balances.openDebtFor(reference);
  }

  /** What the next decay step would burn as things stand; nothing while all of it is young. */
  nextDecay(agentId: string): Promise<{ at: Date; amount: Money } | undefined> {
    return this.balances.nextDecay(agentId);
  }

  /** The account's legs both ways, newest first. */
  history(agentId: string, filter: HistoryFilter): Promise<HistoryRow[]> {
    return this.legs.page(agentId, filter);
  }

  /** Who paid or was paid by this agent in transfers since then. */
  transferPartners(tx: Tx, agentId: string, since: Date): Promise<string[]> {
    return this.legs.transferPartners(tx, agentId, since);
  }

  starterBonus(tx: Tx, agentId: string, occasion: movements.StarterOccasion): Promise<Posted> {
    return this.post(tx, movements.starterBonus(agentId, occasion));
  }

  reward(tx: Tx, it: movements.Caused): Promise<Posted> {
    return this.post(tx, movements.validationReward(it));
  }

  penalize(tx: Tx, it: movements.Caused): Promise<Taken> {
    return this.take(tx, movements.validationPenalty(it), it);
  }

  disputeFee(tx: Tx, it: movements.Caused): Promise<Posted> {
    return this.post(tx, movements.disputeFee(it));
  }

  refundDisputeFee(tx: Tx, it: movements.Caused): Promise<Posted> {
    return this.post(tx, movements.disputeFeeRefund(it));
  }

  penalizeDispute(tx: Tx, it: movements.Caused): Promise<Taken> {
    return this.take(tx, movements.disputePenalty(it), it);
  }

  /** An operator gives or, below zero, takes. */
  async adjust(tx: Tx, signed: Money, it: Omit<movements.Caused, 'amount'>): Promise<Posted> {
    if (it.agentId === ISSUER) throw new IssuerHasNoBalance();
    return this.post(tx, movements.adjustment(signed, it));
  }

  async sandboxGrant(tx: Tx, it: movements.Caused): Promise<Posted> {
    if (it.agentId === ISSUER) throw new IssuerHasNoBalance();
    return this.post(tx, movements.sandboxGrant(it));
  }

  depositUsdc(tx: Tx, it: movements.Caused): Promise<Posted> {
    return this.post(tx, movements.usdcDeposit(it));
  }

  payOutUsdc(tx: Tx, it: movements.Caused): Promise<Posted> {
    return this.post(tx, movements.usdcPayout(it));
  }

  /** Posts with the next statement that somebody waits for, or with the commit, which then fails as this would have. */
  postLater(tx: Tx, movement: movements.Movement): void {
    this.announce(tx, movement);
    this.ledger.postLater(tx, movement, this.clock.now());
  }

  private post(tx: Tx, movement: movements.Movement): Promise<Posted> {
    this.announce(tx, movement);
    return this.ledger.post(tx, movement, this.clock.now());
  }

  /** The ledger's own SQL records what they are told. */
  private announce(tx: Tx, { postings }: movements.Movement): void {
    const parties = postings.flatMap(({ from, to }) => [from, to]).filter(isAgent);
    tx.afterCommit(() => this.outbox.announce(parties));
  }

  private async take(tx: Tx, movement: movements.Movement, it: movements.Caused): Promise<Taken> {
    const posted = await this.post(tx, movement);
    const taken = await this.ledger.taken(tx, posted.movementId, it.agentId, it.amount.currency);
    return { ...posted, taken };
  }
}

export interface Taken extends Posted {
  /** A penalty takes at most what is there. */
  taken: Money;
}
