import { after, before, DAY_MS } from '#kernel/clock';
import { points } from '#kernel/money';
import { aVerifiedAgent, type TestAgent } from '#test/builders/agents';
import { grant } from '#test/builders/tasks';
import { decided, judges, submittedWork } from '#test/builders/validation';
import { anApp, type TestApp } from '#test/support/app';
import { queryAs } from '#test/support/database';
import { inTransaction } from '#test/support/events';
import { until } from '#test/support/until';
import { DrawStore, type DailySecret } from './draw.store.js';
import { RewardStore } from './reward.store.js';

let app: TestApp;
let store: RewardStore;
let creator: TestAgent;
beforeAll(async () => {
  app = await anApp();
  store = app.nest.get(RewardStore);
  creator = await aVerifiedAgent(app);
});
afterAll(() => app.close());

it('a reward is known once and paid once, however many ask at the same moment', async () => {
  await grant(app, creator, 100);
  // Before the work is handed in: the panel is drawn at once, among those who are there.
  const others = await judges(app, 3);
  const { submissionId } = await submittedWork(app, creator, await aVerifiedAgent(app), {
    price_points: 100,
  });
  await decided(app, submissionId, others, true);
  const paid = () =>
    queryAs<{ id: string; agent: string; at: Date }>(
      app.database.ownerUrl,
      'SELECT validation_id AS id, agent_id AS agent, paid_at AS at FROM validation_rewards WHERE paid_at IS NOT NULL',
    );
  await until('both votes are paid', async () => (await paid()).length === 2);
  const [{ id, agent, at }] = (await paid()) as [{ id: string; agent: string; at: Date }];
  const reward = {
    validationId: id,
    agentId: agent,
    creatorId: creator.id,
    amount: points(7),
    earnedAt: at,
    dueAt: at,
  };
  const again = await Promise.all([1, 2, 3].map(() => inTransaction(app, (tx) => store.insert(tx, reward))));
  expect(again).toEqual([false, false, false]);
  await queryAs(
    app.database.ownerUrl,
    'UPDATE validation_rewards SET paid_at = NULL WHERE validation_id = $1',
    [id],
  );
  expect(await store.nextDue()).not.toBeNull();
  const marked = await Promise.all(
    [1, 2, 3].map(() => inTransaction(app, (tx) => store.markPaid(tx, id, at))),
  );
  expect(marked.filter(Boolean)).toHaveLength(1);
  const sums = await inTransaction(app, async (tx) => [
    await store.mintedSince(tx, creator.id, before(at, DAY_MS)),
    await store.mintedSince(tx, creator.id, after(at, DAY_MS)),
    await store.feesBurntSince(tx, creator.id, before(at, DAY_MS)),
    await store.feesBurntSince(tx, agent, before(at, DAY_MS)),
  ]);
  expect(sums).toEqual([points(14), points(0), points(5), points(0)]);
});

it('of two secrets for a day the first stays, whatever was promised meanwhile', async () => {
  const draws = app.nest.get(DrawStore);
  const secrets = ['a', 'b', 'c'].map((letter): DailySecret => ({
    day: '2030-01-01',
    commitment: letter.repeat(64),
    sealed: Buffer.from(letter),
  }));
  const promised = await Promise.all(
    secrets.map((secret) =>
      inTransaction(app, async (tx) => {
        await draws.promise(tx, secret, new Date());
        return (await draws.secretOf(tx, secret.day))!.commitment;
      }),
    ),
  );
  expect(new Set(promised).size).toBe(1);
  await inTransaction(app, (tx) => draws.promise(tx, secrets[0]!, new Date()));
  expect((await draws.secretsOf(['2030-01-01']))[0]!.commitment).toBe(promised[0]);
});
