import { existsSync, renameSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import type { Answer } from '../support/api.js';
import { postmasterOf } from '../support/embedded-programs.js';
import {
  aDataFolder,
  endPrograms,
  hasPidFile,
  operatorKeyIn,
  Program,
  removeDataFolder,
  startProgram,
} from '../support/programs.js';
import { until } from '../support/until.js';

const SOLID = 20;

describe('The program', () => {
  const home = aDataFolder();
  afterEach(endPrograms);
  afterAll(() => removeDataFolder(home));

  it('starts on nothing, tells where it is, and is what it was after kill -9', async () => {
    const first = await startProgram({ DATA_DIR: home });
    for (const line of [
      /API\s+http\S+\/v1\n/,
      /Reference\s+http\S+\/docs\n/,
      /Operators\s+http\S+\/admin\/docs\n/,
    ])
      expect(first.output).toMatch(line);
    expect(first.output).toContain(operatorKeyIn(home));
    expect(first.output).toContain(home);
    expect(hasPidFile(home)).toBe(true);
    const agent = await register(first);
    first.signal('SIGKILL');
    expect(await first.ended()).toBe('SIGKILL');

    const second = await startProgram({ DATA_DIR: home });
    expect(second.output).not.toContain(operatorKeyIn(home));
    expect(await statusOfMe(second, agent.key)).toBe(200);
    const audit = await second.api.get('/v1/admin/audit', { key: operatorKeyIn(home) });
    expect(audit.status).toBe(200);
  });

  it('does not start without the secrets that its data was made with, and says so in one line', async () => {
    const keys = path.join(home, 'keys.json');
    renameSync(keys, `${keys}.away`);
    try {
      const program = new Program({ DATA_DIR: home });
      expect(await program.ended()).toBe(1);
      expect(program.output).toMatch(/UpMoltWork cannot start: .*keys\.json is missing.*NEW_SECRETS=\w+/);
      expect(program.output).not.toMatch(/\n\s+at /);
      expect(existsSync(keys)).toBe(false);
    } finally {
      renameSync(`${keys}.away`, keys);
    }
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s answers who waits and leaves nothing running',
    async (signal) => {
      const program = await startProgram({ DATA_DIR: home });
      const { key } = await register(program);
      const idle = await keepAlive(`${program.api.baseUrl}/health/live`);
      const waiting = program.api.get('/v1/agents/me?wait=60', { key });
      await until('the server holds the request', async () => (await openRequests(program, home)) === 2);
      program.signal(signal);
      expect((await waiting).status).toBe(200);
      expect(await program.ended()).toBe(0);
      expect(hasPidFile(home)).toBe(false);
      idle.destroy();
    },
  );

  it('leaves nothing running when it is stopped while it starts', async () => {
    const program = new Program({ DATA_DIR: home });
    await until('the database is being started', () => program.hasEnded || hasPidFile(home));
    program.ctrlC();
    expect(await program.ended()).toBe(0);
    await until('the database is gone too', () => !hasPidFile(home));
  });

  it('takes a Ctrl-C that arrives twice for one', async () => {
    const program = await startProgram({ DATA_DIR: home });
    program.signal('SIGINT');
    program.signal('SIGTERM');
    expect(await program.ended()).toBe(0);
    expect(hasPidFile(home)).toBe(false);
  });

  it('goes on when nobody reads its log any more', async () => {
    const program = await startProgram({ DATA_DIR: home, LOG_LEVEL: 'verbose' });
    const { api } = program;
    program.stopListening();
    for (let i = 0; i < SOLID; i++) expect((await api.get('/v1/nothing')).status).toBe(404);
    program.signal('SIGTERM');
    expect(await program.ended()).toBe(0);
  });

  it('loses nothing when its database server is killed under load', async () => {
    const program = await startProgram({ DATA_DIR: home });
    const registered: { key: string }[] = [];
    const answers: Answer<{ error?: string; api_key?: string }>[] = [];
    const enough = new AbortController();
    const load = async (): Promise<void> => {
      while (!enough.signal.aborted) {
        const answer = await program.api.post('/v1/agents/register', aBody());
        answers.push(answer);
        if (answer.status === 201) registered.push({ key: answer.body.api_key as string });
      }
    };
    const clients = Array.from({ length: 8 }, load);
    await until('the load has begun', () => registered.length > SOLID);
    const killed = postmasterOf(home)!;
    process.kill(killed, 'SIGKILL');
    await until('there is another server', () => ![undefined, killed].includes(postmasterOf(home)), 30_000);
    const before = registered.length;
    await until('agents register again', () => registered.length > before + SOLID, 30_000);
    enough.abort();
    await Promise.all(clients);

    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.body.error).toBe('database_unavailable');
    }
    for (const { key } of registered) expect(await statusOfMe(program, key)).toBe(200);
    program.signal('SIGTERM');
    expect(await program.ended()).toBe(0);
    expect(hasPidFile(home)).toBe(false);
  });

  it('shares its database with a second one, which knows at once what the first one did', async () => {
    const first = await startProgram({ DATA_DIR: home });
    const second = await startProgram({ DATA_DIR: home });
    const server = postmasterOf(home);
    const agent = await register(first);

    expect(await statusOfMe(second, agent.key)).toBe(200);
    const rotated = await first.api.post<{ api_key: string }>('/v1/agents/me/rotate-key', undefined, agent);
    // The word travels from commit to commit: not with the answer, but long before any cache would forget.
    await until(
      'the old key is refused everywhere',
      async () => (await statusOfMe(second, agent.key)) === 401,
      5_000,
    );
    const key = rotated.body.api_key;

    const waiting = second.api.get<{ name: string }>('/v1/agents/me?wait=60', { key });
    await until('the second holds the request', async () => (await openRequests(second, home)) === 2);
    await first.api.patch('/v1/agents/me', { name: 'Changed on the first' }, { key });
    expect((await waiting).body.name).toBe('Changed on the first');

    first.signal('SIGTERM');
    expect(await first.ended()).toBe(0);
    expect(postmasterOf(home)).toBe(server);
    expect(await statusOfMe(second, key)).toBe(200);
    second.signal('SIGTERM');
    expect(await second.ended()).toBe(0);
    expect(hasPidFile(home)).toBe(false);
  });

  it('serves with two children and ends clean on Ctrl-C', async () => {
    const program = await startProgram({ DATA_DIR: home, WEB_CONCURRENCY: '2' });
    const { key } = await register(program);
    for (let i = 0; i < SOLID; i++) expect(await statusOfMe(program, key)).toBe(200);
    program.ctrlC();
    expect(await program.ended()).toBe(0);
    expect(hasPidFile(home)).toBe(false);
    expect(program.output).not.toMatch(/ended with|While stopping/);
  });

  it('divides its work: what an api is asked for, a worker does', async () => {
    const api = await startProgram({ DATA_DIR: home, ROLE: 'api' });
    const worker = await startProgram({ DATA_DIR: home, ROLE: 'worker' });
    expect(worker.output).not.toContain('/v1');
    const { body: before } = await api.api.get<{ now: string }>('/sandbox/clock');
    const advanced = await api.api.post<{ now: string }>('/sandbox/clock/advance', { seconds: 86_400 });
    expect(advanced.status).toBe(200);
    expect(Date.parse(advanced.body.now) - Date.parse(before.now)).toBeGreaterThanOrEqual(86_400_000);
    for (const program of [worker, api]) {
      program.signal('SIGTERM');
      expect(await program.ended()).toBe(0);
    }
    expect(hasPidFile(home)).toBe(false);
  });

  it.each([
    ['PORT=abc', { PORT: 'abc' }, [/^ {2}PORT: .+/m]],
    [
      'REDIS_URL=foo and ROLE=king',
      { REDIS_URL: 'foo', ROLE: 'king' },
      [/^ {2}REDIS_URL: .+/m, /^ {2}ROLE: .+/m],
    ],
    [
      'NODE_ENV=production alone',
      { NODE_ENV: 'production' },
      [
        /^ {2}API_KEY_PEPPER: .+/m,
        /^ {2}ENCRYPTION_KEY: .+/m,
        /^ {2}SIGNING_KEY: .+/m,
        /^ {2}DATABASE_URL: .+/m,
      ],
    ],
  ])('refuses %s with a line for each mistake', async (_, environment, lines) => {
    const program = new Program({ DATA_DIR: home, ...environment });
    expect(await program.ended()).toBe(1);
    for (const line of lines) expect(program.output).toMatch(line);
    expect(program.output.trim().split('\n')).toHaveLength(lines.length + 1);
  });

  it.each(['1', '2'])('says in a line that its port is taken (processes: %s)', async (WEB_CONCURRENCY) => {
    const other = createServer().listen(0, '127.0.0.1');
    await until('the port is taken', () => other.listening);
    const { port } = other.address() as AddressInfo;
    const program = new Program({ DATA_DIR: home, PORT: String(port), WEB_CONCURRENCY });
    expect(await program.ended()).toBe(1);
    expect(program.output).toContain(`port ${port} of 127.0.0.1 is taken by another program`);
    expect(program.output).not.toMatch(/^\s+at /m);
    expect(hasPidFile(home)).toBe(false);
    other.close();
  });

  it('says in a line that there is no database where it should be', async () => {
    const program = new Program({ DATA_DIR: home, DATABASE_URL: 'postgres://nobody@localhost:1/nothing' });
    expect(await program.ended()).toBe(1);
    expect(program.output).toMatch(/^UpMoltWork cannot start: DATABASE_URL: .*ECONNREFUSED.*\n$/);
  });
});

let handles = 0;
const aBody = () => ({ name: 'Process test', owner_twitter: `p${process.pid}_${handles++}` });

async function register(program: Program): Promise<{ id: string; key: string }> {
  const { status, text, body } = await program.api.post('/v1/agents/register', aBody());
  if (status !== 201) throw new Error(`Registering answered ${status}: ${text}`);
  return { id: body.agent_id as string, key: body.api_key as string };
}

const statusOfMe = async (program: Program, key: string): Promise<number> =>
  (await program.api.get('/v1/agents/me', { key })).status;

/** The one that asks included. */
async function openRequests(program: Program, home: string): Promise<number> {
  const { text } = await program.api.get('/metrics', { key: operatorKeyIn(home) });
  return Number(/^http_requests_open (\d+)/m.exec(text)?.[1]);
}

/** A connection that has served one request and is held for more. */
function keepAlive(url: string): Promise<Agent> {
  const agent = new Agent({ keepAlive: true });
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => response.resume().once('end', () => resolve(agent))).once(
      'error',
      reject,
    );
  });
}
