import * as fc from 'fast-check';
import { type News, ReputationService, ReputationSubscriber } from '#modules/reputation';
import { UnitOfWork } from '#platform/database';
import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import { reputation } from '../builders/validation.js';
import type { Json } from '../support/api.js';
import { anApp, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';

const AT = new Date('2026-03-12T12:00:00.000Z');
const AT_ONCE = 6;

/** What may become of work, in hundredths of a reputation. */
const LIVES = {
  approved: { executor: 5, creator: 0, completions: 1 },
  rejected: { executor: -10, creator: 0, completions: 0 },
  // The approval is undone, the work rejected, the dispute lost.
  approval_overturned: { executor: -30, creator: 0, completions: 0 },
  // The rejection is undone, the work approved; the creator has lost.
  rejection_overturned: { executor: 5, creator: -20, completions: 1 },
  approval_upheld: { executor: 5, creator: -20, completions: 1 },
  rejection_upheld: { executor: -30, creator: 0, completions: 0 },
} as const;
type Life = keyof typeof LIVES;

function inBatches<T>(all: readonly T[], size: () => number): T[][] {
  const batches: T[][] = [];
  for (let at = 0; at < all.length; at += batches.at(-1)!.length) batches.push(all.slice(at, at + size()));
  return batches;
}

describe('Reputation follows the news', () => {
  let app: TestApp;
  let creator: TestAgent;
  let executor: TestAgent;
  beforeAll(async () => {
    app = await anApp();
    creator = await aVerifiedAgent(app);
    executor = await aVerifiedAgent(app);
  });
  afterAll(() => app.close());

  const read = async ({ id }: TestAgent): Promise<Json> =>
    (await app.api.get(`/v1/agents/${id}/reputation`)).body;
  const inHundredths = async (agent: TestAgent): Promise<number> =>
    Math.round((await reputation(app, agent)) * 100);
  const summed = async (agent: TestAgent): Promise<number> =>
    ((await read(agent)).breakdown as Json[]).reduce((sum, { change }) => sum + Math.round(change * 100), 0);

  it('whatever order it comes in, and how often', async () => {
    let subjects = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...(Object.keys(LIVES) as Life[])), { minLength: 1, maxLength: 5 }),
        fc.infiniteStream(fc.nat()),
        async (lives, chance) => {
          for (const one of [creator, executor]) await reputation(app, one, 2.5);
          const before = (await read(executor)).figures.weighted_completions;
          const news = lives.flatMap((life) => newsOf(life, `sub_${String(++subjects).padStart(8, '0')}`));
          const told = [...news, ...news].map((each) => ({ each, place: chance.next().value! }));
          const order = told.toSorted((a, b) => a.place - b.place).map(({ each }) => each);
          const batches = inBatches(order, () => 1 + (chance.next().value! % 4));
          for (let at = 0; at < batches.length; at += AT_ONCE)
            await Promise.all(
              batches
                .slice(at, at + AT_ONCE)
                .map((batch) => app.nest.get(ReputationSubscriber).workEnded(batch)),
            );

          const gained = (who: 'executor' | 'creator') =>
            lives.reduce((sum, life) => sum + LIVES[life][who], 250);
          expect([await inHundredths(executor), await inHundredths(creator)]).toEqual([
            gained('executor'),
            gained('creator'),
          ]);
          const after = (await read(executor)).figures;
          const isMore = lives.some((life) => LIVES[life].completions > 0);
          expect(after.weighted_completions > before).toBe(isMore);
        },
      ),
      { numRuns: Number(process.env['REPUTATION_RUNS'] ?? 20), seed: 20_260_312 },
    );
    for (const one of [creator, executor]) expect(await summed(one)).toBe(await inHundredths(one));
    const noted = await queryAs<{ count: string }>(
      app.database.ownerUrl,
      'SELECT count(*) FROM reputation_completions WHERE NOT overturned',
    );
    expect(Number(noted[0]!.count)).toBeGreaterThan(0);
  }, 60_000);

  it('to the hundredth after hundreds of changes, and no further than 0 and 5', async () => {
    const agent = await aVerifiedAgent(app);
    const service = app.nest.get(ReputationService);
    const work = app.nest.get(UnitOfWork);
    let score = 0;
    for (let time = 0; time < 400; time++) {
      const [cause, delta] =
        time % 40 < 34 ? (['work_approved', 5] as const) : (['dispute_lost', -20] as const);
      await work.run((tx) => service.change(tx, [{ agentId: agent.id, cause, subject: `sub_${time}` }]));
      score = Math.min(500, Math.max(0, score + delta));
    }
    const told = await read(agent);
    expect([told.reputation_score, await summed(agent), told.changes.length]).toEqual([
      score / 100,
      score,
      20,
    ]);
    expect(told.changes[0].score).toBe(score / 100);
  }, 60_000);

  it('and the sandbox, to the letter', async () => {
    const agent = await aVerifiedAgent(app);
    const set = (body: unknown) => app.api.post('/v1/sandbox/reputation', body);
    for (const score of [4.01, 0.29, 5, 0, 1.15]) {
      expect((await set({ agent_id: agent.id, score })).body.reputation_score).toBe(score);
      expect([await reputation(app, agent), await summed(agent)]).toEqual([score, Math.round(score * 100)]);
    }
    for (const score of [-0.01, 5.01, 1.005, '4', null, undefined, 1e21, [], true])
      expect((await set({ agent_id: agent.id, score })).status).toBe(422);
    for (const id of ['agt_zzzzzzzz', '', '\u202E'])
      expect((await set({ agent_id: id, score: 1 })).status).toBe(404);
    for (const id of ['x'.repeat(5_000), 7]) expect((await set({ agent_id: id, score: 1 })).status).toBe(422);
    expect((await set({ agent_id: 'agt_system', score: 1 })).body.reputation_score).toBe(
      (await app.api.get('/v1/agents/agt_system/reputation')).body.reputation_score,
    );
  });

  /** What is told of a piece of work, in the order in which it happens. */
  function newsOf(life: Life, submission_id: string): News[] {
    const verdict = {
      agent_id: executor.id,
      creator_agent_id: creator.id,
      submission_id,
      decided_by: 'panel',
    };
    const isApproved = life.startsWith('appro');
    const name = isApproved ? 'submission.approved' : 'submission.rejected';
    const first = { name, data: verdict, at: AT } as unknown as News;
    if (!life.includes('_')) return [first];
    const overturned = life.endsWith('overturned');
    const data = {
      dispute_id: `dsp_${submission_id.slice(4)}`,
      submission_id,
      creator_agent_id: creator.id,
      executor_agent_id: executor.id,
      overturned,
      contested_decided_by: 'panel',
      resolved_by: 'panel',
      outcome: isApproved === overturned ? 'rejected' : 'approved',
      loser_agent_id: isApproved === overturned ? executor.id : creator.id,
    };
    return [first, { name: 'dispute.resolved', data, at: AT } as unknown as News];
  }
});
