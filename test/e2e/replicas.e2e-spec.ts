import { Injectable, Module } from '@nestjs/common';
import type { Extension } from '#extensions/extension';
import {
  ListeningConnection,
  Replicas,
  Wakeups,
  type RecordedEvent,
  OnDomainEvent,
  Relay,
} from '#platform/messaging';
import { anAgent, aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import { aPostedTask } from '../builders/tasks.js';
import type { Answer, Json } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';
import { aDatabase, queryAs, type TestDatabase } from '../support/database.js';
import { openRequests } from '../support/open-requests.js';
import { describeWithRedis, redisUrl } from '../support/redis.js';
import { SseReader } from '../support/sse.js';
import { until } from '../support/until.js';

/** Long before any cache forgets by itself, so that only the word of the other replica can be the cause. */
const SOON_MS = 5_000;

describe('Two replicas, who talk through PostgreSQL,', () => areOne({}));
describeWithRedis('Two replicas, who talk through Redis,', () => areOne({ REDIS_URL: redisUrl }));

function areOne(env: { REDIS_URL?: string }): void {
  let database: TestDatabase;
  let here: TestApp;
  let there: TestApp;
  beforeAll(async () => {
    database = await aDatabase();
    here = await anApp(env, database, [witnesses]);
    there = await anApp(env, database, [witnesses]);
    await until('each knows of the other', () =>
      [here, there].every(({ nest }) => nest.get(Replicas).count === 2),
    );
  });
  afterAll(async () => {
    await there.close();
    await here.close();
    await database.drop();
  });

  it('refuse a key that was exchanged at either of them', async () => {
    const agent = await anAgent(here);
    for (const [one, other] of [
      [here, there],
      [there, here],
    ] as const) {
      const { key } = agent;
      expect(await readsWith(key, one, other)).toEqual([200, 200]);
      agent.key = await rotate(one, agent);
      await until('it is refused by both', async () => same(await readsWith(key, one, other), 401), SOON_MS);
      expect(await readsWith(agent.key, one, other)).toEqual([200, 200]);
    }
  });

  it('let an agent write, or not, as was decided at the other', async () => {
    const agent = await anAgent(here);
    const decide = (act: 'suspend' | 'reinstate') =>
      there.api.post(
        `/v1/admin/agents/${agent.id}/${act}`,
        { reason: 'Told by the story' },
        { key: OPERATOR_KEY },
      );
    expect(await write(here, agent)).toBe(200);
    expect((await decide('suspend')).status).toBe(200);
    await until('it may not write', async () => (await write(here, agent)) === 403, SOON_MS);
    expect(await readsWith(agent.key, here, there)).toEqual([200, 200]);
    expect((await decide('reinstate')).status).toBe(200);
    await until('it may write again', async () => (await write(here, agent)) === 200, SOON_MS);
  });

  it('refuse at once the key of an operator who was revoked at the other', async () => {
    const body = { name: 'Short', role: 'viewer', reason: 'Told by the story' };
    const made = await here.api.post('/v1/admin/operator-keys', body, { key: OPERATOR_KEY });
    const read = () => there.api.get('/v1/admin/audit', { key: made.body.key });
    expect((await read()).status).toBe(200);
    const path = `/v1/admin/operator-keys/${made.body.id}/revoke`;
    await here.api.post(path, { reason: body.reason }, { key: OPERATOR_KEY });
    expect((await read()).status).toBe(401);
  });

  it('wake who waits at the other', async () => {
    const agent = await anAgent(here);
    const { answered } = await wait(there, agent);
    await rename(here, agent, 'Changed at the other');
    expect((await answered).body.name).toBe('Changed at the other');
    const payer = await aVerifiedAgent(here);
    const paid = await wait(there, agent);
    await here.api.post('/v1/points/transfer', { to_agent_id: agent.id, amount: 1 }, { key: payer.key });
    expect((await paid.answered).body.balance_points).toBe(11);
  });

  it('end what is held at one when its key is exchanged or its agent suspended at the other', async () => {
    const [creator, agent] = [await aVerifiedAgent(here), await aVerifiedAgent(here)];
    const task = await aPostedTask(here, creator);
    const path = `/v1/tasks/${task.id}`;
    const rotated = await wait(there, agent, path);
    const stream = await SseReader.open(`${there.baseUrl}${path}/events`, agent.key);
    const { key } = agent;
    agent.key = await rotate(here, agent);
    expect((await rotated.answered).status).toBe(401);
    await until('the stream ended', () => stream.ended);
    expect((await there.api.get(`${path}?wait=1`, { key })).status).toBe(401);

    const suspended = await wait(there, agent, path);
    const suspend = `/v1/admin/agents/${agent.id}/suspend`;
    await here.api.post(suspend, { reason: 'Told by the story' }, { key: OPERATOR_KEY });
    const { status, body } = await suspended.answered;
    expect([status, body.next_actions]).toEqual([200, []]);
  });

  it('have one clock', async () => {
    for (const [one, other] of [
      [here, there],
      [there, here],
    ] as const) {
      const moved = await one.api.post('/sandbox/clock/advance', { seconds: 7200 });
      expect(moved.status).toBe(200);
      const time = Date.parse(moved.body.now);
      await until('the other has moved too', async () => (await timeAt(other)) >= time, SOON_MS);
      expect(await timeAt(one)).toBeLessThan(time + 3_600_000);
    }
  });

  it('handle every event once, wherever; and at the others when one has left', async () => {
    const third = await anApp(env, database, [witnesses]);
    const registered: string[] = [];
    for (let i = 0; i < 12; i++) registered.push((await anAgent([here, there, third][i % 3]!)).id);
    await here.nest.get(Relay).drained();
    const handled = () => Witness.heard.map(({ agentId }) => agentId).filter((id) => registered.includes(id));
    // Events of one subject keep their order; these are of twelve.
    expect(handled().toSorted()).toEqual(registered.toSorted());
    await third.close();
    registered.push((await anAgent(there)).id);
    await here.nest.get(Relay).drained();
    expect(handled().toSorted()).toEqual(registered.toSorted());
  });

  describe('when one has lost the line on which it hears of the other,', () => {
    beforeEach(async () => {
      const line = there.nest.get(ListeningConnection);
      await until('the line stands', () => there.nest.get(Wakeups).connected);
      const [session] = await line.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      cut = async () => {
        let isBack = false;
        const forget = line.onReconnected(() => (isBack = true));
        await queryAs(database.superuserUrl, 'SELECT pg_terminate_backend($1)', [session!.pid]);
        await until('the line is gone', () => isBack || !line.connected);
        forget();
      };
    });
    let cut: () => Promise<void>;

    it('it trusts nothing it knew: an exchanged key is refused by the next call', async () => {
      const agent = await anAgent(here);
      expect(await readsWith(agent.key, there)).toEqual([200]);
      await cut();
      const { key } = agent;
      agent.key = await rotate(here, agent);
      expect(await readsWith(key, there)).toEqual([401]);
      expect(await readsWith(agent.key, there)).toEqual([200]);
    });

    it('a suspension counts for the next call too', async () => {
      const agent = await anAgent(here);
      expect(await write(there, agent)).toBe(200);
      await cut();
      const path = `/v1/admin/agents/${agent.id}/suspend`;
      await here.api.post(path, { reason: 'Told by the story' }, { key: OPERATOR_KEY });
      expect(await write(there, agent)).toBe(403);
    });

    it('who waits there is answered all the same', async () => {
      const agent = await anAgent(here);
      const { answered } = await wait(there, agent);
      await cut();
      await rename(here, agent, 'Changed unheard');
      expect((await answered).body.name).toBe('Changed unheard');
    });

    it('it learns the time when it hears again', async () => {
      await cut();
      const moved = await here.api.post('/sandbox/clock/advance', { seconds: 7200 });
      const time = Date.parse(moved.body.now);
      await until('it has the time', async () => (await timeAt(there)) >= time);
    });

    it('both know of each other again', async () => {
      await cut();
      await until('it hears again', () => there.nest.get(Wakeups).connected);
      await until('both count two', () => [here, there].every(({ nest }) => nest.get(Replicas).count === 2));
      const agent = await anAgent(here);
      expect(await readsWith(agent.key, there)).toEqual([200]);
      const { key } = agent;
      await rotate(here, agent);
      await until('it is refused', async () => same(await readsWith(key, there), 401), SOON_MS);
    });
  });
}

/** Hears of every registration; each application has one of its own. */
@Injectable()
class Witness {
  static readonly heard: { by: Witness; agentId: string }[] = [];

  @OnDomainEvent('agent.registered', { subscriber: 'witness' })
  async hear({ data }: RecordedEvent<'agent.registered'>): Promise<void> {
    Witness.heard.push({ by: this, agentId: data.agent_id });
  }
}

@Module({ providers: [Witness] })
class WitnessModule {}
const witnesses: Extension = { module: WitnessModule };

const readsWith = (key: string, ...apps: TestApp[]): Promise<number[]> =>
  Promise.all(apps.map(async ({ api }) => (await api.get('/v1/agents/me', { key })).status));

const same = (statuses: readonly number[], wanted: number): boolean =>
  statuses.every((status) => status === wanted);

const rename = ({ api }: TestApp, { key }: TestAgent, name: string) =>
  api.patch('/v1/agents/me', { name }, { key });

const write = async (app: TestApp, agent: TestAgent): Promise<number> =>
  (await rename(app, agent, 'Written')).status;

/** Resolves when the application holds the request, which ends long after the test would. */
async function wait(
  app: TestApp,
  { key }: TestAgent,
  path = '/v1/agents/me',
): Promise<{ answered: Promise<Answer<Json>> }> {
  // What has been seen is said, so that a change which comes before the request is held counts as well.
  const etag = (await app.api.get(path, { key })).headers.get('etag')!;
  const before = await openRequests(app);
  const answered = app.api.get(`${path}?wait=60`, { key, headers: { 'if-none-match': etag } });
  await until('the request is held', async () => (await openRequests(app)) > before);
  return { answered };
}

async function rotate({ api }: TestApp, { key }: TestAgent): Promise<string> {
  const rotated = await api.post('/v1/agents/me/rotate-key', undefined, { key });
  if (rotated.status !== 200) throw new Error(rotated.text);
  return rotated.body.api_key;
}

const timeAt = async ({ api }: TestApp): Promise<number> =>
  Date.parse((await api.get('/sandbox/clock')).body.now);
