import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DECORATORS } from '@nestjs/swagger';
import { catalogue, type CataloguedError } from '#kernel/errors/catalogue';

/** Where the slugs travel through the generated document, until `completeDocument` has read them. */
export const REFUSES = 'x-refuses';

/**
 * Says which rules an operation, or every operation of a controller, may refuse a request for. The reference
 * lists them with an example each. What any operation of that shape refuses (no key, a bad body, too many
 * requests, …) is added by itself and need not be named.
 */
export function Refuses(...errors: readonly CataloguedError[]): ClassDecorator & MethodDecorator {
  catalogue(...errors);
  const slugs = errors.map((error) => error.slug);
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (descriptor) return add(descriptor.value as object, slugs);
    for (const handler of handlersOf(target as new () => object)) add(handler, slugs);
  };
}

/** Written by hand, because `@ApiExtension` keeps the first value it is given and several decorators may refuse. */
function add(handler: object, slugs: readonly string[]): void {
  const extensions = (Reflect.getMetadata(DECORATORS.API_EXTENSION, handler) ?? {}) as Record<
    string,
    unknown
  >;
  const named = (extensions[REFUSES] ?? []) as string[];
  const all = [...new Set([...named, ...slugs])];
  Reflect.defineMetadata(DECORATORS.API_EXTENSION, { ...extensions, [REFUSES]: all }, handler);
}

const handlersOf = (controller: new () => object): object[] =>
  Object.values(Object.getOwnPropertyDescriptors(controller.prototype))
    .map((descriptor) => descriptor.value as unknown)
    .filter(
      (value): value is object => typeof value === 'function' && Reflect.hasMetadata(METHOD_METADATA, value),
    );
