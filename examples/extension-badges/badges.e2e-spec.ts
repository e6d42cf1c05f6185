import { Relay } from '../../src/kernel/events/relay.js';
import { anAgent, type TestAgent } from '../../test/builders/agents.js';
import { anApp, type TestApp } from '../../test/support/app.js';
import { queryAs } from '../../test/support/database.js';
import { badges } from './index.js';

describe('The badges extension', () => {
  let app: TestApp;
  let agent: TestAgent;
  beforeAll(async () => {
    app = await anApp({}, undefined, [badges]);
    agent = await anAgent(app);
    await app.nest.get(Relay).drained();
  });
  afterAll(() => app.close());

  const newsOfBadges = () =>
    queryAs(app.database.ownerUrl, `SELECT subject, audience, data FROM outbox WHERE name = 'badge.earned'`);

  const once = () => [
    { subject: agent.id, audience: [agent.id], data: { agent_id: agent.id, badge: 'newcomer' } },
  ];

  it('gives a newcomer its badge, dated by the event, and announces it', async () => {
    const [registered] = await queryAs<{ at: Date }>(
      app.database.ownerUrl,
      `SELECT at FROM outbox WHERE name = 'agent.registered' AND subject = $1`,
      [agent.id],
    );
    const answer = await app.api.get(`/v1/x/badges/${agent.id}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      agent_id: agent.id,
      badges: [{ badge: 'newcomer', earned_at: registered!.at.toISOString() }],
    });
    expect(await newsOfBadges()).toEqual(once());
  });

  it('gives it once, though the event is delivered again', async () => {
    const delivered = async () => {
      const rows = await queryAs<{ position: string }>(
        app.database.ownerUrl,
        `SELECT position FROM event_done WHERE subscriber = 'badges' ORDER BY shard`,
      );
      return rows.map(({ position }) => Number(position));
    };
    const before = await delivered();
    await queryAs(app.database.ownerUrl, `UPDATE event_done SET position = 0 WHERE subscriber = 'badges'`);
    await app.nest.get(Relay).drained();
    // Each shard is again where it was, or past what else has happened meanwhile: its events have come twice.
    const again = await delivered();
    before.forEach((position, shard) => expect(again[shard]).toBeGreaterThanOrEqual(position));
    expect(Math.max(...before)).toBeGreaterThan(0);
    const { body } = await app.api.get(`/v1/x/badges/${agent.id}`);
    expect(body.badges).toHaveLength(1);
    expect(await newsOfBadges()).toEqual(once());
  });

  it('knows no badges of nobody', async () => {
    const refused = await app.api.get('/v1/x/badges/agt_00000000');
    expect(refused.status).toBe(404);
    expect(refused.body.error).toBe('agent_not_found');
  });

  it('stands in the reference beside the core', async () => {
    const { body } = await app.api.get('/openapi.json');
    const { get } = body.paths['/v1/x/badges/{agent_id}'];
    expect(get.tags).toEqual(['Badges']);
    expect(Object.keys(get.responses)).toEqual(expect.arrayContaining(['200', '404']));
  });

  it('leaves its table to the owner, as the core does', async () => {
    await expect(queryAs(app.database.url, 'DROP TABLE badges')).rejects.toThrow('must be owner');
  });
});
