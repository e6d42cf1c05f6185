import type { OpenAPIObject } from '@nestjs/swagger';

type Node = Record<string, unknown>;

/** Members that hold data rather than schemas: nothing in them is ours to rewrite. */
const DATA = new Set(['example', 'examples', 'default', 'const', 'enum', 'value']);
/** Members whose own members are named by us, so that a field may well be called `value` or `default`. */
const NAMED = new Set(['properties', 'schemas', 'responses']);

/** Puts right what the generator says about schemas, before anything is derived from them. */
export function tidySchemas(document: OpenAPIObject): void {
  simplify(document.paths);
  simplify(document.components?.schemas);
  // Errors carry members of their own beside the standard ones.
  const problem = document.components?.schemas?.ProblemDocument;
  if (problem) Object.assign(problem, { additionalProperties: true });
}

function simplify(node: unknown): void {
  if (Array.isArray(node)) return node.forEach(simplify);
  if (!isNode(node)) return;
  for (const [name, value] of Object.entries(node)) {
    if (NAMED.has(name) && isNode(value)) Object.values(value).forEach(simplify);
    else if (!DATA.has(name)) simplify(value);
  }
  simplifyReference(node);
  sortChoices(node);
  requireNoDefaults(node);
}

/**
 * A reference with a description beside it comes out of the generator as an `allOf` of one. Since OpenAPI 3.1
 * a `$ref` may have siblings, which reads better and which generators of clients turn into plainer types.
 */
function simplifyReference(node: Node): void {
  if (!Array.isArray(node.allOf) || node.allOf.length !== 1) return;
  const [only] = node.allOf as [Node];
  delete node.allOf;
  // The generator writes the kind of the reference beside it, which the reference says itself.
  if ('$ref' in only) delete node.type;
  Object.assign(node, only);
}

/** The compiler lists the members of a union in an order of its own, which any other file may change. */
function sortChoices(node: Node): void {
  if (Array.isArray(node.enum)) node.enum = node.enum.toSorted(byText);
}

/** What has a default may be left out, whatever its type says: a field of a body, or a parameter. */
function requireNoDefaults(node: Node): void {
  const { required, properties, schema } = node;
  if (Array.isArray(required) && isNode(properties)) {
    node.required = required.filter((name: string) => !hasDefault(properties[name]));
    if ((node.required as string[]).length === 0) delete node.required;
  }
  if (required === true && node.in === 'query' && hasDefault(schema)) node.required = false;
}

const hasDefault = (schema: unknown): boolean => isNode(schema) && schema.default !== undefined;

/** Leaves only those components that some operation leads to: each document shows its own part of the system. */
export function pruneComponents(document: OpenAPIObject): void {
  const reached = new Set<string>();
  const waiting: unknown[] = [document.paths];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const reference of referencesIn(node)) {
      if (reached.has(reference)) continue;
      reached.add(reference);
      const [, , group = '', name = ''] = reference.split('/');
      waiting.push((document.components as Record<string, Node> | undefined)?.[group]?.[name]);
    }
  }
  for (const [group, members] of Object.entries(document.components ?? {})) {
    if (group === 'securitySchemes') continue;
    for (const name of Object.keys(members as Node)) {
      if (!reached.has(`#/components/${group}/${name}`)) delete (members as Node)[name];
    }
  }
}

function referencesIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(referencesIn);
  if (!isNode(node)) return [];
  return Object.entries(node).flatMap(([name, value]) =>
    name === '$ref' && typeof value === 'string' ? [value] : referencesIn(value),
  );
}

/** By name, so that a file written from the document changes only where the interface does. */
export const sortedByName = <T>(members: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(members).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

const byText = (a: unknown, b: unknown): number => {
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
};

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
