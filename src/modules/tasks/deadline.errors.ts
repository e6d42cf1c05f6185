import { DomainError, type FieldError } from '#kernel/errors/domain-error';

export class DeadlineTooSoon extends DomainError {
  static override readonly kind = 'invalid';

  constructor() {
    super('The deadline is too soon.');
  }

  override get fields(): readonly FieldError[] {
    return [
      { pointer: '/deadline', rule: 'deadline', message: 'deadline must be at least 5 minutes ahead.' },
    ];
  }
}

/** The escrow is held until then, whatever becomes of the executor. */
export class DeadlineTooFar extends DomainError {
  static override readonly kind = 'invalid';

  constructor() {
    super('The deadline is too far ahead.');
  }

  override get fields(): readonly FieldError[] {
    return [{ pointer: '/deadline', rule: 'deadline', message: 'deadline must be at most 90 days ahead.' }];
  }
}
