import type { FieldError } from '#kernel/errors/domain-error';
import { InvalidFields } from '#kernel/errors/kernel.errors';
import { moneyFromJson, type Money } from '#kernel/money';
import { refuseUnstorable, hasLength } from '#platform/http';

export interface TransferOrder {
  to: string;
  amount: Money;
  memo: string | undefined;
}

const AGENT_ID = /^agt_[0-9a-z]{6,8}$/;
const AMOUNT_MAX = 1_000_000_000;
const MEMO_MAX = 280;
const KNOWN = new Set(['to_agent_id', 'amount', 'currency', 'memo']);

/**
 * Reads the body of a transfer. By hand, because this is the one route where the general pipe would cost as much
 * as everything else together; a test holds it equal to the DTO that the reference shows. As everywhere, what cannot
 * even be stored is said before anything else.
 */
export function transferOrderOf(body: unknown): TransferOrder {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    refuseUnstorable(body, 'body');
    throw wrong('', 'object', 'Send a JSON object with Content-Type: application/json.');
  }
  const { to_agent_id: to, amount, currency = 'points', memo } = body as Record<string, unknown>;
  const problems: FieldError[] = [];
  const refuse = (field: string, rule: string, message: string): void => {
    problems.push({ in: 'body', pointer: `/${field}`, rule, message });
  };
  for (const name in body) {
    if (!KNOWN.has(name))
      refuse(pointerName(name), 'unknown', `There is no field ${shown(name)}; remove it.`);
  }
  if (typeof to !== 'string' || !AGENT_ID.test(to)) {
    refuse('to_agent_id', 'matches', 'must be the id of an agent, such as agt_7f3a9b2c.');
  }
  // Two decimals in either currency: that USDC cannot be transferred is said of a transfer that is right otherwise.
  const inPoints = moneyFromJson('points', amount);
  if (!inPoints || inPoints.units === 0n) {
    refuse('amount', 'isNumber', 'amount must be a number of at least 0.01 with at most 2 decimals.');
  } else if ((amount as number) > AMOUNT_MAX) {
    refuse('amount', 'max', `amount must be at most ${AMOUNT_MAX}.`);
  }
  if (currency !== 'points' && currency !== 'usdc') refuse('currency', 'isIn', 'currency must be points.');
  const memoProblem = memo === undefined || memo === null ? undefined : problemOfMemo(memo);
  if (memoProblem) refuse('memo', ...memoProblem);
  if (problems.length > 0) {
    refuseUnstorable(body, 'body');
    throw new InvalidFields(problems);
  }
  const money = currency === 'usdc' ? moneyFromJson('usdc', amount)! : inPoints!;
  return { to: to as string, amount: money, memo: (memo as string | null) ?? undefined };
}

function problemOfMemo(memo: unknown): [rule: string, message: string] | undefined {
  if (typeof memo !== 'string') return ['isString', 'memo must be a text of at most 280 characters.'];
  if (!hasLength(memo, 0, MEMO_MAX)) return ['maxLength', 'memo must be a text of at most 280 characters.'];
  if (memo.includes('\0')) return ['text', 'Remove the NUL character (U+0000).'];
  if (!memo.isWellFormed()) return ['text', 'Remove the lone surrogate: the text is not valid Unicode.'];
  return undefined;
}

const wrong = (pointer: string, rule: string, message: string): InvalidFields =>
  new InvalidFields([{ in: 'body', pointer, rule, message }]);

/** A name that the caller made up may be anything: what is shown of it is short and valid. */
const shown = (name: string): string => name.toWellFormed().replaceAll('\0', '\uFFFD').slice(0, 100);
const pointerName = (name: string): string => shown(name).replaceAll('~', '~0').replaceAll('/', '~1');
