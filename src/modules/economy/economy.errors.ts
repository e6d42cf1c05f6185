import { DomainError } from '#kernel/errors/domain-error';

export class DayNotPayable extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint = 'Emission is paid for today, and made up for at most seven days back.';

  constructor(day: string) {
    super(`The emission of ${day} cannot be paid.`, { day });
  }
}

export class StepAlreadyDone extends DomainError {
  static override readonly kind = 'conflict';

  constructor(step: number) {
    super(`Decay step ${step} has been done.`, { step });
  }
}

export class StepNotDue extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint = 'Steps run in order, each once it has begun.';

  constructor(step: number, next: number) {
    super(`Decay step ${step} is not due; ${next} is next.`, { step, next });
  }
}
