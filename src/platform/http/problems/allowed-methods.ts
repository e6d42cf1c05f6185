import type { Request } from 'express';

/** What Express keeps of a route and does not type. */
interface Layer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/**
 * The methods that some route takes at this path; none where nothing lies there. Asked only when no route matched,
 * so that the routes themselves pay nothing for it.
 */
export function allowedMethods({ app, path }: Request): string[] {
  const layers = app.router.stack as unknown as readonly Layer[];
  const methods = layers
    .filter((layer) => layer.route && !layer.route.methods['_all'] && matches(layer, path))
    .flatMap((layer) => Object.keys(layer.route!.methods))
    .map((method) => method.toUpperCase());
  return [...new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods)].toSorted();
}

/** A path that does not decode lies nowhere. */
function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false;
  }
}
