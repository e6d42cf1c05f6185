import { money, type Currency, type Money } from '#kernel/money';
import { balanceIn, isAgent, ISSUER } from '#modules/points';
import { agreedPrice, amountOf, CURRENCIES, priceIn, isClosed, type Task } from '#modules/tasks';
import { pendingOf, type Market } from './market.js';
import { Violation } from './violation.js';

/** What holds after every step, whatever happened. */
export function checkLaws(market: Market, before: ReadonlyMap<string, Task>): void {
  for (const currency of CURRENCIES) checkBooks(market, currency);
  checkSuspended(market);
  for (const task of market.tasks.values()) {
    checkEscrow(market, task);
    const earlier = before.get(task.id);
    if (earlier === task) continue;
    checkTask(market, task);
    if (earlier) checkStep(earlier, task);
  }
}

/** Nothing is made or lost; nobody but the platform is below zero; an escrow is one of a task that there is. */
function checkBooks(market: Market, currency: Currency): void {
  const books = market.books[currency];
  let sum = 0n;
  for (const [account, { units }] of books.balances) {
    sum += units;
    if (units < 0n && account !== ISSUER) throw new Violation(`${account} is at ${units} of ${currency}.`);
    if (account !== ISSUER && !isAgent(account) && !market.tasks.has(account))
      throw new Violation(`${account} holds ${currency} for no task.`);
  }
  if (sum !== 0n) throw new Violation(`All ${currency} together are ${sum}.`);
}

/** Once its suspension has been heard of, an agent has nothing on the board that nobody could accept. */
function checkSuspended(market: Market): void {
  for (const agent of market.suspended) {
    if (market.unheard.has(agent)) continue;
    for (const task of market.tasks.values()) {
      if (task.creatorId === agent && (task.status === 'open' || task.status === 'bidding'))
        throw new Violation(`${task.id} of the suspended ${agent} is still ${task.status}.`);
      if (pendingOf(market.bidsOf(task)).some(({ agentId }) => agentId === agent))
        throw new Violation(`A bid of the suspended ${agent} on ${task.id} is still pending.`);
    }
  }
}

/** Exactly the price, and of a task that has ended nothing, a held payout apart. */
function checkEscrow(market: Market, task: Task): void {
  for (const currency of CURRENCIES) {
    const { units } = balanceIn(market.books[currency], task.id);
    const due = heldOf(task, currency).units;
    if (units !== due) throw new Violation(`${task.id} holds ${units} of ${currency} instead of ${due}.`);
  }
}

function heldOf(task: Task, currency: Currency): Money {
  const nothing = money(currency, 0n);
  const agreed = agreedPrice(task);
  if (!agreed) return isClosed(task) ? nothing : (priceIn(task, currency) ?? nothing);
  const isHeld = task.payoutState === 'held' || IN_WORK.has(task.status);
  return isHeld && agreed.currency === currency ? agreed : nothing;
}

const IN_WORK: ReadonlySet<Task['status']> = new Set(['in_progress', 'submitted', 'validating']);

/** What the tables check too. */
function checkTask(market: Market, task: Task): void {
  const [bids, submission] = [market.bidsOf(task), market.submissions.get(task.id)];
  const pending = pendingOf(bids).length;
  const accepted = bids.filter(({ status }) => status === 'accepted');
  const claims: Readonly<Record<string, boolean>> = {
    'is closed exactly when it has an end': isClosed(task) === (task.closedAt !== null),
    'gives a reason when cancelled': task.status !== 'cancelled' || task.closeReason !== null,
    'gives none when it lives or is done': !LIVES_OR_DONE.has(task.status) || task.closeReason === null,
    'has an executor from the accept on': (task.executorId !== null) === (task.acceptedBidId !== null),
    'has one accepted bid or none': accepted.length === (task.acceptedBidId === null ? 0 : 1),
    'counts its bids':
      task.status === 'open' || task.status === 'bidding'
        ? task.bidsCount === pending && (task.status === 'open') === (pending === 0)
        : pending === 0,
    'takes no more bids than it may': task.bidsCount <= task.maxBids,
    'has a submission exactly when somebody handed it in':
      !WORKED.has(task.status) || submission !== undefined,
    'is paid for approved work alone':
      task.payoutState === null || task.payoutState === 'reversed' || submission?.status === 'approved',
    'promises the price, and no more': paysThePrice(task),
    'is executed by another than its creator': task.executorId !== task.creatorId,
  };
  for (const [claim, isTrue] of Object.entries(claims))
    if (!isTrue) throw new Violation(`It is not so that ${task.id} (${task.status}) ${claim}.`);
}

const LIVES_OR_DONE: ReadonlySet<Task['status']> = new Set([
  'open',
  'bidding',
  'in_progress',
  'submitted',
  'validating',
  'completed',
]);
const WORKED: ReadonlySet<Task['status']> = new Set(['submitted', 'validating', 'completed', 'disputed']);

function paysThePrice(task: Task): boolean {
  if (task.payoutAmount === null || task.payoutFee === null) return task.payoutState === null;
  const { currency, units } = agreedPrice(task)!;
  const rest = amountOf(currency, task.payoutAmount).units;
  return rest + amountOf(currency, task.payoutFee).units === units;
}

/** What is closed is closed: a dispute alone opens the question again, and only a held payout is still paid. */
function checkStep(before: Task, task: Task): void {
  if (isClosed(before) && task.status !== before.status && task.status !== 'disputed')
    throw new Violation(`${task.id} was ${before.status} and is ${task.status}.`);
  if (before.acceptedPrice !== null && before.acceptedPrice !== task.acceptedPrice)
    throw new Violation(`${task.id} was agreed at ${before.acceptedPrice}, now at ${task.acceptedPrice}.`);
  if (before.status === 'disputed' && task.status === 'disputed')
    throw new Violation(`${task.id} changed while it was disputed.`);
  if (before.payoutState === 'paid' && task.payoutState === 'held')
    throw new Violation(`${task.id} was paid and is held.`);
}

/** With nobody doing anything any more: what needs nobody's judgement has ended, and is paid or refunded. */
export function checkSilence(market: Market): void {
  for (const task of market.tasks.values()) {
    const awaitsJudgement =
      task.status === 'disputed' || (task.validationRequired && IN_WORK.has(task.status));
    if (!isClosed(task) && !awaitsJudgement)
      throw new Violation(`${task.id} stays ${task.status} when all are silent.`);
    if (task.status === 'in_progress') throw new Violation(`${task.id} is worked on for ever.`);
    if (isClosed(task) && task.payoutState === 'held')
      throw new Violation(`${task.id} is never paid what is held for it.`);
  }
}
