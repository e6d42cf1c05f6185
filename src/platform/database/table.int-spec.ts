import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import type { Settings } from '#config/settings';
import { aDatabase, queryAs, type TestDatabase } from '#test/support/database';
import { violatedUnique } from './database-errors.js';
import { Database } from './database.js';
import { tableOf } from './table.js';
import { UnitOfWork } from './unit-of-work.js';

@Entity('samples')
class Sample {
  @PrimaryColumn({ type: 'varchar', length: 12 })
  id: string;

  @Column({ name: 'long_name', type: 'varchar', length: 20 })
  longName: string;

  @Column({ type: 'numeric', precision: 12, scale: 2, nullable: true })
  price: string | null;

  @Column({ type: 'bigint' })
  units: string;

  @Column({ name: 'is_open', type: 'boolean' })
  isOpen: boolean;

  @Column({ name: 'made_at', type: 'timestamptz' })
  madeAt: Date;

  @Column({ type: 'text', array: true })
  tags: string[];

  @Column({ type: 'jsonb', nullable: true })
  data: object | null;

  @Column({ type: 'bytea', nullable: true })
  hash: Buffer | null;
}

const SAMPLES = tableOf(Sample);
const INSERT = SAMPLES.insert().explained((error, { longName }) =>
  violatedUnique(error) === 'one_name' ? new Error(`${longName} is taken.`) : error,
);
const RENAME = SAMPLES.update('rename-sample', ['longName']);
const REPRICE = SAMPLES.updateMany('reprice-samples', ['price', 'isOpen', 'madeAt', 'data', 'hash']);

const sample = (id: string): Sample => ({
  id,
  longName: `name ${id}`,
  price: '12.50',
  units: '9007199254740993',
  isOpen: true,
  madeAt: new Date('2026-03-12T10:00:00.123Z'),
  tags: ['a', 'b, "c"'],
  data: { nested: [1, null, 'ü'] },
  hash: Buffer.from([0, 1, 255]),
});

let database: TestDatabase;
let dataSource: DataSource;
let work: UnitOfWork;
beforeAll(async () => {
  database = await aDatabase();
  dataSource = await new DataSource({ type: 'postgres', url: database.ownerUrl, poolSize: 1 }).initialize();
  await queryAs(
    database.ownerUrl,
    `CREATE TABLE samples (
       id varchar(12) PRIMARY KEY, long_name varchar(20) NOT NULL CONSTRAINT one_name UNIQUE, price numeric(12,2),
       units bigint NOT NULL DEFAULT 7, is_open boolean NOT NULL, made_at timestamptz NOT NULL, tags text[] NOT NULL,
       data jsonb, hash bytea)`,
  );
  work = new UnitOfWork(new Database(dataSource, { env: {} } as Settings));
});
beforeEach(() => queryAs(database.ownerUrl, 'TRUNCATE samples'));
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const all = (): Promise<Sample[]> =>
  work.run((tx) => tx.query<Sample>(`SELECT ${SAMPLES.columns()} FROM samples ORDER BY id`));
const inserted = (...rows: Sample[]): Promise<void> =>
  work.run((tx) => rows.forEach((row) => INSERT.write(tx, row)));

describe('A table', () => {
  it('gives back every value that was inserted', async () => {
    const rows = [
      sample('s1'),
      { ...sample('s2'), price: null, tags: [], data: [], hash: null },
      { ...sample('s3'), data: ['a', { b: [] }] },
      { ...sample('s4'), data: null },
    ];
    await inserted(...rows);
    expect(await all()).toEqual(rows);
  });

  it('leaves what is not named to the defaults of its columns', async () => {
    const some = SAMPLES.insert(['id', 'longName', 'isOpen', 'madeAt', 'tags', 'data']).within(
      'insert-some',
      (sql) => sql,
    );
    await work.run((tx) => some.write(tx, sample('s1')));
    expect(await all()).toMatchObject([{ id: 's1', price: null, units: '7' }]);
  });

  it('updates what is named, of the one row', async () => {
    await inserted(sample('s1'), sample('s2'));
    await work.run((tx) => RENAME.write(tx, { ...sample('s1'), longName: 'other', price: '99.00' }));
    expect(await all()).toEqual([{ ...sample('s1'), longName: 'other' }, sample('s2')]);
  });

  it('updates many rows with values of their own, in one statement', async () => {
    await inserted(sample('s1'), sample('s2'), sample('s3'));
    const first = { ...sample('s1'), price: null, data: [1, [2]], hash: null };
    const second = { ...sample('s2'), isOpen: false, madeAt: new Date('2026-01-01T00:00:00Z') };
    await work.run((tx) => REPRICE.write(tx, [first, second]));
    expect(await all()).toEqual([first, second, sample('s3')]);
  });

  it('sends nothing for no rows and for no changes', async () => {
    await work.run(async (tx) => {
      const sent = jest.spyOn(tx, 'query');
      const written = jest.spyOn(tx, 'write');
      REPRICE.write(tx, []);
      await SAMPLES.patch(tx, 's1', {});
      expect(sent).not.toHaveBeenCalled();
      expect(written).not.toHaveBeenCalled();
    });
  });

  it('patches the properties that are given, null included', async () => {
    await inserted(sample('s1'));
    await work.run((tx) => SAMPLES.patch(tx, 's1', { price: null, longName: 'patched', data: [] }));
    expect(await all()).toEqual([{ ...sample('s1'), price: null, longName: 'patched', data: [] }]);
  });

  it('prepares its statements, once a connection', async () => {
    await inserted(sample('s1'));
    await inserted(sample('s2'));
    const rows = await work.run((tx) =>
      tx.query<{ name: string; runs: string }>(
        `SELECT name, generic_plans + custom_plans AS runs FROM pg_prepared_statements WHERE name = 'insert-samples'`,
      ),
    );
    expect(rows).toEqual([{ name: 'insert-samples', runs: expect.any(String) as string }]);
    expect(Number(rows[0]!.runs)).toBeGreaterThanOrEqual(2);
  });

  it('fails the transaction in the words of who wrote the row', async () => {
    await inserted(sample('s1'));
    const twin = { ...sample('s2'), longName: 'name s1' };
    await expect(inserted(sample('s3'), twin)).rejects.toThrow('name s1 is taken.');
    expect(await all()).toEqual([sample('s1')]);
  });

  it('refuses what it could not do: an unknown property, a list in many rows, a class without a key', () => {
    expect(() => SAMPLES.update('none', ['size' as 'id'])).toThrow('samples has no size.');
    expect(() => SAMPLES.updateMany('none', ['tags'])).toThrow('tags is a list');
    expect(() => tableOf(class Nothing {})).toThrow('Nothing needs one primary column.');
  });
});
