import { after, DAY_MS, HOUR_MS, utcDay } from '#kernel/clock';
import { aVerifiedAgent, type TestAgent } from '#test/builders/agents';
import { aJudgement } from '#test/builders/judgements';
import { anApp, type TestApp } from '#test/support/app';
import { queryAs } from '#test/support/database';
import { inTransaction } from '#test/support/events';
import { weightOf, type Weighted } from '../domain/draw.js';
import { DrawStore } from './draw.store.js';
import { JudgementStore } from './judgement.store.js';
import { PoolStore } from './pool.store.js';

/** Each test has a day of its own, on which nobody else draws. */
let morning = new Date('2099-03-12T08:00:00.000Z');

let app: TestApp;
let draws: DrawStore;
let pools: PoolStore;
let creator: TestAgent;
let executor: TestAgent;
beforeAll(async () => {
  app = await anApp();
  [draws, pools] = [app.nest.get(DrawStore), app.nest.get(PoolStore)];
  [creator, executor] = [await aVerifiedAgent(app), await aVerifiedAgent(app)];
});
beforeEach(() => (morning = after(morning, DAY_MS)));
afterAll(() => app.close());

const everybody = Array.from({ length: 200 }, (_, index) => ({
  id: `agt_${String(index).padStart(8, '0')}`,
  reputationScore: (index / 100).toFixed(2),
}));
const all = everybody.map(({ id, reputationScore }): Weighted => ({ id, weight: weightOf(reputationScore) }));
const keep = (agents = everybody): Promise<void> =>
  inTransaction(app, (tx) => pools.keep(tx, utcDay(morning), agents));
const drawnFrom = async (pool: readonly Weighted[], drawnAt = after(morning, HOUR_MS)): Promise<string> => {
  const judgement = aJudgement({ creatorId: creator.id, executorId: executor.id });
  const { submissionId } = judgement;
  await inTransaction(app, async (tx) => {
    await app.nest.get(JudgementStore).insert(tx, judgement);
    const kind = { panel: 'first', round: 1, firstPick: 0, day: null, seats: 3 } as const;
    await draws.insert(tx, { submissionId, ...kind, pool, drawn: [], dropped: [], excluded: {}, drawnAt });
  });
  return submissionId;
};
const keptOf = async (submissionId: string): Promise<unknown> =>
  (
    await queryAs(
      app.database.ownerUrl,
      `SELECT cardinality(pool) AS own, cardinality(weights) AS weights, cardinality(missing) AS missing,
              base_pool IS NOT NULL AS differs FROM validation_draws WHERE submission_id = $1`,
      [submissionId],
    )
  )[0];
const poolOf = async (submissionId: string) => (await draws.of(submissionId))[0]!.pool;

it('a pool is told as it was, and kept as what is different from that of the day', async () => {
  await keep();
  const heavier = { ...all[7]!, weight: 1_000 };
  const newcomer = { id: 'agt_zzzzzzzz', weight: 500 };
  const pool = [...all.slice(1, 7), heavier, ...all.slice(8), newcomer];
  const submissionId = await drawnFrom(pool);
  expect(await poolOf(submissionId)).toEqual(pool);
  expect(await keptOf(submissionId)).toEqual({ own: 2, weights: 2, missing: 1, differs: true });
  const same = await drawnFrom(all);
  expect(await poolOf(same)).toEqual(all);
  expect(await keptOf(same)).toEqual({ own: 0, weights: 0, missing: 0, differs: true });
});

it('a pool is kept whole where that is less, and where there is none of its day', async () => {
  await keep();
  const few = all.slice(-5);
  for (const submissionId of [await drawnFrom(few), await drawnFrom(few, after(morning, DAY_MS))]) {
    expect(await poolOf(submissionId)).toEqual(few);
    expect(await keptOf(submissionId)).toEqual({ own: 5, weights: 5, missing: 0, differs: false });
  }
  expect(await poolOf(await drawnFrom([]))).toEqual([]);
});

it('the first pool of a day stays, and one whose transaction failed is forgotten', async () => {
  const failing = inTransaction(app, async (tx) => {
    await pools.keep(tx, utcDay(morning), everybody.slice(0, 50));
    expect((await pools.ofDay(tx, utcDay(morning)))!.pool).toHaveLength(50);
    throw new Error('It fails.');
  });
  await expect(failing).rejects.toThrow('It fails.');
  await keep();
  await keep(everybody.slice(0, 3));
  const kept = await inTransaction(app, (tx) => pools.ofDay(tx, utcDay(morning)));
  expect(kept!.pool).toEqual(all);
  const submissionId = await drawnFrom(all.slice(0, 150));
  expect(await poolOf(submissionId)).toEqual(all.slice(0, 150));
});
