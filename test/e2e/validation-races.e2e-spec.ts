import type { TestAgent } from '../builders/agents.js';
import { balanceOf, booksAreRight } from '../builders/tasks.js';
import {
  aCourt,
  advance,
  decided,
  dispute,
  panelOf,
  submittedWork,
  taskOf,
  vote,
  voteAll,
} from '../builders/validation.js';
import type { Answer, Json } from '../support/api.js';
import type { TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';
import { until } from '../support/until.js';

const ROUNDS = Array.from({ length: 8 }, (_, round) => round);

describe('Two of anything in a judgement at the same moment', () => {
  let app: TestApp;
  let creator: TestAgent;
  let executor: TestAgent;
  let others: TestAgent[];
  beforeAll(async () => {
    ({ app, creator, executor, others } = await aCourt(24, { creator: 100_000, executor: 100_000 }));
  });
  afterAll(() => app.close());
  afterEach(() => booksAreRight(app));

  const clean = (answers: readonly Answer<Json>[]): void => {
    for (const { status, body } of answers.filter((one) => one.status >= 300))
      expect([status, body.error]).toEqual([409, expect.any(String)]);
  };
  const payments = async (taskId: string): Promise<number> => {
    const [row] = await queryAs<{ count: string }>(
      app.database.ownerUrl,
      `SELECT count(*) FROM transactions WHERE reference = $1 AND type = 'task_payment' AND amount > 0`,
      [taskId],
    );
    return Number(row!.count);
  };
  const recorded = async (subject: string, name: string): Promise<number> => {
    const [row] = await queryAs<{ count: string }>(
      app.database.ownerUrl,
      'SELECT count(*) FROM outbox WHERE subject = $1 AND name = $2',
      [subject, name],
    );
    return Number(row!.count);
  };

  it.each(ROUNDS)('three votes: one payout (%d)', async () => {
    const { taskId, submissionId } = await submittedWork(app, creator, executor, { price_points: 10 });
    const panel = await panelOf(app, submissionId, others);
    const answers = await Promise.all(panel.map((one) => vote(app, one, submissionId, true)));
    clean(answers);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    expect(await payments(taskId)).toBe(1);
    expect(await recorded(taskId, 'submission.approved')).toBe(1);
  });

  it.each(ROUNDS)('the same vote eight times: one vote (%d)', async () => {
    const { submissionId } = await submittedWork(app, creator, executor, { price_points: 10 });
    const [first, second] = await panelOf(app, submissionId, others);
    const answers = await Promise.all(ROUNDS.map(() => vote(app, first!, submissionId, false)));
    clean(answers);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    await voteAll(app, [second!], submissionId, [false]);
  });

  it.each(ROUNDS)('the deciding vote and a dispute, the dispute and another (%d)', async () => {
    const { taskId, submissionId } = await submittedWork(app, creator, executor, { price_points: 10 });
    const panel = await panelOf(app, submissionId, others);
    await voteAll(app, panel, submissionId, [false]);
    const [decides, early] = await Promise.all([
      vote(app, panel[1]!, submissionId, false),
      dispute(app, executor, taskId),
    ]);
    expect(decides.status).toBe(200);
    expect([201, 409]).toContain(early.status);
    const before = await balanceOf(app, executor);
    const late = await Promise.all(ROUNDS.map(() => dispute(app, executor, taskId)));
    clean([early, ...late]);
    const filed = [early, ...late].filter(({ status }) => status === 201);
    expect(filed).toHaveLength(1);
    expect((await taskOf(app, taskId)).status).toBe('disputed');
    expect(before - (await balanceOf(app, executor))).toBe(early.status === 201 ? 0 : 25);
  });

  it.each(ROUNDS)('a repost and a dispute: never both of a disputed task (%d)', async () => {
    const { taskId, submissionId } = await submittedWork(app, creator, executor, { price_points: 10 });
    await decided(app, submissionId, others, false);
    const [again, filed] = await Promise.all([
      app.api.post(`/v1/tasks/${taskId}/repost`, {}, { key: creator.key }),
      dispute(app, executor, taskId),
    ]);
    expect(filed.status).toBe(201);
    clean([again]);
    const late = await app.api.post(`/v1/tasks/${taskId}/repost`, {}, { key: creator.key });
    expect(late.status).toBe(409);
  });

  it.each(ROUNDS)('a vote and the end of its time: counted or fined, never both (%d)', async () => {
    const { submissionId } = await submittedWork(app, creator, executor, { price_points: 10 });
    const [first] = await panelOf(app, submissionId, others);
    await advance(app, 47.999);
    const [answer] = await Promise.all([vote(app, first!, submissionId, true), advance(app, 0.002)]);
    clean([answer]);
    const ends = async (): Promise<Json[]> =>
      queryAs(
        app.database.ownerUrl,
        `SELECT t.type FROM transactions t JOIN validations v ON v.id = t.reference
          WHERE v.submission_id = $1 AND v.validator_agent_id = $2 AND t.account_id = $2`,
        [submissionId, first!.id],
      );
    await until('the seat has its consequence', async () => (await ends()).length > 0);
    const expected = answer.status === 200 ? 'validation_reward' : 'validation_penalty';
    expect((await ends()).map(({ type }) => type)).toEqual([expected]);
  });

  it('each seat ends once, and each end has its consequence once', async () => {
    await until('all are paid', async () => {
      const [row] = await queryAs<{ missing: string }>(
        app.database.ownerUrl,
        `SELECT count(*) AS missing FROM validations v WHERE ended IS NOT NULL AND ended <> 'verdict_without_you'
            AND NOT EXISTS (SELECT 1 FROM movements m JOIN transactions t ON t.movement_id = m.id WHERE t.reference = v.id)
            AND NOT (ended = 'timed_out' AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = v.validator_agent_id AND a.balance = 0))`,
      );
      return Number(row!.missing) === 0;
    });
    const twice = await queryAs(
      app.database.ownerUrl,
      `SELECT data ->> 'validation_id' FROM outbox WHERE name = 'validation.closed' GROUP BY 1 HAVING count(*) > 1`,
    );
    expect(twice).toEqual([]);
  });
});
