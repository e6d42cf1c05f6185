/** What kind of refusal an error is. HTTP and JSON-RPC each translate a kind into their own status. */
export type ErrorKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'absent'
  | 'method_not_allowed'
  | 'not_acceptable'
  | 'timeout'
  | 'conflict'
  | 'gone'
  | 'too_large'
  | 'unsupported_media'
  | 'expectation_failed'
  | 'invalid'
  | 'too_many'
  | 'headers_too_large'
  | 'internal'
  | 'unavailable';

/** One thing wrong with the input: where (JSON Pointer, RFC 6901), which rule, and what to do. */
export interface FieldError {
  pointer: string;
  rule: string;
  message: string;
  /** Where the pointer starts; the body unless said otherwise. */
  in?: 'body' | 'query' | 'path' | 'header';
}

/** The static side of every error: what the documentation knows without throwing it. */
export interface DomainErrorClass {
  readonly name: string;
  readonly kind: ErrorKind;
  readonly hint?: string;
  readonly slug: string;
}

/**
 * A rule that was broken, named for the rule. The class name is the one spelling of its public name:
 * `BidNotPending` is type `/problems/bid-not-pending`, error `bid_not_pending`, title `Bid not pending`.
 */
export abstract class DomainError extends Error {
  /** Static, so that the reference can list an error without having thrown it. */
  static readonly kind: ErrorKind;
  /** What the caller can do next, in one sentence. */
  static readonly hint?: string;

  /** The kebab-case public name. A renamed class keeps its old slug by overriding this. */
  static get slug(): string {
    return this.name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
  }

  constructor(
    detail: string,
    /** Members of the problem document beside the standard ones, in snake_case. */
    readonly members: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    const { stackTraceLimit } = Error;
    // A refusal is an answer, not a defect: nobody reads where it was thrown, and to write that down would cost
    // more than all the rest of it.
    Error.stackTraceLimit = 0;
    super(detail, options);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = new.target.name;
  }

  get type(): DomainErrorClass {
    return this.constructor as unknown as DomainErrorClass;
  }

  /** Seconds after which the same request may succeed. */
  get retryAfterS(): number | undefined {
    return undefined;
  }

  get fields(): readonly FieldError[] | undefined {
    return undefined;
  }
}

export const titleOf = (slug: string): string =>
  slug.charAt(0).toUpperCase() + slug.slice(1).replaceAll('-', ' ');
