import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  end,
  endAll,
  launch,
  newFolder,
  postmasterOf,
  query,
  removeFolders,
  run,
  start,
  until,
} from '#test/support/embedded-programs';
import type { EmbeddedServer } from './embedded-postgres.js';

afterAll(removeFolders);

let ports = 7433;
/** One that no other home comes upon: what is down for a moment must not lose its place. */
const portOfOurOwn = (): number => ports++;

describe('a new server', () => {
  let server: EmbeddedServer;
  beforeAll(async () => (server = await start({ home: newFolder(), fast: false })));
  afterAll(endAll);

  it('gives the application no more than it needs, and the owner what migrations need', async () => {
    const app = server.url('app');
    const owner = server.url('owner');
    await query(owner, 'create table notes (word text)');
    await expect(query(app, 'create table mine (word text)')).rejects.toThrow('denied for schema public');
    await expect(query(app, 'create temp table mine (word text)')).rejects.toThrow('permission denied');
    await expect(query(app, 'select from notes')).rejects.toThrow('permission denied for table notes');
    await query(owner, 'grant select on notes to upmoltwork_app');
    await expect(query(app, 'select word from notes')).resolves.toEqual([]);
    await expect(query(app, 'set session_replication_role = replica')).rejects.toThrow('permission denied');
    await expect(query(app, 'set role upmoltwork_owner')).rejects.toThrow('permission denied');
    await expect(query(server.url('app', 'postgres'), 'select 1')).rejects.toThrow('denied for database');
    await expect(query(owner, 'create database other')).rejects.toThrow('permission denied');

    const mighty = await query(
      server.url('superuser'),
      `select rolname from pg_roles
        where rolcanlogin and (rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication)`,
    );
    expect(mighty).toEqual([{ rolname: 'postgres' }]);
  });

  it('lets nobody in without a password, from this machine only, and keeps the passwords to itself', async () => {
    const url = new URL(server.url('superuser'));
    url.password = 'guessed';
    await expect(query(url.href, 'select 1')).rejects.toThrow('password authentication failed');
    expect(statSync(path.join(server.dataDir, 'database.json')).mode & 0o777).toBe(0o600);
    expect(readFileSync(path.join(server.dataDir, 'pg', 'pg_hba.conf'), 'utf8')).not.toMatch(
      /^[^#]*\btrust\b/m,
    );
    // The socket lies where nobody else may look.
    const sockets = path.join(server.dataDir, 'pg');
    expect(await settings(server)).toMatchObject({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: sockets,
    });
    expect(statSync(sockets).mode & 0o777).toBe(0o700);
  });

  it('is asked through its socket, and through its port where the socket would have too long a name', async () => {
    const hostOf = (one: EmbeddedServer): string => decodeURIComponent(new URL(one.url('app')).hostname);
    expect(hostOf(server)).toBe(path.join(server.dataDir, 'pg'));
    const far = await start({ home: path.join(newFolder(), 'far-'.repeat(25)) });
    expect(hostOf(far)).toBe('127.0.0.1');
    expect(await query(far.url('app'), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('is durable', async () => {
    expect(await settings(server)).toMatchObject({
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      shared_buffers: '256MB',
      max_wal_size: '2GB',
      max_connections: '100',
      random_page_cost: '1.1',
      autovacuum_naptime: '15s',
      jit: 'off',
      TimeZone: 'UTC',
    });
  });
});

describe('the data', () => {
  const home = newFolder();
  let first: EmbeddedServer;
  beforeAll(async () => {
    first = await start({ home, port: portOfOurOwn() });
    await write(first, 'kept');
    await first.stop();
  });
  afterEach(endAll);

  it('survive a restart, on the same port, and so do the passwords', async () => {
    expect(postmasterOf(home)).toBeUndefined();
    const again = await start({ home });
    expect(again.url('app')).toBe(first.url('app'));
    expect(await read(again)).toEqual(['kept']);
  });

  it('survive the loss of database.json', async () => {
    rmSync(path.join(home, 'database.json'));
    const again = await start({ home, port: portOfOurOwn() });
    expect(new URL(again.url('app')).password).not.toBe(new URL(first.url('app')).password);
    expect(await read(again)).toEqual(['kept']);
    await expect(query(again.url('app'), 'select 1 as one')).resolves.toEqual([{ one: 1 }]);
  });

  it('come up on another port when theirs is taken, and stay there', async () => {
    const port = keptPort(home);
    const stranger = net.createServer().listen(port, '127.0.0.1');
    await once(stranger, 'listening');
    const second = await start({ home });
    stranger.close();
    const { port: another } = new URL(second.url('app'));
    expect(another).not.toBe(String(port));
    expect(keptPort(home)).toBe(Number(another));
    expect(await read(second)).toEqual(['kept']);
  });

  it('are there also where no socket can be made', async () => {
    const port = portOfOurOwn();
    const obstacle = path.join(home, 'pg', `.s.PGSQL.${port}`);
    mkdirSync(obstacle);
    const again = await start({ home, port });
    rmdirSync(obstacle);
    const { hostname, port: itsPort } = new URL(again.url('app'));
    expect([hostname, itsPort]).toEqual(['127.0.0.1', String(port)]);
    expect(await read(again)).toEqual(['kept']);
  });

  it('are found behind the pid file of a dead server whose pid another program has now', async () => {
    const file = path.join(home, 'pg', 'postmaster.pid');
    writeFileSync(file, `${process.pid}\n${home}/pg\n1\n5433\n\n127.0.0.1\n\nready\n`);
    expect(await read(await start({ home }))).toEqual(['kept']);
  });

  it('may be thrown away: a fast server flushes nothing, and its owner makes databases', async () => {
    const server = await start({ home, sessions: 120 });
    expect(await settings(server)).toMatchObject({
      fsync: 'off',
      synchronous_commit: 'off',
      max_connections: '120',
    });
    await query(server.url('owner', 'postgres'), 'create database clone template upmoltwork');
    await expect(query(server.url('owner', 'clone'), 'select word from notes')).resolves.toHaveLength(1);
  });
});

describe('a server that dies under the program', () => {
  const home = newFolder();
  const port = portOfOurOwn();
  afterEach(endAll);

  it('comes back on the same port with all that was committed, and says so in one line', async () => {
    const lines: string[] = [];
    const server = await start({ home, port, fast: false, log: (line) => lines.push(line) });
    const url = server.url('app');
    await write(server, 'kept');
    const died = postmasterOf(home)!;
    process.kill(died, 'SIGKILL');

    await until(() => lines.length > 0);
    expect(await read(server)).toEqual(['kept']);
    expect(server.url('app')).toBe(url);
    expect(postmasterOf(home)).not.toBe(died);
    expect(lines).toEqual([
      expect.stringMatching(/^PostgreSQL was lost; it is back on port \d+ after \d+ ms$/),
    ]);
  });

  it('is started by one of two programs and adopted by the other', async () => {
    const lines: string[] = [];
    const log = (line: string): number => lines.push(line);
    const [one, other] = await Promise.all([start({ home, port, log }), start({ home, port, log })]);
    process.kill(postmasterOf(home)!, 'SIGKILL');

    await until(() => lines.length === 2);
    expect(lines).toEqual([expect.stringContaining('is back'), expect.stringContaining('is back')]);
    expect([await read(one), await read(other)]).toEqual([['kept'], ['kept']]);
  });

  it('stays down when the program leaves meanwhile', async () => {
    const server = await start({ home });
    process.kill(postmasterOf(home)!, 'SIGKILL');
    await until(() => postmasterOf(home) === undefined);
    await server.stop();
    // Longer than the first pause of the supervision.
    await sleep(300);
    expect(postmasterOf(home)).toBeUndefined();
  });
});

describe('programs of one folder', () => {
  const home = newFolder();
  afterEach(endAll);

  it('that start cold at the same moment share one server; the last to leave stops it', async () => {
    const [one, other] = await Promise.all([run(home), run(home)]);
    expect(one.answer.error).toBeUndefined();
    expect(one.answer.app).toBe(other.answer.app);
    const postmaster = postmasterOf(home);
    expect(postmaster).toBeDefined();

    await end(one.program, 'SIGTERM');
    expect(postmasterOf(home)).toBe(postmaster);
    await end(other.program, 'SIGTERM');
    expect(postmasterOf(home)).toBeUndefined();
  });

  it('inherit the server of one that was killed', async () => {
    const killed = await run(home);
    const postmaster = postmasterOf(home);
    expect(postmaster).toBeDefined();
    await end(killed.program, 'SIGKILL');

    const heir = await start({ home });
    expect(heir.url('app')).toBe(killed.answer.app);
    expect(postmasterOf(home)).toBe(postmaster);
  });

  it('do not stumble over one that was killed while it made the cluster', async () => {
    const cold = newFolder();
    const killed = launch(cold);
    await until(() => readdirSync(cold).some((name) => name.startsWith('pg.draft-')));
    await end(killed, 'SIGKILL');
    expect(existsSync(path.join(cold, 'pg'))).toBe(false);

    await write(await start({ home: cold }), 'kept');
    expect(readdirSync(cold).filter((name) => name.startsWith('pg.draft-'))).toEqual([]);
  });

  it('say in one line to set DATABASE_URL where no package fits the platform', async () => {
    const { answer } = await run(home, { cwd: '/' });
    expect(answer.error).toMatch(
      /^CannotStartPostgres: There is no embedded PostgreSQL for [^\n]*Set DATABASE_URL[^\n]*$/,
    );
  });
});

const keptPort = (home: string): number =>
  (JSON.parse(readFileSync(path.join(home, 'database.json'), 'utf8')) as { port: number }).port;

const write = (server: EmbeddedServer, word: string): Promise<unknown> =>
  query(server.url('owner'), `create table notes as select '${word}' as word`);

const read = async (server: EmbeddedServer): Promise<unknown[]> =>
  (await query(server.url('owner'), 'select word from notes')).map((row) => row.word as unknown);

async function settings(server: EmbeddedServer): Promise<Record<string, unknown>> {
  const rows = await query(
    server.url('superuser'),
    `select name, current_setting(name) as value from pg_settings`,
  );
  return Object.fromEntries(rows.map((row) => [row.name as string, row.value as unknown]));
}
