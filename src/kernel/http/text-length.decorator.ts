import { Matches, ValidateBy, type ValidationOptions } from 'class-validator';

/**
 * A text of so many characters, counted by code points as PostgreSQL counts them. class-validator's own rules leave out
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

export const NotBlank = (options: ValidationOptions): PropertyDecorator => Matches(/\S/, options);

function hasLength(value: unknown, min: number, max: number): boolean {
  if (typeof value !== 'string') return false;
  const pairs = value.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0;
  const length = value.length - pairs;
  return length >= min && length <= max;
}
