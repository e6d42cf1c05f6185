import type {
  ContentObject,
  OpenAPIObject,
  ParameterObject,
  ReferenceObject,
  ResponseObject,
  SchemaObject,
} from '@nestjs/swagger';
import { exampleOf, typeOf } from './examples.js';
import { summaryGaps } from './summaries.js';
import { isReference, operationsOf, type PlacedOperation, resolved } from './operations.js';

/**
 * What a finished document still leaves its readers to guess, one line each, with what to do about it. The
 * document is not written while there is any.
 */
export function documentGaps(document: OpenAPIObject): string[] {
  return [
    ...(document.tags ?? [])
      .filter((tag) => !tag.description)
      .map(({ name }) => `section ${name}: has no description; give one with @Section('${name}', '…')`),
    ...operationsOf(document).flatMap((placed) =>
      operationGaps(document, placed).map((gap) => `${placed.method.toUpperCase()} ${placed.path}: ${gap}`),
    ),
    ...Object.entries(document.components?.schemas ?? {}).flatMap(([name, schema]) =>
      schemaGaps(document, resolved<SchemaObject>(document, schema)).map((gap) => `schema ${name}${gap}`),
    ),
  ];
}

/** `{\data\:…`: the compiler plug-in takes escaped quotes out of an `@example`, and leaves their backslashes. */
const LOST_QUOTES = /\{\\\\\w/;

function operationGaps(document: OpenAPIObject, { path, operation }: PlacedOperation): string[] {
  const statuses = Object.keys(operation.responses);
  const refusals = new Set(statuses.filter((status) => /^[45]/.test(status)));
  const parameters = (operation.parameters ?? []).map((node) => resolved<ParameterObject>(document, node));
  return [
    ...summaryGaps(operation),
    ...(LOST_QUOTES.test(JSON.stringify(operation))
      ? ['shows an example whose quotes are lost; give it with @ApiProperty']
      : []),
    ...(statuses.some((status) => /^[23]/.test(status)) ? [] : ['says nothing about success']),
    ...(path.includes('{') && !refusals.has('404') && !refusals.has('410')
      ? ['takes an id but refuses nothing as absent; name the error with @Refuses']
      : []),
    ...parameters.flatMap(parameterGaps),
    ...requestGaps(document, operation.requestBody),
    ...Object.entries(operation.responses).flatMap(([status, response]) =>
      response ? responseGaps(status, resolved<ResponseObject>(document, response)) : [],
    ),
  ];
}

function parameterGaps(parameter: ParameterObject): string[] {
  return [
    ...(parameter.description ? [] : [`parameter ${parameter.name} has no description`]),
    ...(parameter.example === undefined && !parameter.examples
      ? [`parameter ${parameter.name} has no example`]
      : []),
  ];
}

function requestGaps(document: OpenAPIObject, body: PlacedOperation['operation']['requestBody']): string[] {
  return body ? exampleGaps('the request', resolved(document, body).content) : [];
}

function responseGaps(status: string, { content = {} }: ResponseObject): string[] {
  const mustShow = !['204', '205'].includes(status) && !status.startsWith('3');
  if (mustShow && Object.keys(content).length === 0) {
    return [`${status} shows no body; give the handler a return type that is a DTO, or 204`];
  }
  if (/^[45]/.test(status) && !content['application/problem+json']) {
    return [`${status} names no error; name it with @Refuses`];
  }
  return exampleGaps(status, content);
}

const exampleGaps = (where: string, content: ContentObject): string[] =>
  Object.entries(content)
    .filter(([, media]) => media.example === undefined && Object.keys(media.examples ?? {}).length === 0)
    .map(([type]) => `${where} has no example of ${type}`);

function schemaGaps(document: OpenAPIObject, schema: SchemaObject): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    if (isReference(property)) return [];
    const below = schemaGaps(document, property);
    if (below.length > 0) return below.map((gap) => `.${name}${gap}`);
    return showsAValue(document, property) ? [] : [`.${name}: has no example; add @example to its comment`];
  });
}

/** An empty object or list shows nothing of what may stand in it. */
function showsAValue(document: OpenAPIObject, property: SchemaObject | ReferenceObject): boolean {
  const example = exampleOf(document, property);
  if (example === undefined) return false;
  if (isReference(property) || property.example !== undefined || property.default !== undefined) return true;
  if (typeOf(property) === 'array') return !isLeafList(property) || (example as unknown[]).length > 0;
  return true;
}

const isLeafList = ({ items }: SchemaObject): boolean => items !== undefined && !isReference(items);
