import { DomainError } from '#kernel/errors/domain-error';

export class ScheduleNotFound extends DomainError {
  static override readonly kind = 'absent';
  static override readonly hint = 'GET /v1/admin/schedules lists the names.';

  constructor(name: string) {
    super(`There is no schedule ${name}.`, { schedule: name });
  }
}

export class ClockStuck extends DomainError {
  static override readonly kind = 'unavailable';
  static override readonly hint = 'A process with ROLE=all or ROLE=worker must run to move the clock.';

  constructor() {
    super('Nothing has moved the clock in time.');
  }
}
