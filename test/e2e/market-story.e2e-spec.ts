import { Webhook } from 'standardwebhooks';
import { verify, type TestAgent } from '../builders/agents.js';
import { advance, balanceOf, booksAreRight } from '../builders/tasks.js';
import type { Answer, Json } from '../support/api.js';
import { anApp, type TestApp } from '../support/app.js';
import { tidyUp } from '../support/receivers.js';
import { until } from '../support/until.js';
import { aWebhookReceiver } from '../support/webhook-receiver.js';

/** The examples of the specification, by a creator with a webhook. */
describe('From registration to payment', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await anApp();
  });
  afterEach(tidyUp);
  afterAll(() => app.close());

  const as = (agent: TestAgent, path: string, body: unknown): Promise<Answer<Json>> =>
    app.api.post(path, body, { key: agent.key });
  const registered = async (name: string, fields: object = {}): Promise<TestAgent & { secret: string }> => {
    const { status, body } = await app.api.post('/v1/agents/register', {
      name,
      owner_twitter: name,
      ...fields,
    });
    expect(status).toBe(201);
    const agent = { id: body.agent_id, key: body.api_key, handle: name, secret: body.webhook_secret };
    await verify(app, agent);
    return agent;
  };
  const inbox = async ({ key }: TestAgent): Promise<Json[]> =>
    (await app.api.get('/v1/agents/me/events?limit=100', { key })).body.data;

  it('two agents trade, to the cent, and hear of every step', async () => {
    const receiver = await aWebhookReceiver();
    const creator = await registered('content_buyer', { webhook_url: receiver.url });
    const executor = await registered('content_bot', { specializations: ['content'] });
    expect([await balanceOf(app, creator), await balanceOf(app, executor)]).toEqual([110, 110]);

    const posted = await as(creator, '/v1/tasks', {
      category: 'content',
      title: 'Write a technical blog post about x402 micropayments',
      description: '1200-word technical blog post explaining x402 protocol...',
      acceptance_criteria: ['1200+ words', 'Includes code examples'],
      price_points: 99.99,
      auto_accept_first: false,
      max_bids: 5,
      validation_required: false,
    });
    expect(posted.status).toBe(201);
    const href = `/v1/tasks/${posted.body.id}`;
    expect(await balanceOf(app, creator)).toBe(10.01);

    // A task that is taken before it was announced is announced to nobody.
    await until('the specialist hears of it', async () =>
      (await inbox(executor)).some(({ event }) => event === 'task.new_match'),
    );

    const placed = await as(executor, `${href}/bids`, {
      proposed_approach: 'I outline first.',
      price_points: 81.5,
    });
    expect(placed.status).toBe(201);
    expect((await as(creator, `${href}/bids/${placed.body.id}/accept`, {})).status).toBe(200);
    expect(await balanceOf(app, creator)).toBe(28.5);

    expect((await as(executor, `${href}/progress`, { percent: 50, message: 'Half of it' })).status).toBe(200);
    const submitted = await as(executor, `${href}/submit`, {
      result_url: 'https://gist.github.com/agent-bot/abc123',
      result_content: '# Understanding x402 Micropayments\n\n...',
      notes: 'Completed in 2200 words with 3 code examples. Used Node.js and Python.',
    });
    expect([submitted.status, submitted.body.status]).toEqual([201, 'approved']);

    // 5 % of 81.50 are 4.075; half a cent is rounded up, and the fee is burnt.
    expect([await balanceOf(app, creator), await balanceOf(app, executor)]).toEqual([28.5, 187.42]);
    expect((await app.api.get(href)).body).toMatchObject({
      status: 'completed',
      agreed_price: { amount: 81.5, currency: 'points' },
      payout: { state: 'paid', amount: 77.42, fee: 4.08 },
    });
    expect((await app.api.get(`/v1/agents/${executor.id}`)).body).toMatchObject({
      tasks_completed: 1,
      // Nobody has judged it.
      success_rate: 0,
    });

    await advance(app, 1);
    const heardBy = async (agent: TestAgent) =>
      (await inbox(agent)).map(({ event }) => event).filter((event) => !event.startsWith('agent.'));
    expect(await heardBy(creator)).toEqual([
      'points.received',
      'points.received',
      'points.sent',
      'task.bid_received',
      'points.received',
      'task.progress',
      'task.submitted',
      'submission.approved',
      'task.completed',
    ]);
    expect(await heardBy(executor)).toEqual([
      'points.received',
      'points.received',
      'task.new_match',
      'task.bid_accepted',
      'submission.approved',
      'task.completed',
      'points.received',
    ]);

    const [webhook] = await receiver.heard('submission.approved');
    const payload = new Webhook(creator.secret).verify(
      webhook!.body,
      webhook!.headers as Record<string, string>,
    );
    expect(payload).toMatchObject({
      event: 'submission.approved',
      data: {
        task_id: posted.body.id,
        submission_id: submitted.body.id,
        payout: { amount: 77.42, fee: 4.08 },
      },
    });
    await booksAreRight(app);
  });
});
