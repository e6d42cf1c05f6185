import { Injectable, ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import type { FieldError } from '#kernel/errors/domain-error';
import { InvalidFields } from '#kernel/errors/kernel.errors';
import { orderRules } from './rule-order.js';

const DEPTH_MAX = 32;
/** Several times what any body has; what follows compares the names of an object with each other. */
const MEMBERS_MAX = 100;
/** No field has a longer name, and whatever is said about it repeats it. */
const NAME_MAX = 100;
/** Who has more than that wrong reads no list; and the answer must not be many times what was sent. */
const SHOWN_MAX = 20;
type Place = NonNullable<FieldError['in']>;
const PLACES: Readonly<Record<string, Place>> = { body: 'body', query: 'query', param: 'path' };

/** Turns what came in into the DTO it must be, or into a list of everything that is wrong with it. */
@Injectable()
export class InputPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      stopAtFirstError: true,
      exceptionFactory: (found) => new WrongFields(found),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const place = PLACES[metadata.type];
    if (!place) return value;
    refuseUnstorable(value, place);
    if (isDto(metadata.metatype)) {
      if (place === 'body' && value !== undefined) refuseNonObject(value);
      orderRules(metadata.metatype!);
    }
    try {
      return (await super.transform(value ?? {}, metadata)) as unknown;
    } catch (error) {
      if (!(error instanceof WrongFields)) throw error;
      // A body may be absent when none of its members must be there.
      if (place === 'body') refuseNonObject(value);
      throw new InvalidFields(flatten(error.found, place).slice(0, SHOWN_MAX));
    }
  }
}

class WrongFields extends Error {
  constructor(readonly found: ValidationError[]) {
    super();
  }
}

const isDto = (metatype: ArgumentMetadata['metatype']): boolean =>
  metatype !== undefined && ![String, Number, Boolean, Array, Object].includes(metatype as never);

function refuseNonObject(body: unknown): void {
  if (body !== null && typeof body === 'object' && !Array.isArray(body)) return;
  const message = 'Send a JSON object with Content-Type: application/json.';
  throw new InvalidFields([{ in: 'body', pointer: '', rule: 'object', message }]);
}

/**
 * PostgreSQL stores no NUL, UTF-8 no half of a surrogate pair, and recursion has a floor: whatever field they
 * come in, they are refused before anything looks closer.
 */
export function refuseUnstorable(value: unknown, place: Place): void {
  const wrong: FieldError[] = [];
  const look = (part: unknown, pointer: string, depth: number): void => {
    if (typeof part === 'string') {
      const problem = textProblem(part);
      if (problem) wrong.push({ in: place, pointer, rule: 'text', message: problem });
    } else if (part !== null && typeof part === 'object') {
      if (depth === DEPTH_MAX) {
        wrong.push({ in: place, pointer, rule: 'depth', message: `Nest at most ${DEPTH_MAX} levels deep.` });
        return;
      }
      const members = Object.entries(part);
      if (members.length > MEMBERS_MAX && !Array.isArray(part)) {
        const message = `Send at most ${MEMBERS_MAX} members in one object.`;
        wrong.push({ in: place, pointer, rule: 'members', message });
        return;
      }
      for (const [name, member] of members) {
        if (wrong.length >= SHOWN_MAX) return;
        const inner = `${pointer}/${escapePointer(name)}`;
        const problem = nameProblem(name) ?? textProblem(name);
        if (problem) wrong.push({ in: place, pointer: inner, rule: 'name', message: problem });
        look(member, inner, depth + 1);
      }
    }
  };
  look(value, '', 0);
  if (wrong.length > 0) throw new InvalidFields(wrong);
}

function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'Remove the NUL character (U+0000).';
  if (!text.isWellFormed()) return 'Remove the lone surrogate: the text is not valid Unicode.';
  return undefined;
}

/** Such a name, like every one that objects inherit, would vanish on its way into a DTO without a word. */
function nameProblem(name: string): string | undefined {
  if (name.length > NAME_MAX) return `Names have at most ${NAME_MAX} characters.`;
  return name === 'prototype' || name in Object.prototype ? 'This name is not allowed.' : undefined;
}

/** RFC 6901. */
const escapePointer = (name: string): string => shown(name).replaceAll('~', '~0').replaceAll('/', '~1');

/** Long names are cut. Invalid Unicode, also from the cut, is shown with replacement characters. */
const shown = (name: string): string => name.slice(0, NAME_MAX).toWellFormed().replaceAll('\0', '\uFFFD');

/** One message for each place: what is wrong with a value itself says more than what is wrong within it. */
function flatten(errors: readonly ValidationError[], place: Place, parent = ''): FieldError[] {
  return errors.flatMap((error) => {
    const pointer = `${parent}/${escapePointer(error.property)}`;
    const [own] = Object.entries(error.constraints ?? {});
    if (!own) return flatten(error.children ?? [], place, pointer);
    const [rule, message] = own;
    if (rule !== 'whitelistValidation') return [{ in: place, pointer, rule, message }];
    const unknown = `There is no field ${shown(error.property)}; remove it.`;
    return [{ in: place, pointer, rule: 'unknown', message: unknown }];
  });
}
