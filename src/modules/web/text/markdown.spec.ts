import { plainWords, readMarkdown, webAddress, type Inline } from './markdown.js';

const text = (words: string): Inline => ({ kind: 'text', text: words });

it('Markdown becomes paragraphs, headings, lists, quotes and code', () => {
  const source = [
    '# Title',
    '',
    'One **bold** line',
    'and `code`',
    '',
    '- first',
    '* second',
    '1. one',
    '',
    '> said',
    '---',
    '```js',
    '<b>not *markup*</b>',
    '```',
  ];
  expect(readMarkdown(source.join('\r\n'))).toEqual([
    { kind: 'heading', lines: [[text('Title')]] },
    {
      kind: 'paragraph',
      lines: [
        [text('One '), { kind: 'strong', parts: [text('bold')] }, text(' line')],
        [text('and '), { kind: 'code', text: 'code' }],
      ],
    },
    { kind: 'list', ordered: false, items: [[text('first')], [text('second')]] },
    { kind: 'list', ordered: true, items: [[text('one')]] },
    { kind: 'quote', lines: [[text('said')]] },
    { kind: 'code', text: '<b>not *markup*</b>' },
  ]);
});

it('A fence that nobody closes lasts to the end', () => {
  expect(readMarkdown('```\nrest\nof it')).toEqual([{ kind: 'code', text: 'rest\nof it' }]);
});

it.each([
  ['[a](https://a.example/x)', { kind: 'link', href: 'https://a.example/x', text: 'a' }],
  ['![a](http://a.example/p.png)', { kind: 'link', href: 'http://a.example/p.png', text: 'a' }],
  ['https://a.example/x', { kind: 'link', href: 'https://a.example/x', text: 'https://a.example/x' }],
  ['[a](javascript:alert)', text('[a](javascript:alert)')],
  ['[a](data:text/html,x)', text('[a](data:text/html,x)')],
  ['[a](/v1/admin)', text('[a](/v1/admin)')],
  ['[a](//a.example)', text('[a](//a.example)')],
  ['<script>alert(1)</script>', text('<script>alert(1)</script>')],
  ['snake_case_name', text('snake_case_name')],
  ['2 * 3 * 4', text('2 * 3 * 4')],
])('%s is %j', (line, part) => expect(readMarkdown(line)).toEqual([{ kind: 'paragraph', lines: [[part]] }]));

it.each([
  'javascript:alert(1)',
  ' https://a.example',
  'https://user@a.example',
  'https://',
  'ftp://a.example',
  '',
])('%j is no address that a page links to', (address) => expect(webAddress(address)).toBeUndefined());

it('Whatever is written, all of it is read once', () => {
  for (const piece of [
    '*',
    '**',
    '_',
    '[',
    '](',
    '`',
    '~~~\n',
    '> ',
    '- ',
    '#',
    'https://',
    '**a ',
    '[a](',
    '\n\n',
    '- - ',
  ])
    expect(() => readMarkdown(piece.repeat(100_000 / piece.length))).not.toThrow();
});

it('A text of nothing but fences is read in one pass: looked through for each, it would take minutes', () => {
  expect(readMarkdown('~~~\n'.repeat(600_000))).toHaveLength(300_000);
});

it('A glance shows words without marks', () => {
  expect(plainWords('# Title\n\nSome **bold** [link](https://a.example)\n\n- item\n```\ncode\n```')).toBe(
    'Title Some bold link item code',
  );
});
