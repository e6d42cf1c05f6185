import { getMetadataStorage } from 'class-validator';

/** The part of a rule's metadata that is read here. */
export interface Rule {
  readonly name?: string;
  readonly propertyName: string;
  readonly each?: boolean;
}

const TYPES = new Set(['isArray', 'isString', 'isBoolean', 'isInt', 'isNumber', 'isObject']);
const SIZES = new Set(['arrayMinSize', 'arrayMaxSize', 'isLength', 'minLength', 'maxLength', 'maxBytes']);

/**
 * The place of a rule among those of its field: the type first, then the size, then everything whose cost grows with
 * the size; of a list all of that before its elements. With `stopAtFirstError` this bounds what a field can cost and
 * leaves one message, the one that helps most.
 */
const placeOf = ({ name = '', each }: Rule): number =>
  (each ? 3 : 0) + (TYPES.has(name) ? 0 : SIZES.has(name) ? 1 : 2);

const seen = new WeakSet<object>();

/**
 * Puts the rules of all classes in order when one is met for the first time. class-validator asks them in the order in
 * which decorators run, from the bottom up, and offers no other; its storage is not typed but has had this shape since
 * 0.12, and the spec beside this file fails when that changes.
 */
export function orderRules(type: object): void {
  if (seen.has(type)) return;
  seen.add(type);
  for (const rules of rulesByClass().values()) rules.sort((one, other) => placeOf(one) - placeOf(other));
}

export function rulesByClass(): ReadonlyMap<new () => object, Rule[]> {
  const storage = getMetadataStorage() as unknown as { validationMetadatas: Map<new () => object, Rule[]> };
  return storage.validationMetadatas;
}
