import { wordsOf } from './search-words.js';

const plain = (whole: string) => ({ whole, alternatives: '', beside: '', prefix: undefined });

describe('wordsOf', () => {
  it.each([
    ['zeb', { alternatives: '', beside: '', prefix: 'zeb' }],
    ['blog "two words" -three fou', { alternatives: '', beside: 'blog "two words" -three', prefix: 'fou' }],
    ['one two OR three fou', { alternatives: 'one two', beside: 'three', prefix: 'fou' }],
    ['one or two OR thr', { alternatives: 'one or two', beside: '', prefix: 'thr' }],
    ['OR thr', { alternatives: '', beside: '', prefix: 'thr' }],
    ['"or" thr', { alternatives: '', beside: '"or"', prefix: 'thr' }],
    ['日本語', { alternatives: '', beside: '', prefix: '日本語' }],
  ])('takes %s apart at its last word', (q, expected) => {
    expect(wordsOf(q)).toEqual({ whole: q, ...expected });
  });

  it.each(['', 'ab', 'one -two', 'one "two', '"one two"', 'one OR', 'e-mail', "it's", 'a:*', 'x|y', "'a':*"])(
    'leaves %s whole',
    (q) => expect(wordsOf(q)).toEqual(plain(q)),
  );

  it('takes no notice of spaces around it', () => {
    expect(wordsOf('  one two ')).toEqual({
      whole: 'one two',
      alternatives: '',
      beside: 'one',
      prefix: 'two',
    });
  });
});
