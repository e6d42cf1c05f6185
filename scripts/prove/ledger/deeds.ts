import type { KnownAgent } from '../../bench/many-agents.js';
import type { Dice } from './dice.js';

/** One thing that a client wants, with one Idempotency-Key: usually one request, sometimes several at once. */
export interface Deed {
  kind: keyof typeof KINDS;
  payer: KnownAgent;
  key: string;
  /** All are sent at the same moment. Those that differ from the first are mistakes under a used key. */
  bodies: readonly TransferBody[];
}

export interface TransferBody {
  to_agent_id: string;
  amount: number;
  memo?: string;
}

export interface Cast {
  rich: readonly KnownAgent[];
  poor: readonly KnownAgent[];
}

/** How often each is done, of a hundred. */
const KINDS = {
  plain: 45,
  duplicates: 20,
  otherBody: 10,
  poorPayer: 12,
  unknownPayee: 4,
  toSelf: 4,
  oddAmount: 5,
} as const;

const KIND_OF_HUNDRED = Object.entries(KINDS).flatMap(([kind, share]) =>
  Array<keyof typeof KINDS>(share).fill(kind as keyof typeof KINDS),
);

const AMOUNTS = [0.01, 0.07, 0.1, 1, 1.1, 2.5, 3.33, 9.99, 33.33];
/** None of them is an amount: too many decimals, too small, too large, nothing, below nothing. */
const ODD_AMOUNTS = [0.1 + 0.2, 1.005, 0.001, 0, -1, 1e21, 5e-324, 1_000_000_000.01];

export function nextDeed(dice: Dice, cast: Cast, key: string): Deed {
  const kind = dice.oneOf(KIND_OF_HUNDRED);
  const payer = dice.oneOf(kind === 'poorPayer' ? cast.poor : cast.rich);
  const others = [...cast.rich, ...cast.poor].filter(({ id }) => id !== payer.id);
  const body: TransferBody = { to_agent_id: dice.oneOf(others).id, amount: dice.oneOf(AMOUNTS), memo: key };
  return { kind, payer, key, bodies: BODIES[kind](body, payer, dice) };
}

const BODIES: Readonly<
  Record<keyof typeof KINDS, (body: TransferBody, payer: KnownAgent, dice: Dice) => TransferBody[]>
> = {
  plain: (body) => [body],
  poorPayer: (body) => [body],
  duplicates: (body, _, dice) => Array<TransferBody>(2 + dice.below(4)).fill(body),
  otherBody: (body) => [body, { ...body, amount: body.amount + 1 }, body],
  unknownPayee: (body) => [{ ...body, to_agent_id: 'agt_zzzzzzzz' }],
  toSelf: (body, { id }) => [{ ...body, to_agent_id: id }],
  oddAmount: (body, _, dice) => [{ ...body, amount: dice.oneOf(ODD_AMOUNTS) }],
};
