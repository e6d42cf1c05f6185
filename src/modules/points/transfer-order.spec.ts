import fc from 'fast-check';
import type { FieldError } from '#kernel/errors/domain-error';
import { InvalidFields } from '#kernel/errors/kernel.errors';
import { toJson } from '#kernel/money';
import { InputPipe } from '#platform/http';
import { TransferPoints } from './points.dto.js';
import { transferOrderOf } from './transfer-order.js';

const pipe = new InputPipe();

/** What each of the two says of a body: the places that are wrong, or the order. */
async function byDto(body: unknown): Promise<unknown> {
  return judged(async () => {
    const dto = (await pipe.transform(body, { type: 'body', metatype: TransferPoints })) as TransferPoints;
    return { to: dto.to_agent_id, amount: dto.amount, currency: dto.currency, memo: dto.memo ?? undefined };
  });
}

const byHand = (body: unknown): Promise<unknown> =>
  judged(() => {
    const { to, amount, memo } = transferOrderOf(body);
    return { to, amount: toJson(amount), currency: amount.currency, memo };
  });

async function judged(read: () => unknown): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof InvalidFields) return { wrong: pointersOf(error.fields) };
    throw error;
  }
}

const pointersOf = (fields: readonly FieldError[]): string[] =>
  [...new Set(fields.map(({ pointer }) => pointer))].toSorted();

/** As it comes out of the parser: `__proto__` as a member of its own, and nothing that JSON cannot say. */
const parsed = (body: unknown): unknown => JSON.parse(JSON.stringify(body)) as unknown;

const NUL = '\0';
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', NUL, `a${NUL}b`, '\ud800', 'x\udc00y', '\u202e', '😀'.repeat(280), '😀'.repeat(281)),
  fc.constantFrom('m'.repeat(280), 'm'.repeat(281), '\u2764\ufe0f'.repeat(280), '\ufe0f'.repeat(300)),
);
const agentId = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^agt_[0-9a-z]{6,8}$/) },
  fc.constantFrom('agt_system', 'agt_', 'agt_ABCDEFGH', 'agt_abcdefgh\n', 'agt_abcdefghi', 'tsk_abcdefgh'),
  text,
);
const amount = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 100_000_000_000 }).map((cents) => cents / 100) },
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constantFrom(
    0,
    -0,
    0.01,
    0.001,
    0.005,
    1.005,
    0.1 + 0.2,
    1e9,
    1_000_000_000.01,
    1e21,
    5e-324,
    1e-7,
    -1,
    1.5e3,
  ),
);
const anything = fc.jsonValue({ maxDepth: 3 });
const currency = fc.constantFrom('points', 'usdc', 'POINTS', '', 'eur');
const name = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'valueOf', 'then'),
  fc.constantFrom('fee', 'a/b', 'a~b', '', '0', NUL, '\ud800', 'toAgentId', 'n'.repeat(200)),
  fc.string({ unit: 'binary', maxLength: 10 }),
);
const extras = fc.array(fc.tuple(name, anything), { maxLength: 2 });
const rarely = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: anything });

const body = fc
  .tuple(
    fc.record(
      {
        to_agent_id: rarely(agentId),
        amount: rarely(amount),
        currency: rarely(currency),
        memo: rarely(text),
      },
      { requiredKeys: [] },
    ),
    fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, extras),
  )
  .map(([fields, more]) =>
    // By defineProperty, because `__proto__` would otherwise vanish.
    more.reduce(
      (whole, [key, value]) =>
        Object.defineProperty(whole, key, { value, enumerable: true, configurable: true, writable: true }),
      fields as object,
    ),
  );

describe('The order of a transfer, read by hand', () => {
  it('is what the DTO and its pipe make of the same body, or is refused at the same places', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 20, arbitrary: body }, anything), async (made) => {
        const sent = parsed(made);
        expect(await byHand(sent)).toEqual(await byDto(sent));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['an unknown field too deep', { deep: nested(40) }],
    ['as deep as may be', { deep: nested(30) }],
    ['a lone surrogate beside other mistakes', { to_agent_id: 7, memo: '\ud800', amount: -1 }],
    ['USDC with six decimals', { to_agent_id: 'agt_abcdefgh', amount: 1.000_001, currency: 'usdc' }],
    ['280 letters of two units each', { to_agent_id: 'agt_abcdefgh', amount: 1, memo: '😀'.repeat(280) }],
    ['a member that every object has', JSON.parse('{"constructor":1,"toString":2,"amount":1}')],
    ['no body', undefined],
    ['a list', []],
    ['a list of what cannot be stored', JSON.parse('[{"toString":null},"\\ud800"]')],
  ])('agrees on %s', async (_, sent) => {
    expect(await byHand(sent)).toEqual(await byDto(sent));
  });

  it('accepts and refuses, both', async () => {
    const order = { to_agent_id: 'agt_abcdefgh', amount: 12.5, memo: null };
    expect(await byHand(order)).toEqual({
      to: 'agt_abcdefgh',
      amount: 12.5,
      currency: 'points',
      memo: undefined,
    });
    expect(await byHand({ ...order, amount: 12.505, extra: 1 })).toEqual({ wrong: ['/amount', '/extra'] });
  });
});

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { in: nested(depth - 1) };
}
