import type { ComponentsObject, OpenAPIObject, ParameterObject, SchemaObject } from '@nestjs/swagger';
import type { CataloguedError } from '#kernel/errors/catalogue';
import { REFUSES, sectionDescription } from '#platform/http';
import { exemplify } from './examples.js';
import { addHeaderParameters, addResponseHeaders, addSharedParts } from './headers.js';
import {
  isReference,
  type MarkedOperation,
  operationsOf,
  type PlacedOperation,
  resolved,
} from './operations.js';
import { listRefusals, type Marks } from './refusals.js';
import { pruneComponents, sortedByName, tidySchemas } from './schemas.js';
import { partSummary } from './summaries.js';
import { SECTION_ORDER } from './texts.js';

/** What differs between the two documents. */
export interface Face {
  /** The security scheme of every operation that is not public. */
  securityScheme: string;
  /** Why a caller with a good key may still not write. */
  writerRefusal: CataloguedError;
}

/**
 * Adds to a generated document what follows from the shape of each operation and would be noise on every
 * handler: who may call it, what it refuses, examples, headers. Changes the document in place.
 */
export function completeDocument(document: OpenAPIObject, face: Face): OpenAPIObject {
  tidySchemas(document);
  addSharedParts(document);
  for (const placed of operationsOf(document)) completeOperation(document, placed, face);
  document.tags = sectionsOf(document);
  pruneComponents(document);
  document.paths = sortedByName(document.paths);
  document.components = sortComponents(document.components);
  return document;
}

function completeOperation(document: OpenAPIObject, placed: PlacedOperation, face: Face): void {
  const { operation, path } = placed;
  const marks = takeMarks(operation);
  partSummary(operation);
  operation.security = marks.isPublic ? [] : [{ [face.securityScheme]: [] }];
  operation.tags = sectionsAt(path, operation.tags ?? []);
  writeListsWithCommas(document, operation);
  requireBodiesWithRequiredMembers(document, operation);
  describeGoodAnswers(operation);
  listRefusals(document, placed, marks, face.writerRefusal);
  addHeaderParameters(document, placed, marks.idempotencyKeyLengthMin);
  addResponseHeaders(document, placed, marks.idempotencyKeyLengthMin !== undefined);
  exemplify(document, operation);
}

/** Marks are notes from decorators to this file; readers of the document never see them. */
function takeMarks(operation: MarkedOperation): Marks {
  const marks: Marks = {
    isPublic: operation['x-public'] === true,
    idempotencyKeyLengthMin: operation['x-idempotent'] as number | undefined,
    refuses: (operation[REFUSES] ?? []) as string[],
  };
  delete operation['x-public'];
  delete operation['x-idempotent'];
  delete operation[REFUSES];
  return marks;
}

/** Lists in a query are written `a,b` here; without these words a generated client sends `?x=a&x=b`. */
function writeListsWithCommas(document: OpenAPIObject, operation: MarkedOperation): void {
  for (const node of operation.parameters ?? []) {
    const parameter = resolved<ParameterObject>(document, node);
    const schema = parameter.schema && resolved<SchemaObject>(document, parameter.schema);
    if (parameter.in === 'query' && schema?.type === 'array') {
      Object.assign(parameter, { style: 'form', explode: false });
    }
  }
}

/** A body whose members are all optional may be absent: the pipe takes it for an empty object. */
function requireBodiesWithRequiredMembers(document: OpenAPIObject, { requestBody }: MarkedOperation): void {
  if (!requestBody || isReference(requestBody)) return;
  const schemas = Object.values(requestBody.content).map(({ schema }) => schema);
  requestBody.required = schemas.some(
    (schema) => !schema || (resolved<SchemaObject>(document, schema).required ?? []).length > 0,
  );
}

const GOOD_ANSWERS: Readonly<Record<string, string>> = {
  '200': 'Done.',
  '201': 'Created.',
  '202': 'Accepted; it will be done.',
  '204': 'Done; there is nothing to show.',
};

function describeGoodAnswers(operation: MarkedOperation): void {
  for (const [status, response] of Object.entries(operation.responses)) {
    const words = GOOD_ANSWERS[status];
    if (!response || isReference(response) || !words) continue;
    response.description ||= words;
  }
}

/** A controller without `@Section` is shown under its own name; what it fakes always under Sandbox. */
function sectionsAt(path: string, tags: readonly string[]): string[] {
  if (/^(\/v1)?\/sandbox(\/|$)/.test(path)) return ['Sandbox'];
  return tags.map((tag) => tag.replace(/(?<=.)(Admin|Sandbox)$/, ''));
}

function sectionsOf(document: OpenAPIObject): OpenAPIObject['tags'] {
  const used = new Set(operationsOf(document).flatMap(({ operation }) => operation.tags ?? []));
  return [...used].toSorted(bySectionOrder).map((name) => ({ name, description: sectionDescription(name) }));
}

const bySectionOrder = (a: string, b: string): number => placeOf(a) - placeOf(b) || (a < b ? -1 : 1);

function placeOf(section: string): number {
  if (section === 'Sandbox') return SECTION_ORDER.length + 1;
  const index = SECTION_ORDER.indexOf(section);
  return index < 0 ? SECTION_ORDER.length : index;
}

function sortComponents(components: ComponentsObject | undefined): ComponentsObject {
  const groups = Object.entries(components ?? {})
    .map(([group, members]) => [group, sortedByName(members as Record<string, unknown>)] as const)
    .filter(([, members]) => Object.keys(members).length > 0);
  return sortedByName(Object.fromEntries(groups));
}
