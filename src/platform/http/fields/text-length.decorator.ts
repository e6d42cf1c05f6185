import { Matches, ValidateBy, type ValidationOptions } from 'class-validator';

/**
 * A text of limited length, counted by code points as PostgreSQL counts them. class-validator's own rules leave out
 * variation selectors, so that 200 red hearts pass for 200 characters and are 400 to the column: an input that would
 * be answered with 500. Named as those rules are, for the reference to read.
 */
export const Length = (min: number, max: number, options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isLength',
      constraints: [min, max],
      validator: { validate: (value) => hasLength(value, min, max) },
    },
    options,
  );

export const MaxLength = (max: number, options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    { name: 'maxLength', constraints: [max], validator: { validate: (value) => hasLength(value, 0, max) } },
    options,
  );

/**
 * The bound of a text whose pattern already says how long it may be: a pattern is never matched against more than this.
 * It goes by a name of its own so that the reference, which reads the pattern, does not say the same twice.
 */
export const AtMost = MaxLength;

export const NotBlank = (options: ValidationOptions): PropertyDecorator => Matches(/\S/, options);

export function hasLength(value: unknown, min: number, max: number): boolean {
  if (typeof value !== 'string') return false;
  // A character is one code unit or two, so most texts need not be counted.
  if (value.length < min || value.length > 2 * max) return false;
  if (value.length >= 2 * min && value.length <= max) return true;
  let length = 0;
  for (let at = 0; at < value.length; at += value.codePointAt(at)! > 0xffff ? 2 : 1) length++;
  return length >= min && length <= max;
}
