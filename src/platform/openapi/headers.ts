import type {
  HeaderObject,
  OpenAPIObject,
  ParameterObject,
  ResponseObject,
  SchemaObject,
} from '@nestjs/swagger';
import { type PlacedOperation, resolved } from './operations.js';

type HeaderName = keyof typeof HEADERS;

const text = (description: string, example: string): HeaderObject => ({
  description,
  schema: { type: 'string' },
  example,
});

const HEADERS = {
  'X-Request-Id': text(
    'Names this request in our logs. Quote it when something is wrong.',
    'req_4f9k2m1x8c7v6b5n',
  ),
  RateLimit: text('What is left of each limit, and the seconds until it is full again.', '"agent";r=599;t=1'),
  'RateLimit-Policy': text(
    'The limits that this caller has: requests (q) in a window of seconds (w).',
    '"agent";q=600;w=60',
  ),
  ETag: text('The version of the resource, for If-None-Match.', '"5d8c72a5edda8d6a"'),
  'Idempotency-Replayed': text(
    '`true` when this is the stored answer to an earlier request with the same key.',
    'true',
  ),
  'WWW-Authenticate': text('How to authenticate (RFC 9110).', 'Bearer'),
  'Retry-After': {
    description: 'Seconds to wait before the same request is worth another try.',
    schema: { type: 'integer' },
    example: 1,
  },
} satisfies Record<string, HeaderObject>;

const PARAMETERS = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'Makes a retry safe: the same key with the same body gets the first answer again, byte for byte, for 24 hours.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
    example: '6f1c1a52-5f0e-4a35-8a57-0d8a2b8f2d3e',
  },
  LongIdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'Makes a retry safe: the same key with the same body gets the first answer again, byte for byte, for 24 hours. ' +
      'It opens an answer that shows a secret, so it has at least 16 characters.',
    // The released interface says 1; a tighter schema would break clients that check it, and the words tell the same.
    schema: { type: 'string', minLength: 1, maxLength: 255 },
    example: '6f1c1a52-5f0e-4a35-8a57-0d8a2b8f2d3e',
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The ETag of the version you have. Unchanged, the answer is 304 without a body.',
    schema: { type: 'string' },
    example: '"5d8c72a5edda8d6a"',
  },
} satisfies Record<string, ParameterObject>;

/** What the documents may refer to; what is not referred to in the end is pruned. */
export function addSharedParts(document: OpenAPIObject): void {
  const components = (document.components ??= {});
  components.headers = { ...components.headers, ...HEADERS };
  components.parameters = { ...components.parameters, ...PARAMETERS };
}

/** Adds the parameters that an operation takes by its shape. */
export function addHeaderParameters(
  document: OpenAPIObject,
  placed: PlacedOperation,
  idempotencyKeyLengthMin: number | undefined,
): void {
  const parameters = (placed.operation.parameters ??= []);
  if (idempotencyKeyLengthMin !== undefined) {
    const name = idempotencyKeyLengthMin > 1 ? 'LongIdempotencyKey' : 'IdempotencyKey';
    parameters.push({ $ref: `#/components/parameters/${name}` });
  }
  if (!readsOneResource(document, placed)) return;
  parameters.push({ $ref: '#/components/parameters/IfNoneMatch' });
  placed.operation.responses['304'] ??= { description: 'It is still the version that If-None-Match names.' };
}

/** Adds the headers that every response carries, and those of this kind of response. */
export function addResponseHeaders(
  document: OpenAPIObject,
  placed: PlacedOperation,
  isIdempotent: boolean,
): void {
  const hasEtag = readsOneResource(document, placed);
  for (const [status, node] of Object.entries(placed.operation.responses)) {
    if (!node) continue;
    const response: ResponseObject = resolved(document, node);
    const isGood = status.startsWith('2');
    response.headers = {
      ...references('X-Request-Id', 'RateLimit', 'RateLimit-Policy'),
      ...(hasEtag && (isGood || status === '304') ? references('ETag') : {}),
      ...(isIdempotent && isGood ? references('Idempotency-Replayed') : {}),
      ...response.headers,
    };
  }
}

const references = (...names: HeaderName[]): Record<string, { $ref: string }> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** Lists change with every insert, so only the GET of one thing has a version worth naming. */
function readsOneResource(document: OpenAPIObject, { method, operation }: PlacedOperation): boolean {
  const good = operation.responses['200'];
  if (method !== 'get' || !good) return false;
  const schema = resolved<ResponseObject>(document, good).content?.['application/json']?.schema;
  if (!schema) return false;
  const { type, properties = {} } = resolved<SchemaObject>(document, schema);
  return type !== 'array' && !('next_cursor' in properties);
}
