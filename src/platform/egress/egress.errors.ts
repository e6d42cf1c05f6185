import { DomainError, type FieldError } from '#kernel/errors/domain-error';
import type { NamedAddressProblem } from './named-address.js';

/** A field names an address to which this server sends nothing. */
export class AddressRefused extends DomainError {
  static override readonly kind = 'invalid';
  static override readonly hint = 'Give a public https URL on port 443, 8443, 80 or any from 1024 on.';

  readonly rule: string;

  constructor(
    /** JSON Pointer of the field, as `/webhook_url`. */
    private readonly pointer: string,
    private readonly problem: NamedAddressProblem,
  ) {
    super(problem.message);
    this.rule = problem.rule;
  }

  override get fields(): readonly FieldError[] {
    return [{ pointer: this.pointer, rule: this.problem.rule, message: this.problem.message }];
  }
}
