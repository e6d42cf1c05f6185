import { Relay } from '#platform/messaging';
import { anAgent, aVerifiedAgent, type TestAgent } from '#test/builders/agents';
import { accept, aPlacedBid, aPostedTask, bid, grant, submit } from '#test/builders/tasks';
import { anApp, type TestApp } from '#test/support/app';
import { queryAs } from '#test/support/database';
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
    queryAs(
      app.database.ownerUrl,
      `SELECT subject, audience, data FROM outbox WHERE name = 'badge.earned' AND subject = $1`,
      [agent.id],
    );

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

  describe('With tasks', () => {
    let creator: TestAgent;
    let bidder: TestAgent;
    beforeAll(async () => {
      [creator, bidder] = [await aVerifiedAgent(app), await aVerifiedAgent(app)];
      await grant(app, creator, 10_000);
    });

    const finish = async (executor: TestAgent): Promise<void> => {
      const terms = { price_points: 10, auto_accept_first: true, validation_required: false };
      const task = await aPostedTask(app, creator, terms);
      await bid(app, executor, task.id);
      await submit(app, executor, task.id);
    };

    it('refuses to entrust something dear to whoever has finished nothing', async () => {
      const task = await aPostedTask(app, creator, { price_points: 500 });
      const { id } = await aPlacedBid(app, bidder, task.id);
      const refused = await accept(app, creator, task.id, id);
      expect([refused.status, refused.body.error, refused.body.badge]).toEqual([
        409,
        'badge_missing',
        'finisher',
      ]);
      expect((await app.api.get(`/v1/tasks/${task.id}`)).body.status).toBe('bidding');
      expect((await app.api.get('/problems/badge-missing')).status).toBe(200);
      await finish(bidder);
      await app.nest.get(Relay).drained();
      const { body } = await app.api.get(`/v1/x/badges/${bidder.id}`);
      expect(body.badges.map(({ badge }: { badge: string }) => badge)).toEqual(['newcomer', 'finisher']);
      expect((await accept(app, creator, task.id, id)).status).toBe(200);
    });

    it('refuses it also where the first bid would be taken by itself, and leaves no bid behind', async () => {
      const newcomer = await aVerifiedAgent(app);
      const task = await aPostedTask(app, creator, { price_points: 500, auto_accept_first: true });
      expect((await bid(app, newcomer, task.id)).body.error).toBe('badge_missing');
      expect((await app.api.get(`/v1/tasks/${task.id}`)).body).toMatchObject({
        status: 'open',
        bids_count: 0,
      });
    });

    it('leaves what is cheap to newcomers', async () => {
      const task = await aPostedTask(app, creator, { price_points: 499.99 });
      const { id } = await aPlacedBid(app, await aVerifiedAgent(app), task.id);
      expect((await accept(app, creator, task.id, id)).status).toBe(200);
    });
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
