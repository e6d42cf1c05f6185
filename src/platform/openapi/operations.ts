import type { OpenAPIObject, OperationObject, ReferenceObject } from '@nestjs/swagger';

export type HttpMethod = 'get' | 'put' | 'post' | 'delete' | 'patch';
const METHODS: readonly HttpMethod[] = ['get', 'put', 'post', 'delete', 'patch'];

/** An operation as decorators left it: with marks that are not for readers. */
export type MarkedOperation = OperationObject & Record<`x-${string}`, unknown>;

export interface PlacedOperation {
  path: string;
  method: HttpMethod;
  operation: MarkedOperation;
}

export const operationsOf = (document: OpenAPIObject): PlacedOperation[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method] as MarkedOperation | undefined;
      return operation ? [{ path, method, operation }] : [];
    }),
  );

export const isReference = (node: unknown): node is ReferenceObject =>
  typeof node === 'object' && node !== null && typeof (node as ReferenceObject).$ref === 'string';

/** What a `$ref` within the document stands for; anything else stands for itself. */
export function resolved<T extends object>(document: OpenAPIObject, node: T | ReferenceObject): T {
  if (!isReference(node)) return node;
  const [, , group, name] = node.$ref.split('/');
  const components = document.components as Record<string, Record<string, T | ReferenceObject>> | undefined;
  const target = components?.[group ?? '']?.[name ?? ''];
  if (!target) throw new Error(`The document refers to ${node.$ref}, which it does not have.`);
  return resolved(document, target);
}
