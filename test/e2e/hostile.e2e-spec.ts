import { randomInt } from 'node:crypto';
import { anAgent } from '../builders/agents.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';
import { hostileRequests, type HostileRequest, type Operation } from '../support/hostile.js';
import { sendRaw, type RawAnswer } from '../support/raw-http.js';

/** `npm run prove:hostile` sends more of them, from a seed of the day unless HOSTILE_SEED replays one. */
const REQUESTS = Number(process.env['HOSTILE_REQUESTS'] ?? 600);
const SEED = Number(process.env['HOSTILE_SEED'] ?? (REQUESTS > 600 ? randomInt(2 ** 31) : 1));
const SILENT_MS_MAX = 2_000;
const LANES = 4;

describe(`${REQUESTS} hostile requests (HOSTILE_SEED=${SEED})`, () => {
  let app: TestApp;
  let port: number;
  beforeAll(async () => {
    app = await anApp();
    port = Number(new URL(app.baseUrl).port);
  });
  afterAll(() => app.close());

  it(
    'are answered with what is wrong, and change nothing',
    async () => {
      const agent = await anAgent(app);
      const before = await rows(app);
      const state = { key: agent.key, registered: 0 };
      const wrong: string[] = [];
      const requests = hostileRequests(await operations(app), SEED);
      let sent = 0;
      const lane = async (): Promise<void> => {
        while (sent < REQUESTS && wrong.length < 20) {
          const number = ++sent;
          const request = requests.next().value as HostileRequest;
          const complaint = await attack(port, request, state).catch((error: Error) => error.message);
          if (complaint) wrong.push(`#${number} ${request.what}: ${complaint}`);
        }
      };
      await Promise.all(Array.from({ length: LANES }, lane));

      expect(wrong).toEqual([]);
      expect(sent).toBeGreaterThanOrEqual(REQUESTS);
      const after = await rows(app);
      expect(after.agents - before.agents).toBe(state.registered);
      expect(after.postings - before.postings).toBe(2 * state.registered);
      expect(after.unbalanced).toBe(0);
      expect((await app.api.get('/health/ready')).status).toBe(200);
      const me = await app.api.get('/v1/agents/me', { key: state.key });
      expect(me.body).toMatchObject({ id: agent.id, balance_points: 10, status: 'unverified' });
    },
    20_000 + REQUESTS * 60,
  );
});

/** What is wrong with the answer, if anything is. */
async function attack(
  port: number,
  request: HostileRequest,
  state: { key: string; registered: number },
): Promise<string | undefined> {
  const key = request.path.includes('/admin/') ? OPERATOR_KEY : state.key;
  const bytes = withKey(request.bytes, key);
  const answer = await sendRaw(port, { ...request, bytes }, SILENT_MS_MAX);
  if (!answer) return request.breaksOff ? undefined : 'no answer';
  if (answer.status === 201 && request.path.includes('/register')) state.registered++;
  // A repeated answer may show a key that was exchanged since.
  const isNew = !answer.headers.has('idempotency-replayed');
  if (answer.status === 200 && isNew && request.path.includes('/rotate-key')) {
    state.key = (JSON.parse(answer.body) as { api_key: string }).api_key;
  }
  return complaintAbout(answer, request.method === 'HEAD');
}

function complaintAbout({ status, headers, body }: RawAnswer, isHead: boolean): string | undefined {
  if (status >= 500) return `${status} ${body.slice(0, 300)}`;
  if (status < 400 || isHead) return undefined;
  if (!headers.get('content-type')?.startsWith('application/problem+json'))
    return `${status} is no problem document: ${body.slice(0, 100)}`;
  const problem = JSON.parse(body) as Record<string, unknown>;
  const told =
    /^[a-z0-9_]+$/.test(String(problem['error'])) && String(problem['type']).startsWith('/problems/');
  if (!told || !problem['request_id'] || problem['status'] !== status)
    return `${status} ${body.slice(0, 300)}`;
  // What is wrong with a key that was used before lies in no field.
  if (status !== 422 || problem['error'] === 'idempotency_key_reused') return undefined;
  const errors = (problem['errors'] ?? []) as { pointer?: unknown; message?: unknown }[];
  const points = errors.length > 0 && errors.every(({ pointer }) => typeof pointer === 'string');
  return points ? undefined : `422 points at nothing: ${body.slice(0, 300)}`;
}

/** The head is text, the body may be anything, and only the head holds a key. */
function withKey(bytes: Buffer, key: string): Buffer {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return bytes;
  const head = bytes.subarray(0, end).toString('latin1').replaceAll('{key}', key);
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes.subarray(end)]);
}

interface Rows {
  agents: number;
  postings: number;
  unbalanced: number;
}

async function rows(app: TestApp): Promise<Rows> {
  const [counted] = await queryAs<Rows & { [name: string]: number }>(
    app.database.ownerUrl,
    `SELECT (SELECT count(*)::int FROM agents) AS agents,
            (SELECT count(*)::int FROM transactions) AS postings,
            (SELECT count(*)::int FROM (SELECT FROM transactions GROUP BY currency HAVING sum(amount) <> 0) AS off) AS unbalanced`,
  );
  return counted!;
}

interface Reference {
  paths: Record<string, Record<string, ReferenceOperation>>;
}

interface ReferenceOperation {
  parameters?: { in?: string; name?: string }[];
  requestBody?: { content: Record<string, { example?: Record<string, unknown> }> };
}

/** Everything that the running application says it can do. */
async function operations(app: TestApp): Promise<Operation[]> {
  const references = await Promise.all(
    ['/openapi.json', '/admin/openapi.json'].map((path) => app.api.get<Reference>(path)),
  );
  return references.flatMap(({ body }) =>
    Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
        method: method.toUpperCase(),
        path,
        query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name!),
        example: harmless(requestBody?.content['application/json']?.example),
      })),
    ),
  );
}

/** A right request to move the clock would take its time. */
const harmless = (example: Record<string, unknown> | undefined): Record<string, unknown> | undefined =>
  example && 'seconds' in example ? { seconds: 1 } : example;
