export type FailureClass =
  | 'bad_url'
  | 'refused_address'
  | 'dns'
  | 'connect'
  | 'tls'
  | 'timeout'
  | 'reset'
  | 'protocol'
  | 'too_large'
  | 'aborted'
  | 'closed'
  | 'other';

/** A request that has no complete answer. The message may be shown to the agent that named the address. */
export class OutgoingFailure extends Error {
  readonly class: FailureClass;

  constructor(failure: FailureClass, message: string = MESSAGES[failure], options?: ErrorOptions) {
    super(message, options);
    this.name = 'OutgoingFailure';
    this.class = failure;
  }

  /** The same request to the same address would fail again, whatever the other side does. */
  get permanent(): boolean {
    return this.class === 'bad_url' || this.class === 'refused_address';
  }
}

/** Names what went wrong below. The cause stays for our log; it may know addresses that are not the user's business. */
export function toOutgoingFailure(error: unknown): OutgoingFailure {
  if (error instanceof OutgoingFailure) return error;
  return new OutgoingFailure(classOf(codeOf(error)), undefined, { cause: error });
}

const MESSAGES: Readonly<Record<FailureClass, string>> = {
  bad_url: 'The URL cannot be requested.',
  refused_address: 'The host has an address to which requests are not sent.',
  dns: 'The host name could not be resolved.',
  connect: 'No connection could be made.',
  tls: 'The TLS handshake failed, or the certificate is not valid for this host.',
  timeout: 'The answer was not complete in time.',
  reset: 'The connection was closed before the answer was complete.',
  protocol: 'The answer is not valid HTTP.',
  too_large: 'The header of the answer is too large.',
  aborted: 'The request was given up.',
  closed: 'The server is shutting down.',
  other: 'The request failed.',
};

/** First match wins. Codes are those of Node, of its resolver, of OpenSSL and of the HTTP client. */
const CODES: readonly (readonly [RegExp, FailureClass])[] = [
  [
    /^(ENOTFOUND|ENODATA|EAI_|ESERVFAIL|EREFUSED|ETIMEOUT|EBADNAME|EBADRESP|EFORMERR|ENOTIMP|ECANCELLED)/,
    'dns',
  ],
  [
    /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EACCES|EPERM|EINVAL)$/,
    'connect',
  ],
  [/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, 'connect'],
  [/^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERROR_IN_)/, 'tls'],
  [/^(EPROTO|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/, 'tls'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_ABORTED)$/, 'reset'],
  [/^(HPE_HEADER_OVERFLOW|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_EXCEEDED_MAX_SIZE)$/, 'too_large'],
  [/^(HPE_|HTTPParserError|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)/, 'protocol'],
  [/^(UND_ERR_DESTROYED|UND_ERR_CLOSED)$/, 'closed'],
  [/^(UND_ERR_INVALID_ARG|ERR_INVALID_URL)$/, 'bad_url'],
];

const classOf = (code: string): FailureClass => CODES.find(([pattern]) => pattern.test(code))?.[1] ?? 'other';

/** The parser's errors have a name alone. */
function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return [code, name].find((word) => typeof word === 'string') ?? '';
}
