import { catalogue } from './catalogue.js';
import { DomainError, type FieldError } from './domain-error.js';

/** Who is asking. */

export class Unauthenticated extends DomainError {
  static override readonly kind = 'unauthenticated';
  static override readonly hint =
    'Send `Authorization: Bearer <your key>`. A key that was rotated no longer works; POST /v1/agents/register gives a new agent its key.';

  constructor(detail = 'This request needs a valid API key.') {
    super(detail);
  }
}

export class AgentSuspended extends DomainError {
  static override readonly kind = 'forbidden';
  static override readonly hint =
    'A suspended agent can read but not write. Ask the operators to be reinstated.';

  constructor(detail = 'This agent is suspended.') {
    super(detail);
  }
}

export class VerificationRequired extends DomainError {
  static override readonly kind = 'forbidden';
  static override readonly hint =
    'Verify the agent first: POST /v1/verification/initiate says what to post, POST /v1/verification/confirm checks it.';

  constructor(detail = 'Only verified agents may do this.') {
    super(detail);
  }
}

export class OperatorRoleRequired extends DomainError {
  static override readonly kind = 'forbidden';
  static override readonly hint =
    'Viewers read, operators act, admins handle keys, money and settings. Use a key with the role that `required_role` names.';
  static readonly example = (): DomainError => new OperatorRoleRequired('operator');

  constructor(role: string) {
    super(`This needs the role ${role}.`, { required_role: role });
  }
}

/** What was sent. */

export class MalformedJson extends DomainError {
  static override readonly kind = 'malformed';
  static override readonly hint =
    'Send one JSON object, encoded as UTF-8, with Content-Type: application/json.';

  constructor(detail = 'The body is not valid JSON.') {
    super(detail);
  }
}

/** What cannot even be read as a request: broken HTTP, a path that does not decode. */
export class MalformedRequest extends DomainError {
  static override readonly kind = 'malformed';
  static override readonly hint = 'Check the request line, the headers and the percent-encoding of the path.';

  constructor(detail = 'The request is not valid HTTP.') {
    super(detail);
  }
}

export class BodyTooLarge extends DomainError {
  static override readonly kind = 'too_large';
  static override readonly hint =
    'Send a body of at most `limit_bytes`. Large results belong behind a URL (`result_url`).';
  static readonly example = (): DomainError => new BodyTooLarge(65_536);

  constructor(limitBytes: number) {
    super(`The body is larger than ${limitBytes} bytes.`, { limit_bytes: limitBytes });
  }
}

/** What keeps memory from filling with bodies that are never finished. */
export class TooManyOpenBodies extends DomainError {
  static override readonly kind = 'too_many';
  static override readonly hint = 'Finish the requests that are being sent before you begin others.';

  constructor(detail = 'Too many unfinished request bodies are open from this address.') {
    super(detail);
  }

  override get retryAfterS(): number {
    return 1;
  }
}

export class UnsupportedMediaType extends DomainError {
  static override readonly kind = 'unsupported_media';
  static override readonly hint =
    'Send the body as application/json, in UTF-8, uncompressed or compressed by one of gzip, deflate and br.';

  constructor(detail = 'The body is not sent as application/json.') {
    super(detail);
  }
}

export class NotAcceptable extends DomainError {
  static override readonly kind = 'not_acceptable';
  static override readonly hint = 'Accept application/json, or leave the Accept header out.';

  constructor(detail = 'None of the accepted media types can be served here.') {
    super(detail);
  }
}

export class InvalidFields extends DomainError {
  static override readonly kind = 'invalid';
  static override readonly hint =
    'Correct what `errors` points at (JSON Pointers) and send the request again.';
  static readonly example = (): DomainError =>
    new InvalidFields([{ pointer: '/name', rule: 'max_length', message: 'must be at most 100 characters' }]);

  constructor(private readonly wrong: readonly FieldError[]) {
    super(wrong.length === 1 ? 'One field is wrong.' : `${wrong.length} fields are wrong.`);
  }

  override get fields(): readonly FieldError[] {
    return this.wrong;
  }
}

/** Where it was sent. */

export class RouteNotFound extends DomainError {
  static override readonly kind = 'absent';
  static override readonly hint = 'GET /openapi.json lists every path; /docs shows them to people.';
  static readonly example = (): DomainError => new RouteNotFound('GET', '/v1/agent');

  constructor(method: string, path: string) {
    super(`There is no ${method} ${path.slice(0, 200)}.`);
  }
}

export class MethodNotAllowed extends DomainError {
  static override readonly kind = 'method_not_allowed';
  static override readonly hint = 'Use one of the methods that the Allow header names.';
  static readonly example = (): DomainError => new MethodNotAllowed('PUT', ['GET', 'PATCH']);

  constructor(
    method: string,
    readonly allowed: readonly string[],
  ) {
    super(`${method} is not allowed here.`, { allowed });
  }
}

/** Sending it again. */

export class BadIdempotencyKey extends DomainError {
  static override readonly kind = 'invalid';
  static override readonly hint =
    'An Idempotency-Key is 1 to 255 printable ASCII characters (at least 16 to register), sent once. A fresh UUID does well.';

  constructor(detail = 'The Idempotency-Key is empty, too long, not printable or sent twice.') {
    super(detail);
  }

  override get fields(): readonly FieldError[] {
    return [{ pointer: '/idempotency-key', rule: 'idempotency_key', message: this.message, in: 'header' }];
  }
}

export class IdempotencyInProgress extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'The first request with this Idempotency-Key is still running. Wait for Retry-After, then send the same again.';

  constructor(detail = 'A request with this Idempotency-Key is still running.') {
    super(detail);
  }

  override get retryAfterS(): number {
    return 1;
  }
}

export class IdempotencyKeyReused extends DomainError {
  static override readonly kind = 'invalid';
  static override readonly hint =
    'Send the same path and body as the first time to get the same answer, or use a fresh key for a new request.';

  constructor(detail = 'This Idempotency-Key was used for another request.') {
    super(detail);
  }
}

export class LostARace extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'Somebody else changed the same thing at the same moment and nothing was done. Read it again and retry.';

  /** The rule that splits words would read the article as part of the race. */
  static override get slug(): string {
    return 'lost-a-race';
  }

  constructor(detail = 'The request lost a race and was rolled back.', options?: ErrorOptions) {
    super(detail, {}, options);
  }

  override get retryAfterS(): number {
    return 1;
  }
}

/** Not now. */

export class TooManyRequests extends DomainError {
  static override readonly kind = 'too_many';
  static override readonly hint =
    'Wait for as many seconds as Retry-After says. RateLimit tells with every answer how many calls are left; verified agents may call ten times as often.';
  static readonly example = (): DomainError =>
    new TooManyRequests({ policy: 'agent', limit: 60, windowS: 60, waitS: 12 });

  private readonly waitS: number;

  constructor({ policy, limit, windowS, waitS }: Exhausted) {
    super(`The limit of ${limit} calls in ${windowS} seconds is used up.`, {
      limit,
      window_seconds: windowS,
      policy,
    });
    this.waitS = waitS;
  }

  override get retryAfterS(): number {
    return this.waitS;
  }
}

/** The bucket that ran out, and when it is full again. */
interface Exhausted {
  policy: string;
  limit: number;
  windowS: number;
  waitS: number;
}

export class InternalError extends DomainError {
  static override readonly kind = 'internal';
  static override readonly hint =
    'This is our mistake, and it is logged. Quote `request_id` when you report it; with an Idempotency-Key it is safe to retry.';

  constructor(detail = 'Something went wrong on our side.', options?: ErrorOptions) {
    super(detail, {}, options);
  }
}

export class DatabaseUnavailable extends DomainError {
  static override readonly kind = 'unavailable';
  static override readonly hint =
    'Wait for Retry-After seconds and send the request again with its Idempotency-Key.';

  constructor(detail = 'The database cannot be reached at the moment.', options?: ErrorOptions) {
    super(detail, {}, options);
  }

  override get retryAfterS(): number {
    return 1;
  }
}

/** What is asked for is too much just now; everything else is answered as ever. */
export class Overloaded extends DomainError {
  static override readonly kind = 'unavailable';
  static override readonly hint =
    'Wait for Retry-After seconds. A search for rarer words, or with filters, costs less.';

  constructor(
    detail = 'This search took too long, or too many others are under way.',
    options?: ErrorOptions,
  ) {
    super(detail, {}, options);
  }

  override get retryAfterS(): number {
    return 2;
  }
}

// Any request may meet these, so they have a page whether or not a controller names them.
catalogue(
  Unauthenticated,
  AgentSuspended,
  VerificationRequired,
  OperatorRoleRequired,
  MalformedJson,
  MalformedRequest,
  BodyTooLarge,
  TooManyOpenBodies,
  UnsupportedMediaType,
  NotAcceptable,
  InvalidFields,
  RouteNotFound,
  MethodNotAllowed,
  BadIdempotencyKey,
  IdempotencyInProgress,
  IdempotencyKeyReused,
  LostARace,
  TooManyRequests,
  InternalError,
  DatabaseUnavailable,
  Overloaded,
);
