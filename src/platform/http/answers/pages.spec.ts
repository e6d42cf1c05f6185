import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { InvalidFields } from '#kernel/errors/kernel.errors';
import { isInstant, matching, type Page, PageQuery, pageOf, placeOf } from './pages.js';

interface Row {
  id: string;
  score: number;
}
const ROWS: readonly Row[] = Array.from({ length: 7 }, (_, nth) => ({ id: `r${nth}`, score: 9 - nth }));
const SHAPE = [matching(/^\d+$/), matching(/^r\d+$/)];

const page = (rows: readonly Row[], limit: number, sort = 'score'): Page<string> =>
  pageOf(
    rows,
    limit,
    sort,
    (row) => [row.score, row.id],
    (row) => row.id,
  );
const place = (cursor: string | undefined, sort = 'score'): string[] | undefined =>
  placeOf(cursor, sort, SHAPE);
const cursorWith = (content: unknown): string => Buffer.from(JSON.stringify(content)).toString('base64url');

describe('A page', () => {
  it('shows as many as asked for, and knows of more by the one that it does not show', () => {
    const { data, next_cursor } = page(ROWS.slice(0, 4), 3);
    expect(data).toEqual(['r0', 'r1', 'r2']);
    expect(place(next_cursor!)).toEqual(['7', 'r2']);
  });

  it.each([0, 1, 3])('is the last when %d rows were found for a limit of 3', (found) => {
    expect(page(ROWS.slice(0, found), 3)).toEqual({
      data: ROWS.slice(0, found).map(({ id }) => id),
      next_cursor: null,
    });
  });

  it('leads through everything, once', () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const [, after] = place(cursor) ?? [];
      const from = ROWS.findIndex(({ id }) => id === after) + 1;
      const found = page(ROWS.slice(from, from + 3), 2);
      seen.push(...found.data);
      cursor = found.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(ROWS.map(({ id }) => id));
  });
});

describe('A cursor', () => {
  const cursor = page(ROWS, 1).next_cursor!;

  it('may be absent', () => {
    expect(place(undefined)).toBeUndefined();
  });

  it('needs no encoding in a URL', () => {
    expect(encodeURIComponent(cursor)).toBe(cursor);
  });

  it.each([
    ['empty', ''],
    ['no base64', '%%%'],
    ['no JSON', Buffer.from('nonsense').toString('base64url')],
    ['no list', cursorWith({ 0: 'score' })],
    ['null', cursorWith(null)],
    ['of another sort', page(ROWS, 1, 'newest').next_cursor!],
    ['without a sort', cursorWith(['9', 'r0'])],
    ['too short', cursorWith(['score', '9'])],
    ['too long', cursorWith(['score', '9', 'r0', 'r1'])],
    ['with a value of the wrong shape', cursorWith(['score', "9'; DROP TABLE agents", 'r0'])],
    ['with null for a value', cursorWith(['score', null, 'r0'])],
    ['with a list for a value', cursorWith(['score', ['9'], 'r0'])],
    ['with an object that does not turn into text', cursorWith(['score', { toString: 1 }, 'r0'])],
    ['cut short', cursor.slice(0, -3)],
  ])('that is %s is the wrong field', (_, forged) => {
    let refusal: unknown;
    try {
      place(forged);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(InvalidFields);
    expect((refusal as InvalidFields).fields).toMatchObject([
      { in: 'query', pointer: '/cursor', rule: 'cursor' },
    ]);
  });
});

describe('isInstant', () => {
  it.each(['2026-03-12T00:00:00.000Z', '2024-02-29T23:59:59.999Z', '0001-01-01T00:00:00.000Z'])(
    'knows %s',
    (text) => {
      expect(isInstant(text)).toBe(true);
    },
  );

  it.each([
    '2026-03-12',
    '2026-03-12T00:00:00Z',
    '2026-03-12T00:00:00.000+00:00',
    '2026-03-12T00:00:00.000Z\n',
    '2026-13-01T00:00:00.000Z',
    '2026-02-30T00:00:00.000Z',
    '2025-02-29T00:00:00.000Z',
    '2026-03-12T24:00:00.000Z',
    '2026-03-12T23:59:60.000Z',
    // JavaScript has a year 0, PostgreSQL has none.
    '0000-01-01T00:00:00.000Z',
  ])('refuses %j, which PostgreSQL would refuse or print otherwise', (text) => {
    expect(isInstant(text)).toBe(false);
  });
});

describe('The query of a page', () => {
  const mistakes = (query: Record<string, unknown>): string[] =>
    validateSync(plainToInstance(PageQuery, query)).map(({ property }) => property);

  it.each([{}, { limit: '1' }, { limit: '100' }, { cursor: 'x'.repeat(500) }])('may be %j', (query) => {
    expect(mistakes(query)).toEqual([]);
  });

  it('has a number for a limit', () => {
    expect(plainToInstance(PageQuery, { limit: '20' }).limit).toBe(20);
  });

  it.each(['0', '101', '-1', '1.5', '1e1', '0x10', ' 20', '', 'NaN', ['1', '2'], { a: '1' }, null])(
    'has no limit of %j',
    (limit) => {
      expect(mistakes({ limit })).toEqual(['limit']);
    },
  );

  it.each([['x'.repeat(501)], [['a', 'b']], [{ a: 'b' }], [null]])(
    'has no such cursor (case %#)',
    (cursor) => {
      expect(mistakes({ cursor })).toEqual(['cursor']);
    },
  );
});
