import { validateSync } from 'class-validator';
import { Length, MaxLength } from './text-length.decorator.js';

class Both {
  @Length(2, 4)
  length: unknown;
  @MaxLength(4)
  most: unknown;
  @MaxLength(4, { each: true })
  each: unknown;
}

const wrong = (value: unknown): string[] => {
  const both = Object.assign(new Both(), { length: value, most: value, each: [value] });
  return validateSync(both).flatMap(({ constraints }) => Object.keys(constraints ?? {}));
};

it.each([['ab'], ['abcd'], ['🦄🦄🦄🦄'], ['❤️❤️'], ['a\u{1f575}\ufe0f']])('%j is short enough', (value) => {
  expect(wrong(value)).toEqual([]);
});

it.each([['abcde'], ['❤️❤️❤️'], ['🕵️🕵️🕵️'], [7], [null], [['a', 'b']]])('%j is not', (value) => {
  expect(wrong(value)).toEqual(['isLength', 'maxLength', 'maxLength']);
});

it('What is too short is told by the rule that has a least length', () => {
  expect(wrong('🦄')).toEqual(['isLength']);
});
