import { inOrder, type Weighted } from './draw.js';

/** What makes one pool of another: who is not in it, and who is new in it or weighs otherwise. */
export interface PoolDifference {
  missing: string[];
  own: Weighted[];
}

/** Both in the order of ids. */
export function differenceFrom(base: readonly Weighted[], pool: readonly Weighted[]): PoolDifference {
  const missing: string[] = [];
  const own: Weighted[] = [];
  let at = 0;
  for (const one of pool) {
    for (; at < base.length && base[at]!.id < one.id; at++) missing.push(base[at]!.id);
    const same = base[at]?.id === one.id ? base[at++] : undefined;
    if (same?.weight !== one.weight) own.push(one);
  }
  return { missing: missing.concat(base.slice(at).map(({ id }) => id)), own };
}

export function poolFrom(base: readonly Weighted[], { missing, own }: PoolDifference): Weighted[] {
  const replaced = new Set([...missing, ...own.map(({ id }) => id)]);
  return inOrder([...base.filter(({ id }) => !replaced.has(id)), ...own]);
}
