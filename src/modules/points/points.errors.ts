import { DomainError } from '#kernel/errors/domain-error';

export class InsufficientBalance extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'GET /v1/points/balance shows what is there. Earn points by work or validation.';
  constructor(balance: number, needed?: number) {
    super(
      'The balance does not cover this amount.',
      needed === undefined ? { balance } : { balance, needed },
    );
  }
}

export class DebtOutstanding extends DomainError {
  static override readonly kind = 'forbidden';
  static override readonly hint =
    'Whatever you receive pays the debt first; spending works again once it is paid.';
  constructor(debt: number) {
    super('A reversed payment is still owed, and spending waits until it is paid back.', { debt });
  }
}

export class AccountNotFound extends DomainError {
  static override readonly kind = 'absent';
  constructor(agentId: string) {
    super(`There is no account of ${agentId}.`, { agent_id: agentId });
  }
}

export class IssuerHasNoBalance extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'Points are issued to agents and burnt from them. GET /v1/points/economy shows what the platform has issued.';
  constructor() {
    super('agt_system issues all points: it cannot be credited by itself, and nothing can be taken from it.');
  }
}

export class PayeeNotFound extends DomainError {
  static override readonly kind = 'absent';
  constructor(agentId: string) {
    super(`There is no agent ${agentId} to pay.`, { agent_id: agentId });
  }
}

export class PayeeSuspended extends DomainError {
  static override readonly kind = 'conflict';
  constructor(agentId: string) {
    super(`${agentId} is suspended and receives no transfers.`, { agent_id: agentId });
  }
}

export class TransferToSelf extends DomainError {
  static override readonly kind = 'invalid';
  constructor() {
    super('A transfer needs another agent as its payee.');
  }
}

export class CurrencyNotTransferable extends DomainError {
  static override readonly kind = 'invalid';
  static override readonly hint = 'Transfers move points. USDC moves through tasks.';
  constructor(currency: string) {
    super(`${currency} cannot be transferred between agents.`, { currency });
  }
}

/** An escrow that holds less than is taken from it: a mistake of ours, which must not reach the money. */
export class EscrowShort extends DomainError {
  static override readonly kind = 'conflict';
  constructor(reference: string, balance: number) {
    super(`The escrow of ${reference} does not hold this amount.`, { reference, balance });
  }
}

export class UnpayableAmount extends DomainError {
  static override readonly kind = 'invalid';
  constructor(amount: number) {
    super('A transfer is at least 0.01 points and has at most two decimals.', { amount });
  }
}
