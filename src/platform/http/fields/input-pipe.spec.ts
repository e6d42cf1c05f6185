import type { ArgumentMetadata } from '@nestjs/common';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsObject,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import type { FieldError } from '#kernel/errors/domain-error';
import { InvalidFields } from '#kernel/errors/kernel.errors';
import { InputPipe } from './input.pipe.js';
import { Optional } from './optional.decorator.js';

class Part {
  @IsInt()
  size: number;
}

class Thing {
  @IsString()
  @MaxLength(5)
  name: string;

  @Optional()
  @IsString()
  note?: string;

  @Optional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Part)
  parts?: Part[];

  @Optional()
  @IsObject()
  free?: object;
}

const BODY: ArgumentMetadata = { type: 'body', metatype: Thing };
const pipe = new InputPipe();
const take = (value: unknown, metadata = BODY): Promise<unknown> => pipe.transform(value, metadata);

async function wrong(value: unknown, metadata = BODY): Promise<readonly FieldError[]> {
  const refusal: unknown = await take(value, metadata).catch((error: unknown) => error);
  if (!(refusal instanceof InvalidFields)) throw new Error('It was not refused as a wrong field.');
  return refusal.fields;
}
const rules = async (value: unknown, metadata = BODY): Promise<string[]> =>
  (await wrong(value, metadata)).map(({ pointer, rule }) => `${pointer} ${rule}`);

/** An object with so many levels, itself included. */
const nested = (levels: number): object => (levels === 1 ? {} : { in: nested(levels - 1) });

describe('What fits', () => {
  it('comes out as the class it must be', async () => {
    const thing = await take({ name: 'a', parts: [{ size: 1 }] });
    expect(thing).toBeInstanceOf(Thing);
    expect(thing).toEqual({ name: 'a', parts: [{ size: 1 }] });
    expect((thing as Thing).parts![0]).toBeInstanceOf(Part);
  });

  it('is not looked at when it is none of body, query and path', async () => {
    const request = { url: '/\0' };
    expect(await take(request, { type: 'custom', metatype: Thing })).toBe(request);
  });

  it('may be an empty query', async () => {
    class NoQuery {
      @Optional()
      @IsString()
      q?: string;
    }
    expect(await take(undefined, { type: 'query', metatype: NoQuery })).toEqual({});
  });

  it('may be any text that is text', async () => {
    const note = 'línea\r\n\t\u0001 🔑 \u2028 �';
    expect(await take({ name: 'a', note })).toEqual({ name: 'a', note });
  });
});

describe('A body', () => {
  it('may be absent when none of its members must be there', async () => {
    class Wishes {
      @Optional()
      @IsString()
      note?: string;
    }
    const wishes: ArgumentMetadata = { type: 'body', metatype: Wishes };
    expect(await take(undefined, wishes)).toEqual({});
    expect(await rules(null, wishes)).toEqual([' object']);
  });

  it.each([undefined, null, [], [{ name: 'a' }], 'text', 1, true])(
    'that is %j is no object',
    async (body) => {
      expect(await wrong(body)).toEqual([
        {
          in: 'body',
          pointer: '',
          rule: 'object',
          message: expect.stringContaining('JSON object') as string,
        },
      ]);
    },
  );

  it('is refused for everything that is wrong with it, at once', async () => {
    const found = await rules({ name: 'too long', note: 1, parts: [{ size: 1 }, { size: 'x' }], nick: 'b' });
    expect(found.toSorted()).toEqual([
      '/name maxLength',
      '/nick unknown',
      '/note isString',
      '/parts/1/size isInt',
    ]);
  });

  it('has one message for each field: the first that its value breaks, type before size before the rest', async () => {
    class Tagged {
      @Matches(/^[a-z]+$/, { each: true })
      @MaxLength(5, { each: true })
      @IsString({ each: true })
      @ArrayUnique()
      @ArrayMaxSize(2)
      @IsArray()
      tags: string[];

      @ValidateNested({ each: true })
      @Type(() => Part)
      @ArrayMaxSize(2)
      @IsArray()
      parts: Part[] = [];
    }
    const told = (body: unknown): Promise<string[]> => rules(body, { type: 'body', metatype: Tagged });
    expect(await told({})).toEqual(['/tags isArray']);
    expect(await told({ tags: null })).toEqual(['/tags isArray']);
    expect(await told({ tags: [1, 1, 1] })).toEqual(['/tags arrayMaxSize']);
    expect(await told({ tags: [1, 1] })).toEqual(['/tags arrayUnique']);
    expect(await told({ tags: [1, 'toolong'] })).toEqual(['/tags isString']);
    expect(await told({ tags: ['TOOLONG'] })).toEqual(['/tags maxLength']);
    expect(await told({ tags: ['A'] })).toEqual(['/tags matches']);
    expect(await told({ tags: ['a'], parts: [1, {}, {}] })).toEqual(['/parts arrayMaxSize']);
    expect(await told({ tags: ['a'], parts: [{}, { size: 1 }] })).toEqual(['/parts/0/size isInt']);
    expect(await told({ tags: ['a'], parts: 'x' })).toEqual(['/parts isArray']);
  });

  it('says the place, the rule and what to do', async () => {
    expect(await wrong({ name: 'a', nick: 'b' })).toEqual([
      { in: 'body', pointer: '/nick', rule: 'unknown', message: 'There is no field nick; remove it.' },
    ]);
    expect(await rules({ name: 'a', parts: [{ size: 1, weight: 2 }] })).toEqual(['/parts/0/weight unknown']);
  });

  it('has null for absent nowhere', async () => {
    expect(await rules({ name: 'a', note: null })).toEqual(['/note isString']);
    expect(await rules({ name: null })).toEqual(['/name isString']);
  });

  it.each(['1', 1, {}, [{}, 'x'], [null]])('has no list of parts that is %j', async (parts) => {
    expect((await wrong({ name: 'a', parts }))[0]!.pointer).toMatch(/^\/parts(\/\d)?/);
  });
});

describe('A name', () => {
  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'of %s is refused, because it would vanish without a word',
    async (name) => {
      const body: unknown = JSON.parse(`{ "name": "a", "${name}": { "polluted": true } }`);
      expect(await rules(body)).toEqual([`/${name} name`]);
      const inside: unknown = JSON.parse(`{ "name": "a", "free": { "deep": [{ "${name}": 1 }] } }`);
      expect(await rules(inside)).toEqual([`/free/deep/0/${name} name`]);
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    },
  );

  it.each(['then', 'length'])('of %s is unknown', async (name) => {
    expect(await rules(JSON.parse(`{ "name": "a", "${name}": 1 }`))).toEqual([`/${name} unknown`]);
  });

  it('stands escaped in its pointer (RFC 6901)', async () => {
    expect(await rules({ name: 'a', 'a/b~c': 1 })).toEqual(['/a~1b~0c unknown']);
    expect(await rules({ name: 'a', free: { 'a/b~c': '\0' } })).toEqual(['/free/a~1b~0c text']);
  });

  it('with NUL or half a character is refused, and shown with replacement characters', async () => {
    expect(await rules({ name: 'a', 'x\0': 1 })).toEqual(['/x\uFFFD name']);
    expect(await rules({ name: 'a', 'x\uD83D': 1 })).toEqual(['/x\uFFFD name']);
  });

  it('that is long is shown cut, between characters', async () => {
    for (const start of ['', 'x']) {
      const [{ pointer, message } = { pointer: '', message: '' }] = await wrong({
        name: 'a',
        [start + '🔑'.repeat(1_000)]: 1,
      });
      expect(pointer.isWellFormed()).toBe(true);
      expect(pointer.length).toBeLessThan(110);
      expect(message.isWellFormed()).toBe(true);
      expect(message.length).toBeLessThan(200);
    }
  });
});

describe('A text', () => {
  it.each([
    ['NUL', 'a\0b'],
    ['the first half of a character alone', 'a\uD83D'],
    ['the second half alone', '\uDD11a'],
    ['both halves the wrong way round', '\uDD11\uD83D'],
  ])('with %s is refused wherever it stands', async (_, text) => {
    expect(await rules({ name: text })).toEqual(['/name text']);
    expect(await rules({ name: 'a', free: { list: ['fine', text] } })).toEqual(['/free/list/1 text']);
    expect(await wrong({ name: text }, { type: 'query', metatype: Thing })).toEqual([
      expect.objectContaining({ in: 'query', pointer: '/name' }),
    ]);
    expect(await wrong(text, { type: 'param', metatype: String, data: 'id' })).toEqual([
      expect.objectContaining({ in: 'path', rule: 'text' }),
    ]);
    expect(await rules({ any: [text] }, { type: 'body', metatype: Object })).toEqual(['/any/0 text']);
  });
});

describe('Depth', () => {
  it('of 32 levels is enough', async () => {
    const body = { name: 'a', free: nested(31) };
    expect(await take(body)).toEqual(body);
  });

  it('of one more is refused where it begins', async () => {
    expect(await rules({ name: 'a', free: nested(32) })).toEqual([`/free${'/in'.repeat(31)} depth`]);
  });

  it('of lists counts too, and never costs the stack', async () => {
    const body: unknown = JSON.parse(`{"name":"a","free":{"list":${'['.repeat(5_000)}${']'.repeat(5_000)}}}`);
    expect(await rules(body)).toEqual([`/free/list${'/0'.repeat(30)} depth`]);
  });
});

describe('A refusal', () => {
  const many = (name: (nth: number) => string, value: unknown): Record<string, unknown> =>
    Object.fromEntries(Array.from({ length: 90 }, (_, nth) => [name(nth), value]));

  it.each([
    ['texts', { name: 'a', ...many((nth) => `n${nth}`, '\0') }],
    ['names', { name: 'a', ...many((nth) => `n${nth}\0`, 1) }],
    ['unknown fields', { name: 'a', ...many((nth) => `n${nth}`, 1) }],
    ['wrong members', { name: 'a', parts: Array.from({ length: 900 }, () => ({})) }],
  ])('of many wrong %s is no longer than one can read', async (_, body) => {
    expect(await wrong(body)).toHaveLength(20);
  });

  it('of an object with more than a hundred members names none of them', async () => {
    const members = Object.fromEntries(Array.from({ length: 101 }, (_, nth) => [`n${nth}`, '\0']));
    expect(await rules(members)).toEqual([' members']);
    expect(await rules({ name: 'a', free: members })).toEqual(['/free members']);
    expect(await rules({ name: 'a', free: Object.values(members).map(() => 1) })).toEqual(['/free isObject']);
  });
});
