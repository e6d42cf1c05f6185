import { catalogue, cataloguedError, cataloguedErrors } from '#kernel/errors/catalogue';
import { DomainError } from '#kernel/errors/domain-error';
import {
  DatabaseUnavailable,
  InvalidFields,
  LostARace,
  OperatorRoleRequired,
  TooManyRequests,
} from '#kernel/errors/kernel.errors';
import { exampleProblemOf, problemOf } from './problem.js';

const AT = { instance: '/v1/lamps', requestId: 'req_1' };

class LampStolen extends DomainError {
  static override readonly kind = 'gone';
}

describe('problemOf', () => {
  it('names the error after its class', () => {
    expect(problemOf(new OperatorRoleRequired('admin'), AT)).toEqual({
      type: '/problems/operator-role-required',
      title: 'Operator role required',
      status: 403,
      detail: 'This needs the role admin.',
      instance: '/v1/lamps',
      request_id: 'req_1',
      error: 'operator_role_required',
      hint: OperatorRoleRequired.hint,
      required_role: 'admin',
    });
  });

  it('keeps the standard members from those of the error', () => {
    const members = {
      status: 200,
      error: 'none',
      request_id: 'x',
      retryable: true,
      hint: 'x',
      lamp_id: 'lmp_1',
    };
    const problem = problemOf(new LampStolen('It is gone.', members), AT);
    expect(problem).toMatchObject({
      status: 410,
      error: 'lamp_stolen',
      request_id: 'req_1',
      lamp_id: 'lmp_1',
    });
    expect(problem).not.toHaveProperty('retryable');
    expect(problem).not.toHaveProperty('hint');
  });

  it('lists the fields and counts them in words', () => {
    const field = { pointer: '/a', rule: 'min', message: 'must be at least 1' };
    const one = problemOf(new InvalidFields([field]), AT);
    expect(one).toMatchObject({ status: 422, detail: 'One field is wrong.', errors: [field] });
    expect(problemOf(new InvalidFields([field, field]), AT).detail).toBe('2 fields are wrong.');
  });

  it.each([TooManyRequests.example(), new DatabaseUnavailable(), new LostARace()])(
    'says that $name is worth another try',
    (error) => expect(problemOf(error, AT).retryable).toBe(true),
  );

  it('gives a page to an error that nobody announced', () => {
    class LampUnheardOf extends DomainError {
      static override readonly kind = 'conflict';
    }
    expect(cataloguedError('lamp-unheard-of')).toBeUndefined();
    problemOf(new LampUnheardOf('Nobody knew.'), AT);
    expect(cataloguedError('lamp-unheard-of')).toBe(LampUnheardOf);
  });
});

describe('the catalogue', () => {
  it('refuses two errors of one name', () => {
    const other = { LostARace: class extends DomainError {} }.LostARace;
    Object.defineProperty(other, 'slug', { value: 'lost-a-race' });
    expect(() => catalogue(other)).toThrow('Two errors are called lost-a-race');
    expect(() => catalogue(LostARace)).not.toThrow();
  });

  it('holds a hint and an example with a sentence for each error of the kernel', () => {
    const kernel = cataloguedErrors().filter(({ slug }) => !slug.startsWith('lamp-'));
    expect(kernel.length).toBeGreaterThanOrEqual(18);
    for (const error of kernel) {
      expect(error.hint).toMatch(/\.$/);
      expect(exampleProblemOf(error)).toMatchObject({ type: `/problems/${error.slug}`, hint: error.hint });
      expect(exampleProblemOf(error).detail).not.toMatch(/undefined|NaN/);
    }
  });
});
