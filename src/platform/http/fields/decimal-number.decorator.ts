import { ValidateBy, type ValidationOptions } from 'class-validator';

/**
 * A number with a maximum of decimals. class-validator's own IsNumber looks for the decimal point and fails on
 * numbers that are printed without one, such as 1e-7: an input that would be answered with 500.
 */
export const IsDecimalNumber = (decimalsMax: number, options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    { name: 'isNumber', validator: { validate: (value) => hasAtMost(decimalsMax, value) } },
    options,
  );

function hasAtMost(decimalsMax: number, value: unknown): boolean {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  const text = String(value);
  // Below a millionth numbers are printed with an exponent.
  return !text.includes('e-') && (text.split('.')[1] ?? '').length <= decimalsMax;
}
