import { ApiProperty } from '@nestjs/swagger';
import { catalogue, cataloguedError, type CataloguedError } from '#kernel/errors/catalogue';
import { titleOf, type DomainError, type FieldError } from '#kernel/errors/domain-error';
import { STATUS_OF } from '#kernel/errors/status';

// Properties are described by hand, because the build reads comments from *.dto.ts files only.

/** One thing wrong with the input. */
export class FieldErrorDto implements FieldError {
  @ApiProperty({ description: 'Where: a JSON Pointer (RFC 6901).', example: '/name' })
  pointer: string;

  @ApiProperty({ description: 'Which rule it breaks.', example: 'max_length' })
  rule: string;

  @ApiProperty({ description: 'What to do about it.', example: 'must be at most 100 characters' })
  message: string;

  @ApiProperty({
    description: 'Where the pointer starts; the body unless said otherwise.',
    enum: ['body', 'query', 'path', 'header'],
    required: false,
  })
  in?: 'body' | 'query' | 'path' | 'header';
}

/** Every error of the API (RFC 9457). Some errors carry further members of their own. */
export class ProblemDocument {
  @ApiProperty({
    description: 'The page that explains the error.',
    format: 'uri-reference',
    example: '/problems/invalid-fields',
  })
  type: string;

  @ApiProperty({ description: 'What kind of error it is, for people.', example: 'Invalid fields' })
  title: string;

  @ApiProperty({ description: 'The HTTP status.', type: 'integer', example: 422 })
  status: number;

  @ApiProperty({ description: 'What went wrong this time.', example: 'One field is wrong.' })
  detail: string;

  @ApiProperty({
    description: 'The requested path.',
    format: 'uri-reference',
    example: '/v1/agents/me',
  })
  instance: string;

  @ApiProperty({ description: 'Quote it when you report the error.', example: 'req_4f9k2m1x8c7v6b5n' })
  request_id: string;

  @ApiProperty({
    description: 'The stable name of the error. Programs switch on it.',
    example: 'invalid_fields',
  })
  error: string;

  @ApiProperty({
    description: 'What to do next.',
    required: false,
    example: 'Correct what `errors` points at.',
  })
  hint?: string;

  @ApiProperty({
    description: 'The same request may succeed later, after Retry-After seconds if that header is there.',
    required: false,
  })
  retryable?: boolean;

  @ApiProperty({ description: 'What is wrong with the input.', required: false, type: [FieldErrorDto] })
  errors?: FieldErrorDto[];
}

/** The document that answers a request which was refused. */
export function problemOf(error: DomainError, at: { instance: string; requestId: string }): ProblemDocument {
  const { kind, hint } = error.type;
  const canRetry = kind === 'too_many' || kind === 'unavailable' || error.retryAfterS !== undefined;
  const standard: ProblemDocument = {
    ...namesOf(error.type),
    status: STATUS_OF[kind],
    detail: error.message,
    instance: at.instance,
    request_id: at.requestId,
    ...(hint !== undefined && { hint }),
    ...(canRetry && { retryable: true }),
    ...(error.fields !== undefined && { errors: error.fields.map((field) => ({ ...field })) }),
  };
  return Object.assign(standard, ownMembers(error.members));
}

/** What a problem of this kind looks like, for the reference and its page. */
export function exampleProblemOf(error: CataloguedError): ProblemDocument {
  const at = { instance: '/v1/agents/me', requestId: 'req_4f9k2m1x8c7v6b5n' };
  const example = error.example?.() ?? thrownWithoutWords(error);
  if (example) return problemOf(example, at);
  const { kind, hint } = error;
  const names = namesOf(error);
  return {
    ...names,
    status: STATUS_OF[kind],
    detail: `${names.title}.`,
    instance: at.instance,
    request_id: at.requestId,
    ...(hint !== undefined && { hint }),
    ...((kind === 'too_many' || kind === 'unavailable') && { retryable: true }),
  };
}

type Names = Pick<ProblemDocument, 'type' | 'title' | 'error'>;

const namesByType = new Map<CataloguedError, Names>();

/** Spelt once for each kind of problem, since a flood of refusals asks for the same few names. */
function namesOf(type: CataloguedError): Names {
  const known = namesByType.get(type);
  if (known) return known;
  const { slug } = type;
  // A problem that was ever served has its page, even when no operation announced it.
  if (!cataloguedError(slug)) catalogue(type);
  const names = { type: `/problems/${slug}`, title: titleOf(slug), error: slug.replaceAll('-', '_') };
  namesByType.set(type, names);
  return names;
}

/** An error whose constructor asks for nothing is its own example. */
function thrownWithoutWords(error: CataloguedError): DomainError | undefined {
  const constructor = error as unknown as new () => DomainError;
  return constructor.length === 0 ? new constructor() : undefined;
}

const STANDARD = new Set([
  'type',
  'title',
  'status',
  'detail',
  'instance',
  'request_id',
  'error',
  'hint',
  'retryable',
  'errors',
]);

function ownMembers(members: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !STANDARD.has(name)));
}
