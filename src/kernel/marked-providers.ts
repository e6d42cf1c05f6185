import type { DiscoveryService, Reflector } from '@nestjs/core';

/** Every provider whose class has this mark, and what the mark says: how a seam finds those who fill it. */
export function markedProviders(
  discovery: DiscoveryService,
  reflector: Reflector,
  key: string,
): { mark: unknown; provider: unknown }[] {
  return discovery.getProviders().flatMap(({ instance, metatype }) => {
    if (!metatype || !instance) return [];
    const mark: unknown = reflector.get(key, metatype);
    return mark ? [{ mark, provider: instance as unknown }] : [];
  });
}
