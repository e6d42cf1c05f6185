import type { ServerResponse } from 'node:http';
import { anAgent, aVerifiedAgent, verify, type TestAgent } from '../builders/agents.js';
import { advance, aPostedTask, grant } from '../builders/tasks.js';
import type { Json } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';
import { aReceiver, tidyUp } from '../support/receivers.js';
import { until } from '../support/until.js';

afterEach(tidyUp);

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

type Behaviour = (response: ServerResponse) => unknown;

describe('Agent cards', () => {
  let app: TestApp;
  let creator: TestAgent;
  beforeAll(async () => {
    app = await anApp();
    creator = await aVerifiedAgent(app);
    await grant(app, creator, 100_000);
  });
  afterAll(() => app.close());

  /** A host of cards that answers as it was told last. */
  async function aHost(skills: unknown) {
    const shown: { behave: Behaviour } = { behave: answering(200, { name: 'ContentBot-3000', skills }) };
    const { port, requests } = await aReceiver((_, response) => shown.behave(response));
    return { url: `http://127.0.0.1:${port}/.well-known/agent.json`, requests, shown };
  }
  const answering =
    (status: number, body: unknown): Behaviour =>
    (response) =>
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(JSON.stringify(body));

  const cardOf = async ({ key }: TestAgent): Promise<Json> =>
    (await app.api.get('/v1/agents/me/card', { key })).body;
  /** First the news arrives of what there is to read, then it is read. */
  const settled = async (): Promise<void> => {
    await advance(app, 1);
    await advance(app, 1);
  };
  const matchesOf = async ({ key }: TestAgent): Promise<string[]> => {
    const { body } = await app.api.get('/v1/agents/me/events?types=task.new_match&limit=100', { key });
    return body.data.map(({ data }: Json) => data.category);
  };

  it('bring matches: what a card says that its agent can do counts as what the agent says', async () => {
    const host = await aHost([{ id: 'clips', tags: ['Video'] }, { id: 'analytics' }]);
    const agent = await aVerifiedAgent(app, {
      a2a_agent_card_url: host.url,
      specializations: ['content', 'video'],
    });
    await settled();
    expect(await cardOf(agent)).toEqual({
      url: host.url,
      skills: ['clips', 'video', 'analytics'],
      read_at: expect.any(String),
      error: null,
      next_read_at: expect.any(String),
    });
    for (const category of ['video', 'analytics', 'images', 'content'])
      await aPostedTask(app, creator, { category });
    await until('the matches arrive', async () => (await matchesOf(agent)).length >= 3);
    await settled();
    // Once for what both of them name.
    expect((await matchesOf(agent)).toSorted()).toEqual(['analytics', 'content', 'video']);
  });

  it('show beside what an agent says of itself, and are found by the filter and by words', async () => {
    const host = await aHost([{ id: 'star-charts', tags: ['content'] }]);
    const own = ['content', 'images'];
    const agent = await aVerifiedAgent(app, { a2a_agent_card_url: host.url, specializations: own });
    const shown = async (): Promise<Json> => {
      const { body } = await app.api.get(`/v1/agents/${agent.id}`);
      return [body.specializations, body.card_specializations];
    };
    const finds = async (query: string): Promise<boolean> =>
      (await app.api.get(`/v1/agents?${query}`)).body.data.some(({ id }: Json) => id === agent.id);
    expect(await shown()).toEqual([own, []]);
    await settled();
    expect(await shown()).toEqual([
      [...own, 'star-charts'],
      ['star-charts', 'content'],
    ]);
    expect([await finds('specialization=star-charts'), await finds('q=charts')]).toEqual([true, true]);
    expect(await finds('specialization=images')).toBe(true);

    await app.api.patch('/v1/agents/me', { a2a_agent_card_url: null }, { key: agent.key });
    await settled();
    expect(await shown()).toEqual([own, []]);
    expect([await finds('specialization=star-charts'), await finds('q=charts')]).toEqual([false, false]);
  });

  it('are read of the verified alone, and of the suspended no more', async () => {
    const host = await aHost([{ id: 'content' }]);
    const agent = await anAgent(app, { a2a_agent_card_url: host.url });
    await settled();
    expect(host.requests).toEqual([]);
    expect(await cardOf(agent)).toMatchObject({ error: 'no_agent_card' });
    await verify(app, agent);
    await settled();
    expect(host.requests).toHaveLength(1);

    const decide = (act: string) =>
      app.api.post(`/v1/admin/agents/${agent.id}/${act}`, { reason: 'A story' }, { key: OPERATOR_KEY });
    await decide('suspend');
    await advance(app, 2 * DAY_S);
    expect(host.requests).toHaveLength(1);
    await decide('reinstate');
    await settled();
    expect(host.requests).toHaveLength(2);
  });

  it('are read again each day, and when the address changes', async () => {
    const host = await aHost([{ id: 'content' }]);
    const agent = await aVerifiedAgent(app, { a2a_agent_card_url: host.url });
    await settled();
    host.shown.behave = answering(200, { skills: [{ id: 'images' }] });
    await advance(app, DAY_S - HOUR_S);
    expect((await cardOf(agent)).skills).toEqual(['content']);
    await advance(app, HOUR_S);
    expect((await cardOf(agent)).skills).toEqual(['images']);

    const patch = (fields: unknown) => app.api.patch('/v1/agents/me', fields, { key: agent.key });
    await patch({ description: 'The same address.' });
    await settled();
    expect(host.requests).toHaveLength(2);
    const other = await aHost([{ id: 'video' }]);
    await patch({ a2a_agent_card_url: other.url });
    await settled();
    expect(await cardOf(agent)).toMatchObject({ url: other.url, skills: ['video'] });
    await patch({ a2a_agent_card_url: null });
    await settled();
    expect(await cardOf(agent)).toMatchObject({ error: 'no_agent_card' });
  });

  it.each<[string, Behaviour, string]>([
    ['is not there', answering(404, {}), 'It answered 404.'],
    ['is elsewhere', answering(302, {}), 'It answered 302.'],
    ['is none', answering(200, { name: 'x' }), 'What it answered is no A2A agent card of at most 64 KiB.'],
    [
      'is too long',
      answering(200, { skills: [{ id: 'video', text: 'x'.repeat(70_000) }] }),
      'What it answered is no A2A agent card of at most 64 KiB.',
    ],
    [
      'breaks off',
      (response) => response.destroy(),
      'The connection was closed before the answer was complete.',
    ],
  ])(
    'that cannot be read stay what they were, and are asked for ever more seldom: one that %s',
    async (_, behave, error) => {
      const host = await aHost([{ id: 'content' }]);
      const agent = await aVerifiedAgent(app, { a2a_agent_card_url: host.url });
      await settled();
      host.shown.behave = behave;
      await advance(app, DAY_S);
      expect(await cardOf(agent)).toMatchObject({ skills: ['content'], error });
      await advance(app, 15 * DAY_S);
      // After an hour, six, a day, three days, and then once a week.
      expect(host.requests).toHaveLength(2 + 5);
      host.shown.behave = answering(200, { skills: [{ id: 'content' }] });
      await advance(app, 7 * DAY_S);
      expect(await cardOf(agent)).toMatchObject({ skills: ['content'], error: null });
    },
  );

  it('of another address do not become those of the new one while they are being read', async () => {
    const other = await aHost([{ id: 'images' }]);
    const host = await aHost([]);
    const agent = await aVerifiedAgent(app);
    host.shown.behave = async (response) => {
      await app.api.patch('/v1/agents/me', { a2a_agent_card_url: other.url }, { key: agent.key });
      await until('the new address is followed', async () => (await cardOf(agent)).url === other.url);
      answering(200, { skills: [{ id: 'content' }] })(response);
    };
    await app.api.patch('/v1/agents/me', { a2a_agent_card_url: host.url }, { key: agent.key });
    await until('the new card is read', async () => (await cardOf(agent)).skills?.length > 0);
    expect(await cardOf(agent)).toMatchObject({ url: other.url, skills: ['images'] });
  });

  it('are no way to this server itself', async () => {
    const agent = await aVerifiedAgent(app);
    await queryAs(app.database.ownerUrl, 'UPDATE agents SET a2a_card_url = $2 WHERE id = $1', [
      agent.id,
      `${app.baseUrl}/v1/agents`,
    ]);
    await app.api.patch('/v1/agents/me', { description: 'x' }, { key: agent.key });
    await settled();
    expect((await cardOf(agent)).error).toMatch(/address/);
  });
});
