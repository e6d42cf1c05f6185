import { catalogue } from './catalogue.js';
import { DomainError } from './domain-error.js';

/** Node reads no more of a request whose head is longer than 16 KiB. */
export class RequestHeadersTooLarge extends DomainError {
  static override readonly kind = 'headers_too_large';
  static override readonly hint =
    'Send fewer or shorter headers: request line and headers together are at most 16 KiB. Long values belong in the body.';

  constructor(detail = 'The request line and headers are longer than 16 KiB.') {
    super(detail);
  }
}

/** Not retryable by itself: a client that was too slow will be too slow again. */
export class RequestTimeout extends DomainError {
  static override readonly kind = 'timeout';
  static override readonly hint =
    'Send the whole request at once, and open the connection only when it is ready.';

  constructor(detail = 'The request did not arrive in time.') {
    super(detail);
  }
}

export class ExpectationFailed extends DomainError {
  static override readonly kind = 'expectation_failed';
  static override readonly hint = 'Leave the Expect header out, or send `Expect: 100-continue`.';

  constructor(detail = 'The Expect header asks for something this server does not do.') {
    super(detail);
  }
}

catalogue(RequestHeadersTooLarge, RequestTimeout, ExpectationFailed);
