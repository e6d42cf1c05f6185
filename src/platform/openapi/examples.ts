import type {
  ContentObject,
  OpenAPIObject,
  ParameterObject,
  ReferenceObject,
  SchemaObject,
} from '@nestjs/swagger';
import { type MarkedOperation, isReference, resolved } from './operations.js';

type Schema = SchemaObject | ReferenceObject;

/** Gives the request and every good answer an example, put together from the examples of the properties. */
export function exemplify(document: OpenAPIObject, operation: MarkedOperation): void {
  for (const node of operation.parameters ?? []) exemplifyParameter(document, resolved(document, node));
  if (operation.requestBody) exemplifyContent(document, resolved(document, operation.requestBody).content);
  for (const [status, response] of Object.entries(operation.responses)) {
    if (!status.startsWith('2') || !response) continue;
    exemplifyContent(document, resolved(document, response).content ?? {});
  }
}

/** A value that the schema describes, or undefined where nothing in it says what one looks like. */
export function exampleOf(document: OpenAPIObject, node: Schema, above: readonly string[] = []): unknown {
  const own = node as SchemaObject;
  if (own.example !== undefined) return own.example as unknown;
  if (Array.isArray(own.examples)) return own.examples[0] as unknown;
  if (isReference(node)) {
    // A schema within itself: an example has to end somewhere.
    if (above.includes(node.$ref)) return undefined;
    return exampleOf(document, resolved<SchemaObject>(document, node), [...above, node.$ref]);
  }
  if (own.default !== undefined) return own.default as unknown;
  if (own.enum) return own.enum[0] as unknown;
  const choices = own.oneOf ?? own.anyOf;
  // The first that can be shown: a nullable schema within itself ends in null.
  if (choices)
    return choices.map((choice) => exampleOf(document, choice, above)).find((one) => one !== undefined);
  if (own.allOf) return Object.assign({}, ...own.allOf.map((part) => exampleOf(document, part, above)));
  return exampleOfType(document, own, above);
}

function exampleOfType(document: OpenAPIObject, schema: SchemaObject, above: readonly string[]): unknown {
  const type = typeOf(schema);
  if (type === 'object') return exampleObject(document, schema, above);
  if (type === 'array') {
    const item = schema.items && exampleOf(document, schema.items, above);
    return item === undefined ? [] : [item];
  }
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  if (type === 'string' && schema.format === 'date-time') return '2026-03-12T09:00:00.000Z';
  // What may be null shows that, unless it says what else it can be.
  return Array.isArray(schema.type) && schema.type.includes('null') ? null : undefined;
}

function exampleObject(document: OpenAPIObject, schema: SchemaObject, above: readonly string[]): object {
  const members = Object.entries(schema.properties ?? {})
    .map(([name, property]) => [name, exampleOf(document, property, above)] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(members);
}

export function typeOf(schema: SchemaObject): string | undefined {
  if (Array.isArray(schema.type)) return schema.type.find((type) => type !== 'null');
  return schema.type ?? (schema.properties ? 'object' : undefined);
}

function exemplifyParameter(document: OpenAPIObject, parameter: ParameterObject): void {
  if (parameter.example !== undefined || parameter.examples || !parameter.schema) return;
  const example = exampleOf(document, parameter.schema);
  if (example !== undefined) parameter.example = example;
}

function exemplifyContent(document: OpenAPIObject, content: ContentObject): void {
  for (const media of Object.values(content)) {
    if (media.example !== undefined || media.examples || !media.schema) continue;
    const example = exampleOf(document, media.schema);
    if (example !== undefined) media.example = example;
  }
}
