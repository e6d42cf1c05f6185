import type { Currency } from '#kernel/money';
import type { MovementType } from './domain/posting.js';

/** One leg on the account of the agent who is told. The ledger's own SQL writes these beside the legs. */
export interface PointsMoved {
  movement_id: string;
  type: MovementType;
  currency: Currency;
  /** Always positive: the name of the event says which way it went. */
  amount: number;
  /** An agent, `agt_system`, or the task whose escrow it was. */
  counterparty: string;
  balance: number;
  reference?: string;
}

declare module '#platform/messaging' {
  interface DomainEvents {
    'points.received': PointsMoved;
    'points.sent': PointsMoved;
  }
}
