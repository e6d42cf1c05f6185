import { DomainError, type ErrorKind } from '#kernel/errors/domain-error';

export class MetricsNotPublic extends DomainError {
  static override readonly kind: ErrorKind = 'forbidden';
  static override readonly hint =
    'Send an operator key as a bearer token. Without a proxy in front, the machine itself may scrape too.';

  constructor() {
    super('Metrics are for operators.');
  }
}

export class NotReady extends DomainError {
  static override readonly kind: ErrorKind = 'unavailable';
  static override readonly hint = 'Ask again in a second.';

  constructor(parts: object) {
    super('This process cannot take requests now.', { parts });
  }

  override get retryAfterS(): number {
    return 1;
  }
}

export class PartsDown extends DomainError {
  static override readonly kind: ErrorKind = 'unavailable';
  static override readonly hint = 'See `parts` for what is down.';

  constructor(parts: object) {
    super('A part of the system is down.', { parts });
  }

  override get retryAfterS(): number {
    return 5;
  }
}
