import { DomainError, type FieldError } from '#kernel/errors/domain-error';

export class CatalogueKindNotFound extends DomainError {
  static override readonly kind = 'absent';
  static override readonly hint = 'GET /v1/admin/system/catalogue lists the kinds.';

  constructor(kind: string) {
    super(`The catalogue has no kind ${kind.slice(0, 40)}.`, { kind: kind.slice(0, 40) });
  }
}

export class VariantNotNamed extends DomainError {
  static override readonly kind = 'invalid';
  static override readonly hint =
    'Let the title say {variant} where the language, framework or feature belongs.';

  constructor() {
    super('A kind with variants names them in its title.');
  }

  override get fields(): readonly FieldError[] {
    return [{ pointer: '/title', rule: 'variant', message: 'title must contain {variant}.' }];
  }
}
