import type { TestAgent } from '../builders/agents.js';
import { wrapUp } from '../builders/tasks.js';
import {
  aCourt,
  advance,
  operate,
  panelOf,
  submittedWork,
  taskOf,
  vote,
  voteAll,
} from '../builders/validation.js';
import type { TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';

describe('Votes that meet each other, seven judges, and an operator', () => {
  let app: TestApp;
  let creator: TestAgent;
  let executor: TestAgent;
  let others: TestAgent[];
  beforeEach(async () => {
    ({ app, creator, executor, others } = await aCourt(8, { creator: 1_000 }));
  });
  afterEach(() => wrapUp(app));

  it('of two opposite votes of one judge at once one counts, and the other is told so', async () => {
    const { submissionId } = await submittedWork(app, creator, executor);
    const [first] = await panelOf(app, submissionId, others);
    const answers = await Promise.all(
      [true, false, true, false].map((approved) => vote(app, first!, submissionId, approved)),
    );
    const [counted] = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.map(({ body }) => body.error)).toEqual(Array(3).fill('already_voted'));
    const { validations } = (await app.api.get(`/v1/validations/${submissionId}/result`, { key: first!.key }))
      .body;
    expect(validations).toMatchObject([{ approved: counted!.body.approved }]);
  });

  it('seven decide by five, where more than 500 are verified', async () => {
    await queryAs(
      app.database.ownerUrl,
      `INSERT INTO agents (id, name, status, reputation_score, api_key_hash, created_at, updated_at)
       SELECT 'agt_crowd' || to_char(n, 'FM000'), 'One of many', 'verified', 0, '\\x00', $1, $1 FROM generate_series(1, 495) n`,
      [new Date()],
    );
    // The crowd has no keys: it is counted, but judges badly, so that those who can vote are drawn.
    await queryAs(
      app.database.ownerUrl,
      `INSERT INTO validator_standings (agent_id, judged, correct) SELECT id, 20, 0 FROM agents WHERE id LIKE 'agt_crowd%'`,
    );
    const { taskId, submissionId } = await submittedWork(app, creator, executor, { price_points: 100 });
    const panel = await panelOf(app, submissionId, others, 7);
    await voteAll(app, panel, submissionId, [true, false, true, false, true, true]);
    expect((await taskOf(app, taskId)).status).toBe('validating');
    await voteAll(app, [panel[6]!], submissionId, [true]);
    expect((await taskOf(app, taskId)).status).toBe('completed');
    const { body } = await app.api.get(`/v1/validations/${submissionId}/result`);
    expect(body).toMatchObject({ seats: 7, quorum: 5, votes_for: 5, votes_against: 2 });
  });

  it('two operators decide at once: one does, the other is told that nothing waits', async () => {
    for (const one of others.slice(1)) await operate(app, `agents/${one.id}/suspend`, {});
    const { taskId, submissionId } = await submittedWork(app, creator, executor);
    const [only] = await panelOf(app, submissionId, others, 1);
    await voteAll(app, [only!], submissionId, [false]);
    await advance(app, 49);
    const answers = await Promise.all(
      [true, false].map((approved) => operate(app, `submissions/${submissionId}/decide`, { approved })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    const outcome = answers.find(({ status }) => status === 200)!.body.outcome;
    expect((await taskOf(app, taskId)).status).toBe(outcome === 'approved' ? 'completed' : 'cancelled');
  });
});
