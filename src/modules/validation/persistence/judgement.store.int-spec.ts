import { after, DAY_MS, HOUR_MS } from '#kernel/clock';
import type { Tx } from '#kernel/tx';
import { aVerifiedAgent, type TestAgent } from '#test/builders/agents';
import { aJudgement } from '#test/builders/judgements';
import { anApp, type TestApp } from '#test/support/app';
import { queryAs } from '#test/support/database';
import { inTransaction } from '#test/support/events';
import type { LockedJudgement } from '../domain/change.js';
import type { Judgement } from '../domain/judgement.js';
import type { Seat } from '../domain/panel.js';
import { CandidateStore } from './candidate.store.js';
import { JudgementStore } from './judgement.store.js';

/** Far off, so that nothing of it is due while the application runs. */
const NOON = new Date('2099-03-12T12:00:00.000Z');

let app: TestApp;
let store: JudgementStore;
let candidates: CandidateStore;
let creator: TestAgent;
let executor: TestAgent;
beforeAll(async () => {
  app = await anApp();
  [store, candidates] = [app.nest.get(JudgementStore), app.nest.get(CandidateStore)];
  [creator, executor] = [await aVerifiedAgent(app), await aVerifiedAgent(app)];
});
afterAll(() => app.close());

const ofOurs = (): Judgement =>
  aJudgement({ creatorId: creator.id, executorId: executor.id, openedAt: NOON });
const aSeat = (judgement: Judgement, agentId: string): Omit<Seat, 'id'> => ({
  submissionId: judgement.submissionId,
  agentId,
  panel: 'first',
  round: 1,
  approved: null,
  feedback: null,
  scores: null,
  votedAt: null,
  assignedAt: NOON,
  deadline: after(NOON, 2 * DAY_MS),
  end: null,
  endedAt: null,
});
const run = <T>(act: (tx: Tx) => Promise<T>): Promise<T> => inTransaction(app, act);
const seated = (agentIds: readonly string[], judgement = ofOurs()): Promise<LockedJudgement> =>
  run(async (tx) => {
    await store.insert(tx, judgement);
    const seats: Seat[] = [];
    for (const id of agentIds) seats.push(store.seat(tx, aSeat(judgement, id)));
    await store.save(tx, { judgement, seats }, NOON);
    return { judgement, seats };
  });
const judged = async (agentId: string, right: boolean, at = NOON): Promise<void> => {
  const { seats } = await seated([agentId]);
  await run(async (tx) => {
    await store.end(tx, [{ ...seats[0]!, approved: true, end: 'agreed' }], at);
    await store.judge(tx, [{ id: seats[0]!.id, agentId, wasRight: right }]);
  });
};
const standing = async (agentId: string): Promise<unknown> =>
  (
    await queryAs(
      app.database.ownerUrl,
      'SELECT judged, correct FROM validator_standings WHERE agent_id = $1',
      [agentId],
    )
  )[0];
const unreliable = (): Promise<Map<string, boolean[]>> => run((tx) => candidates.outcomesOfTheUnreliable(tx));

it('there is one judgement of a submission, whoever is first, and nobody sits twice on it', async () => {
  const judgement = ofOurs();
  const inserted = await Promise.all([1, 2, 3].map(() => run((tx) => store.insert(tx, judgement))));
  expect(inserted.filter(Boolean)).toHaveLength(1);
  const held = await seated([creator.id]);
  await expect(run(async (tx) => store.seat(tx, aSeat(held.judgement, creator.id)))).rejects.toThrow(
    /unique_validator_per_submission/,
  );
});

it('the database refuses a judgement that nothing would ever move on, and one that is over and due', async () => {
  const { judgement } = await seated([creator.id]);
  await expect(run((tx) => store.save(tx, { judgement, seats: [] }, NOON))).rejects.toThrow(
    /judgements_go_on/,
  );
  const decided = { status: 'decided', outcome: 'approved', decidedBy: 'panel', decidedAt: NOON } as const;
  await run((tx) => store.save(tx, { judgement: { ...judgement, ...decided }, seats: [] }, NOON));
  await expect(
    queryAs(app.database.ownerUrl, 'UPDATE judgements SET due_at = $2 WHERE submission_id = $1', [
      judgement.submissionId,
      NOON,
    ]),
  ).rejects.toThrow(/judgements_go_on/);
});

it('whoever waits for the lock sees the vote that was cast meanwhile', async () => {
  const { judgement, seats } = await seated([creator.id, executor.id]);
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  let tell = (): void => {};
  const locked = new Promise<void>((resolve) => (tell = resolve));
  const first = run(async (tx) => {
    await store.lock(tx, judgement.submissionId);
    tell();
    await released;
    await store.vote(tx, { ...seats[0]!, approved: true, votedAt: NOON });
  });
  await locked;
  const second = run((tx) => store.lock(tx, judgement.submissionId));
  release();
  await first;
  expect((await second).seats.filter(({ approved }) => approved === true)).toHaveLength(1);
});

it('what is due comes in its order, and what is over never', async () => {
  const late = await seated([creator.id]);
  const early = await seated([creator.id]);
  const seats = [{ ...early.seats[0]!, deadline: after(NOON, -HOUR_MS) }];
  await run((tx) => store.save(tx, { ...early, seats }, NOON));
  const due = await store.due(after(NOON, 2 * DAY_MS), 100);
  expect(due.indexOf(early.judgement.submissionId)).toBeLessThan(due.indexOf(late.judgement.submissionId));
  expect(await store.nextDue()).toEqual(after(NOON, -HOUR_MS));
});

describe('How often somebody was right of late', () => {
  it('is counted over the last twenty, and known of the unreliable alone', async () => {
    const { id } = await aVerifiedAgent(app);
    for (let time = 0; time < 4; time++) await judged(id, false, after(NOON, time));
    expect(await standing(id)).toEqual({ judged: 4, correct: 0 });
    expect((await unreliable()).has(id)).toBe(false);
    await judged(id, true, after(NOON, 5));
    expect((await unreliable()).get(id)).toEqual([true, false, false, false, false]);
    for (let time = 0; time < 17; time++) await judged(id, true, after(NOON, 10 + time));
    expect(await standing(id)).toEqual({ judged: 20, correct: 18 });
    expect((await unreliable()).has(id)).toBe(false);
  });

  it('follows a silence and what an overturned verdict makes of a vote', async () => {
    const { id } = await aVerifiedAgent(app);
    const { seats } = await seated([id]);
    await run((tx) => store.end(tx, [{ ...seats[0]!, end: 'timed_out' }], NOON));
    expect(await standing(id)).toEqual({ judged: 1, correct: 0 });
    await run((tx) => store.judge(tx, [{ id: seats[0]!.id, agentId: id, wasRight: true }]));
    expect(await standing(id)).toEqual({ judged: 1, correct: 1 });
  });

  it('misses nothing when many verdicts come at once', async () => {
    const [one, two] = [await aVerifiedAgent(app), await aVerifiedAgent(app)];
    const held = await Promise.all(Array.from({ length: 12 }, () => seated([one.id, two.id])));
    await Promise.all(
      held.map(({ seats }, index) =>
        run(async (tx) => {
          const ended = seats.map((seat) => ({ ...seat, approved: true, end: 'agreed' as const }));
          await store.end(tx, ended, NOON);
          const rights = seats.map(({ id, agentId }) => ({ id, agentId, wasRight: index % 3 === 0 }));
          await store.judge(tx, index % 2 === 0 ? rights : rights.toReversed());
        }),
      ),
    );
    for (const { id } of [one, two]) expect(await standing(id)).toEqual({ judged: 12, correct: 4 });
  });
});

it('busy is who has more seats to vote on than so many', async () => {
  const { id } = await aVerifiedAgent(app);
  const held: LockedJudgement[] = [];
  for (let time = 0; time < 4; time++) held.push(await seated([id]));
  const busy = () => run((tx) => candidates.busy(tx, 3));
  expect((await busy()).get(id)).toBe(4);
  await run((tx) => store.vote(tx, { ...held[0]!.seats[0]!, approved: false, votedAt: NOON }));
  expect((await busy()).has(id)).toBe(false);
});
