import pg from 'pg';
import { aDatabase, queryAs, type TestDatabase } from '#test/support/database';
import { begin } from './begin.js';
import { SESSION } from './session.js';

let database: TestDatabase;
let client: pg.PoolClient;
let pool: pg.Pool;
beforeAll(async () => {
  database = await aDatabase();
  await queryAs(database.ownerUrl, 'CREATE TABLE things (id int PRIMARY KEY)');
  pool = new pg.Pool({ ...SESSION, connectionString: database.ownerUrl, max: 1 });
  client = await pool.connect();
});
afterAll(async () => {
  client.release();
  await pool.end();
  await database.drop();
});

const INSERT = { name: 'insert-thing', text: 'INSERT INTO things VALUES ($1) RETURNING id' };

describe('The first statement of a transaction', () => {
  afterEach(async () => {
    await client.query('ROLLBACK');
    const written = await queryAs(database.ownerUrl, 'SELECT FROM things');
    if (written.length > 0) throw new Error('It was done outside of the transaction.');
  });

  it.each([
    ['with a name, when it is new', { ...INSERT, values: [1] }, [{ id: 1 }]],
    ['with a name, when it is known', { ...INSERT, values: [2] }, [{ id: 2 }]],
    ['without a name', { text: 'INSERT INTO things VALUES ($1) RETURNING id', values: [3] }, [{ id: 3 }]],
    ['without parameters', { text: 'INSERT INTO things VALUES (4) RETURNING id' }, [{ id: 4 }]],
    ['with many rows', { text: 'SELECT generate_series(1, 3) AS n' }, [{ n: 1 }, { n: 2 }, { n: 3 }]],
    ['with none', { text: 'DELETE FROM things' }, []],
  ])('%s opens it and is answered', async (_, statement, rows) => {
    expect((await begin(client, statement)).rows).toEqual(rows);
    expect(client.getTransactionStatus()).toBe('T');
  });

  it('comes before a second one that does not wait for it', async () => {
    const [first, second] = await Promise.all([
      begin(client, { ...INSERT, values: [1] }),
      client.query('SELECT count(*)::int AS count FROM things'),
    ]);
    expect([first.rowCount, second.rows]).toEqual([1, [{ count: 1 }]]);
  });

  it('leaves a failed transaction where it fails itself, and can be asked again', async () => {
    await begin(client, { ...INSERT, values: [1] });
    await client.query('ROLLBACK');
    await expect(begin(client, { ...INSERT, values: ['x'] })).rejects.toMatchObject({ code: '22P02' });
    expect(client.getTransactionStatus()).toBe('E');
    await client.query('ROLLBACK');
    expect((await begin(client, { ...INSERT, values: [2] })).rows).toEqual([{ id: 2 }]);
  });

  it('is parsed again where its parsing has failed', async () => {
    const later = { name: 'of-later', text: 'SELECT count(*)::int AS count FROM later' };
    await expect(begin(client, later)).rejects.toMatchObject({ code: '42P01' });
    await client.query('ROLLBACK');
    await queryAs(database.ownerUrl, 'CREATE TABLE later ()');
    expect((await begin(client, later)).rows).toEqual([{ count: 0 }]);
  });

  it('is not done when the transaction cannot begin', async () => {
    await client.query('BEGIN');
    await expect(client.query('SELECT 1/0')).rejects.toThrow('division by zero');
    await expect(begin(client, { ...INSERT, values: [1] })).rejects.toMatchObject({ code: '25P02' });
  });
});
