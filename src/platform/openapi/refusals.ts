import type { OpenAPIObject, ReferenceObject, ResponseObject } from '@nestjs/swagger';
import { cataloguedError, type CataloguedError } from '#kernel/errors/catalogue';
import { titleOf } from '#kernel/errors/domain-error';
import {
  BadIdempotencyKey,
  BodyTooLarge,
  DatabaseUnavailable,
  IdempotencyInProgress,
  IdempotencyKeyReused,
  InternalError,
  InvalidFields,
  LostARace,
  MalformedJson,
  TooManyRequests,
  Unauthenticated,
  UnsupportedMediaType,
} from '#kernel/errors/kernel.errors';
import { STATUS_OF } from '#kernel/errors/status';
import { exampleProblemOf } from '#platform/http';
import type { PlacedOperation } from './operations.js';

/** What decorators say about an operation. */
export interface Marks {
  isPublic: boolean;
  /** Undefined where no Idempotency-Key is taken. */
  idempotencyKeyLengthMin: number | undefined;
  /** Slugs from `@Refuses`. */
  refuses: readonly string[];
}

/** Lists every error of an operation under its status, one named example each. */
export function listRefusals(
  document: OpenAPIObject,
  placed: PlacedOperation,
  marks: Marks,
  writerRefusal: CataloguedError,
): void {
  const errors = [...marks.refuses.map(announced), ...refusedByShape(placed, marks, writerRefusal)];
  for (const [status, group] of groupedByStatus(errors)) {
    const written = placed.operation.responses[status] as ResponseObject | undefined;
    const response = refusal(document, written, status, group);
    placed.operation.responses[status] =
      written || group.size > 1 ? response : shared(document, response, [...group][0]!);
  }
}

/** What any operation of this shape may answer, whatever it is about. */
function refusedByShape(
  { method, operation }: PlacedOperation,
  { isPublic, idempotencyKeyLengthMin }: Marks,
  writerRefusal: CataloguedError,
): CataloguedError[] {
  const writes = method !== 'get';
  const takesInput = (operation.parameters ?? []).length > 0 || operation.requestBody !== undefined;
  return [
    ...(isPublic ? [] : [Unauthenticated]),
    ...(!isPublic && writes ? [writerRefusal] : []),
    ...(operation.requestBody ? [MalformedJson, BodyTooLarge, UnsupportedMediaType] : []),
    ...(takesInput ? [InvalidFields] : []),
    ...(idempotencyKeyLengthMin !== undefined
      ? [IdempotencyInProgress, IdempotencyKeyReused, BadIdempotencyKey]
      : []),
    ...(writes ? [LostARace] : []),
    TooManyRequests,
    InternalError,
    DatabaseUnavailable,
  ];
}

function announced(slug: string): CataloguedError {
  const error = cataloguedError(slug);
  if (!error) throw new Error(`@Refuses names ${slug}, which is not in the catalogue.`);
  return error;
}

function groupedByStatus(errors: readonly CataloguedError[]): Map<number, Set<CataloguedError>> {
  const groups = new Map<number, Set<CataloguedError>>();
  for (const error of errors) {
    const status = STATUS_OF[error.kind];
    groups.set(status, (groups.get(status) ?? new Set()).add(error));
  }
  return groups;
}

/** A lone error is the same response wherever it is met, so it stands once. */
function shared(document: OpenAPIObject, response: ResponseObject, error: CataloguedError): ReferenceObject {
  const name = publicName(error);
  const responses = ((document.components ??= {}).responses ??= {});
  responses[name] ??= response;
  return { $ref: `#/components/responses/${name}` };
}

function refusal(
  document: OpenAPIObject,
  written: ResponseObject | undefined,
  status: number,
  errors: ReadonlySet<CataloguedError>,
): ResponseObject {
  const list = [...errors].map(described).join('\n');
  return {
    ...written,
    description: written?.description ? `${written.description}\n\n${list}` : list,
    headers: { ...written?.headers, ...refusalHeaders(status, errors) },
    content: {
      ...written?.content,
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/ProblemDocument' },
        examples: Object.fromEntries([...errors].map((error) => exampleReference(document, error))),
      },
    },
  };
}

const publicName = (error: CataloguedError): string => error.slug.replaceAll('-', '_');

const described = (error: CataloguedError): string =>
  `- \`${publicName(error)}\`: ${error.hint ?? `${titleOf(error.slug)}.`}`;

/** Examples stand once in the components, because a dozen of them are in every operation. */
function exampleReference(document: OpenAPIObject, error: CataloguedError): [string, { $ref: string }] {
  const name = publicName(error);
  const examples = ((document.components ??= {}).examples ??= {});
  examples[name] ??= { summary: titleOf(error.slug), value: exampleProblemOf(error) };
  return [name, { $ref: `#/components/examples/${name}` }];
}

function refusalHeaders(status: number, errors: ReadonlySet<CataloguedError>): ResponseObject['headers'] {
  const comesBack = [...errors].some((error) => exampleProblemOf(error).retryable === true);
  return {
    ...(status === 401 && { 'WWW-Authenticate': { $ref: '#/components/headers/WWW-Authenticate' } }),
    ...(comesBack && { 'Retry-After': { $ref: '#/components/headers/Retry-After' } }),
  };
}
