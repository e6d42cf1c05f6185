import type { Money } from '#kernel/money';
import type { TaskEvent } from '../tasks.events.js';
import type { Bid, Submission, Task } from './task.js';

/** A task as an act finds it, locked, with whatever the act decides about besides it. */
export interface Board {
  task: Task;
  bids: readonly Bid[];
  submission?: Submission | undefined;
}

/** Everything that one act does. All of it happens, or none. */
export interface Change {
  task: Task;
  /** Those that are new or changed. */
  bids?: readonly Bid[];
  submission?: Submission;
  counters?: readonly CounterChange[];
  money?: readonly EscrowMove[];
  events: readonly TaskEvent[];
}

/** What an act adds to an agent's record; below zero where it takes something back. */
export interface CounterChange {
  agentId: string;
  tasksCreated?: number;
  tasksCompleted?: number;
  worksApproved?: number;
  worksFailed?: number;
  ratingsCount?: number;
  ratingsSum?: number;
}

/** How money moves between creator, escrow and executor. */
export type EscrowMove =
  /** From the creator into the escrow of a new task. */
  | { kind: 'hold'; amount: Money }
  /** The escrow becomes as large as the new price. An edit or a bid is the cause. */
  | { kind: 'resize'; from: Money; to: Money; cause: string }
  /** From the escrow to the executor, the fee burnt. */
  | { kind: 'pay'; amount: Money }
  /** From the escrow back to the creator. */
  | { kind: 'refund'; amount: Money }
  /** A dispute turns a payment or a refund round that has been made. */
  | { kind: 'take_back' | 'pay_after_all'; amount: Money; disputeId: string };

/** Those of a change's bids that the board did not have. */
export function newBids({ bids }: Board, { bids: changed = [] }: Change): Bid[] {
  const known = new Set(bids.map(({ id }) => id));
  return changed.filter(({ id }) => !known.has(id));
}

export const refunds = (amounts: readonly Money[]): EscrowMove[] =>
  amounts.map((amount) => ({ kind: 'refund', amount }));

/** What a change gives back to the creator from escrow. */
export const refundOf = ({ money = [] }: Change): Money[] =>
  money.flatMap((move) => (move.kind === 'refund' ? [move.amount] : []));
