import { DomainError } from '#kernel/errors/domain-error';

export class OperatorKeyNotFound extends DomainError {
  static override readonly kind = 'absent';
  static override readonly hint = 'GET /v1/admin/operator-keys lists the keys.';

  constructor(id: string) {
    super(`There is no operator key ${id}.`, { operator_key_id: id });
  }
}

export class OperatorKeyRevoked extends DomainError {
  static override readonly kind = 'conflict';

  constructor(id: string) {
    super(`The operator key ${id} is already revoked.`, { operator_key_id: id });
  }
}
