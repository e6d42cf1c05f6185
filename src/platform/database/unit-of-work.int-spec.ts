import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Settings } from '#config/settings';
import { LostARace } from '#kernel/errors/kernel.errors';
import type { Tx } from '#kernel/tx';
import { aDatabase, queryAs, type TestDatabase } from '#test/support/database';
import { until } from '#test/support/until';
import { isUnreachable } from './database-errors.js';
import { Database } from './database.js';
import { SESSION } from './session.js';
import { UnitOfWork } from './unit-of-work.js';

const POOL_SIZE = 2;

let database: TestDatabase;
let dataSource: DataSource;
let work: UnitOfWork;

beforeAll(async () => {
  database = await aDatabase();
  dataSource = new DataSource({
    type: 'postgres',
    url: database.ownerUrl,
    poolSize: POOL_SIZE,
    extra: SESSION,
  });
  await dataSource.initialize();
  await dataSource.query('CREATE TABLE things (id int PRIMARY KEY, size int NOT NULL)');
  work = new UnitOfWork(new Database(dataSource, { env: {} } as Settings));
});
beforeEach(() => dataSource.query('TRUNCATE things; INSERT INTO things VALUES (1, 0), (2, 0)'));
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

/** Read over a connection of its own, so that what is not committed does not show. */
const sizes = async (): Promise<number[]> =>
  (await queryAs<{ size: number }>(database.ownerUrl, 'SELECT size FROM things ORDER BY id')).map(
    ({ size }) => size,
  );
const grow = (tx: Tx, id: number): Promise<unknown[]> =>
  tx.query('UPDATE things SET size = size + 1 WHERE id = $1', [id]);

const write = (tx: Tx, id: number, size: number | null): void =>
  tx.write('write-thing', 'INSERT INTO things VALUES ($1, $2)', [id, size]);

/** Whether every connection of the pool is free again: as many transactions as it has run side by side. */
async function allConnectionsAreFree(): Promise<void> {
  let entered = 0;
  const meet = async (tx: Tx): Promise<void> => {
    await tx.query('SELECT 1');
    entered++;
    await until('all of them are in at once', () => entered === POOL_SIZE);
  };
  await Promise.all(Array.from({ length: POOL_SIZE }, () => work.run(meet)));
}

/** Ends an attempt as PostgreSQL would. */
const raise = (tx: Tx, code: string): Promise<unknown[]> =>
  tx.query(`DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '${code}'; END $$`);

describe('Work that succeeds', () => {
  it('is committed as a whole and gives its result', async () => {
    const result = await work.run(async (tx) => {
      await grow(tx, 1);
      await tx.prepared('grow-second', 'UPDATE things SET size = size + 1 WHERE id = 2', []);
      expect(await sizes()).toEqual([0, 0]);
      return 'done';
    });
    expect(result).toBe('done');
    expect(await sizes()).toEqual([1, 1]);
    await allConnectionsAreFree();
  });

  it('wakes others after it is durable, in order', async () => {
    const seen: Promise<unknown>[] = [];
    await work.run(async (tx) => {
      tx.afterCommit(() => seen.push(sizes()));
      tx.afterCommit(() => seen.push(Promise.resolve('second')));
      await grow(tx, 1);
      expect(seen).toEqual([]);
    });
    expect(await Promise.all(seen)).toEqual([[1, 0], 'second']);
  });

  it('has succeeded even when a wake-up fails, and the other wake-ups follow', async () => {
    Logger.overrideLogger(false);
    const second = jest.fn();
    const result = await work.run(async (tx) => {
      tx.afterCommit(() => {
        throw new Error('nobody is there');
      });
      tx.afterCommit(second);
      await grow(tx, 1);
      return 'done';
    });
    expect(result).toBe('done');
    expect(second).toHaveBeenCalledTimes(1);
    expect(await sizes()).toEqual([1, 0]);
  });
});

describe('Work that fails', () => {
  it('leaves nothing, wakes nobody and is not repeated', async () => {
    const wake = jest.fn();
    let runs = 0;
    const failing = work.run(async (tx) => {
      runs++;
      tx.afterCommit(wake);
      await grow(tx, 1);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect([runs, await sizes()]).toEqual([1, [0, 0]]);
    expect(wake).not.toHaveBeenCalled();
    await allConnectionsAreFree();
  });

  it('fails with the error of the statement that failed', async () => {
    const failing = work.run((tx) => tx.query('INSERT INTO things VALUES (9, NULL)'));
    await expect(failing).rejects.toMatchObject({ code: '23502' });
    await allConnectionsAreFree();
  });

  it('does not pass for committed when the error of a statement was swallowed', async () => {
    const wake = jest.fn();
    const failing = work.run(async (tx) => {
      tx.afterCommit(wake);
      await grow(tx, 1);
      await tx.query('INSERT INTO things VALUES (1, 1)').catch(() => {});
      return 'done';
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(wake).not.toHaveBeenCalled();
    expect(await sizes()).toEqual([0, 0]);
    await allConnectionsAreFree();
  });

  it('fails when the commit does, as a deferred constraint decides', async () => {
    await dataSource.query(`TRUNCATE things;
      ALTER TABLE things ADD CONSTRAINT sizes_differ UNIQUE (size) DEFERRABLE INITIALLY DEFERRED`);
    try {
      const wake = jest.fn();
      const failing = work.run(async (tx) => {
        tx.afterCommit(wake);
        await tx.query('INSERT INTO things VALUES (1, 7), (2, 7)');
      });
      await expect(failing).rejects.toMatchObject({ code: '23505' });
      expect(wake).not.toHaveBeenCalled();
      expect(await sizes()).toEqual([]);
      await allConnectionsAreFree();
    } finally {
      await dataSource.query('ALTER TABLE things DROP CONSTRAINT sizes_differ');
    }
  });
});

describe('What nobody waits for', () => {
  it('is done in its turn: before the next question, and with the commit at the latest', async () => {
    await work.run(async (tx) => {
      await grow(tx, 1);
      write(tx, 3, 30);
      write(tx, 4, 40);
      expect(await tx.query('SELECT id FROM things WHERE id > 2 ORDER BY id')).toEqual([
        { id: 3 },
        { id: 4 },
      ]);
      write(tx, 5, 50);
    });
    expect(await sizes()).toEqual([1, 0, 30, 40, 50]);
    await allConnectionsAreFree();
  });

  it('may be all there is', async () => {
    await work.run(async (tx) => {
      write(tx, 3, 30);
      write(tx, 4, 40);
      await Promise.resolve();
    });
    expect(await sizes()).toEqual([0, 0, 30, 40]);
  });

  it('fails the commit with its own error, and nothing that came after it is done', async () => {
    const wake = jest.fn();
    const failing = work.run(async (tx) => {
      tx.afterCommit(wake);
      await grow(tx, 1);
      write(tx, 9, null);
      write(tx, 3, 30);
    });
    await expect(failing).rejects.toMatchObject({ code: '23502', column: 'size' });
    expect(wake).not.toHaveBeenCalled();
    expect(await sizes()).toEqual([0, 0]);
    await allConnectionsAreFree();
  });

  it('fails the next question, which is told why', async () => {
    const seen: unknown[] = [];
    const failing = work.run(async (tx) => {
      await grow(tx, 1);
      write(tx, 9, null);
      await grow(tx, 2).catch((error: unknown) => {
        seen.push(error);
        throw error;
      });
    });
    await expect(failing).rejects.toMatchObject({ code: '23502' });
    expect(seen).toMatchObject([{ code: '25P02' }]);
    expect(await sizes()).toEqual([0, 0]);
  });

  it('fails it also where it is the first and begins the transaction', async () => {
    const failing = work.run(async (tx) => {
      write(tx, 9, null);
      write(tx, 3, 30);
      await grow(tx, 2);
    });
    await expect(failing).rejects.toMatchObject({ code: '23502' });
    expect(await sizes()).toEqual([0, 0]);
    await allConnectionsAreFree();
  });

  it('is told in the words of whoever wrote it', async () => {
    class Shapeless extends Error {}
    const explain = (error: unknown) => new Shapeless('It has no size.', { cause: error });
    const failing = work.run(async (tx) => {
      await grow(tx, 1);
      tx.write('write-thing', 'INSERT INTO things VALUES ($1, $2)', [9, null], explain);
      write(tx, 3, 30);
    });
    await expect(failing).rejects.toBeInstanceOf(Shapeless);
  });

  it('is not done when somebody changes their mind', async () => {
    const failing = work.run(async (tx) => {
      await grow(tx, 1);
      write(tx, 3, 30);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await sizes()).toEqual([0, 0]);
    await allConnectionsAreFree();
  });

  it('is written again with the work that lost a race by it', async () => {
    let runs = 0;
    await work.run(async (tx) => {
      await grow(tx, 1);
      const lost = "DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$";
      if (++runs < 3) tx.write(`lose-${runs}`, lost, []);
      write(tx, 3, 30);
    });
    expect([runs, await sizes()]).toEqual([3, [1, 0, 30]]);
  });

  it('can be written again where its name was new when it failed', async () => {
    const later = (tx: Tx): void => tx.write('of-later', 'INSERT INTO later VALUES ($1)', [1]);
    const once = (): Promise<void> =>
      work.run(async (tx) => {
        await grow(tx, 1);
        later(tx);
        later(tx);
      });
    for (let nth = 0; nth < POOL_SIZE; nth++) await expect(once()).rejects.toMatchObject({ code: '42P01' });
    await dataSource.query('CREATE TABLE later (id int)');
    for (let nth = 0; nth < POOL_SIZE; nth++) await once();
    expect(await dataSource.query('SELECT id FROM later')).toHaveLength(2 * POOL_SIZE);
    expect(await sizes()).toEqual([POOL_SIZE, 0]);
  });
});

describe('A race', () => {
  it('that ends in a deadlock is run again until both have won', async () => {
    let locked = 0;
    let runs = 0;
    const wake = jest.fn();
    const lockBoth = (first: number, second: number): Promise<void> =>
      work.run(async (tx) => {
        runs++;
        tx.afterCommit(wake);
        await grow(tx, first);
        locked++;
        await until('both hold their first row', () => locked >= 2);
        await grow(tx, second);
      });
    await Promise.all([lockBoth(1, 2), lockBoth(2, 1)]);
    expect(await sizes()).toEqual([2, 2]);
    // More than once, if whoever lost took its row again before the other had woken up to take it.
    expect(runs).toBeGreaterThanOrEqual(3);
    // The wake-ups of the attempt that lost are forgotten with it.
    expect(wake).toHaveBeenCalledTimes(2);
    await allConnectionsAreFree();
  });

  it('that ends in a serialization failure is run again with fresh eyes', async () => {
    let runs = 0;
    await work.run(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      const [row] = await tx.query<{ size: number }>('SELECT size FROM things WHERE id = 1');
      if (++runs === 1) await queryAs(database.ownerUrl, 'UPDATE things SET size = 10 WHERE id = 1');
      await tx.query('UPDATE things SET size = $1 WHERE id = 1', [row!.size + 1]);
    });
    expect([runs, await sizes()]).toEqual([2, [11, 0]]);
  });

  it('that shows only at the commit is run again too', async () => {
    let runs = 0;
    await work.run(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
      await tx.query('SELECT sum(size) FROM things');
      await grow(tx, 1);
      if (++runs > 1) return;
      await queryAs(
        database.ownerUrl,
        `BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT sum(size) FROM things; UPDATE things SET size = 5 WHERE id = 2;
         COMMIT`,
      );
    });
    expect([runs, await sizes()]).toEqual([2, [1, 5]]);
  });

  it.each(['40001', '40P01', '55P03'])('lost four times (%s) is lost, and says so', async (code) => {
    let runs = 0;
    const losing = work.run(async (tx) => {
      runs++;
      await grow(tx, 1);
      await raise(tx, code);
    });
    const error: unknown = await losing.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LostARace);
    expect((error as LostARace).cause).toMatchObject({ code });
    expect([runs, await sizes()]).toEqual([4, [0, 0]]);
    await allConnectionsAreFree();
  });

  it.each([
    ['asked', (tx: Tx, id: number) => tx.query('INSERT INTO things VALUES ($1, 5)', [id])],
    ['written', async (tx: Tx, id: number) => write(tx, id, 5)],
  ])('for an id is won with another one (%s)', async (_, insert) => {
    const ids = [1, 2, 3];
    await work.run(async (tx) => {
      await insert(tx, ids.shift()!);
    });
    expect([ids, await sizes()]).toEqual([[], [0, 0, 5]]);
    await allConnectionsAreFree();
  });

  it('for an id that is never free ends with what the database said', async () => {
    let runs = 0;
    const losing = work.run((tx) => write(tx, 1, ++runs));
    await expect(losing).rejects.toMatchObject({ code: '23505', constraint: 'things_pkey' });
    expect([runs, await sizes()]).toEqual([4, [0, 0]]);
  });

  it('may be won at the last attempt', async () => {
    let runs = 0;
    await work.run(async (tx) => {
      await grow(tx, 1);
      if (++runs < 4) await raise(tx, '40001');
    });
    expect([runs, await sizes()]).toEqual([4, [1, 0]]);
  });
});

describe('A connection that is lost', () => {
  const terminate = (pid: number): Promise<unknown> =>
    queryAs(database.superuserUrl, 'SELECT pg_terminate_backend($1)', [pid]);
  const pidOf = async (tx: Tx): Promise<number> =>
    (await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))[0]!.pid;

  it('in the midst of a transaction is given back, and others take its place', async () => {
    for (let nth = 0; nth <= POOL_SIZE; nth++) {
      const wake = jest.fn();
      const losing = work.run(async (tx) => {
        tx.afterCommit(wake);
        await grow(tx, 1);
        await terminate(await pidOf(tx));
        await grow(tx, 2);
      });
      const error: unknown = await losing.catch((thrown: unknown) => thrown);
      expect(isUnreachable(error)).toBe(true);
      expect(wake).not.toHaveBeenCalled();
    }
    expect(await sizes()).toEqual([0, 0]);
    await allConnectionsAreFree();
  });

  it('before the commit is no commit', async () => {
    const wake = jest.fn();
    const losing = work.run(async (tx) => {
      tx.afterCommit(wake);
      await grow(tx, 1);
      await terminate(await pidOf(tx));
    });
    await expect(losing).rejects.toThrow();
    expect(wake).not.toHaveBeenCalled();
    expect(await sizes()).toEqual([0, 0]);
    await allConnectionsAreFree();
  });
});
