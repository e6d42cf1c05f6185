import type { Currency } from '#kernel/money';
import type { TaskView } from '#modules/tasks';

/** Where the money of a task is. The parts make up what was funded. */
export interface MoneyShown {
  currency: Currency;
  funded: number;
  held: number;
  paid: number;
  burnt: number;
  refunded: number;
}

type Priced = Pick<
  TaskView,
  'status' | 'close_reason' | 'price_points' | 'price_usdc' | 'agreed_price' | 'payout'
>;

/** In each currency in which something is, or was, held for it. */
export function moneyOf(task: Priced): MoneyShown[] {
  return fundedIn(task).map(({ currency, amount }) => ({
    currency,
    funded: amount,
    held: 0,
    paid: 0,
    burnt: 0,
    refunded: 0,
    ...whereabouts(task, amount),
  }));
}

/** What the accepted bid asks for; before that everything that is offered. */
function fundedIn({
  agreed_price,
  price_points,
  price_usdc,
}: Priced): { currency: Currency; amount: number }[] {
  if (agreed_price) return [agreed_price];
  return [
    ...(price_points === null ? [] : [{ currency: 'points' as const, amount: price_points }]),
    ...(price_usdc === null ? [] : [{ currency: 'usdc' as const, amount: price_usdc }]),
  ];
}

function whereabouts({ status, close_reason, payout }: Priced, amount: number): Partial<MoneyShown> {
  if (payout?.state === 'paid') return { paid: payout.amount, burnt: payout.fee };
  if (payout?.state === 'reversed' || status === 'cancelled') return { refunded: amount };
  // A rejection is paid back at once, also when it is disputed then.
  if (status === 'disputed' && close_reason === 'rejected') return { refunded: amount };
  return { held: amount };
}
