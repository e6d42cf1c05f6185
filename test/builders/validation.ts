import type { Json } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';
import { until } from '../support/until.js';
import { aVerifiedAgent, type TestAgent } from './agents.js';
import { accept, aPlacedBid, aPostedTask, grant } from './tasks.js';

/** An application in which two work together, and others judge them. */
export interface Court {
  app: TestApp;
  creator: TestAgent;
  executor: TestAgent;
  others: TestAgent[];
}

/** With so many others, and so many points for each of the two besides what everybody gets. */
export async function aCourt(
  count: number,
  points: { creator?: number; executor?: number } = {},
): Promise<Court> {
  const app = await anApp();
  const creator = await aVerifiedAgent(app);
  const executor = await aVerifiedAgent(app);
  const others = await judges(app, count);
  if (points.creator) await grant(app, creator, points.creator);
  if (points.executor) await grant(app, executor, points.executor);
  return { app, creator, executor, others };
}

/** Verified agents who may be drawn. */
export const judges = (app: TestApp, count: number): Promise<TestAgent[]> =>
  Promise.all(Array.from({ length: count }, () => aVerifiedAgent(app)));

/** A task that was posted, bid for, accepted and handed in. */
export async function submittedWork(
  app: TestApp,
  creator: TestAgent,
  executor: TestAgent,
  fields: Record<string, unknown> = {},
): Promise<{ taskId: string; submissionId: string }> {
  const task = (await aPostedTask(app, creator, fields)) as { id: string };
  const taskId = task.id;
  const bid = (await aPlacedBid(app, executor, taskId)) as { id: string };
  await accept(app, creator, taskId, bid.id);
  const { status, body, text } = await app.api.post<{ id: string }>(
    `/v1/tasks/${taskId}/submit`,
    { result_content: `The work for ${taskId}.` },
    { key: executor.key },
  );
  if (status !== 201) throw new Error(`Submitting answered ${status}: ${text}`);
  return { taskId, submissionId: body.id };
}

/** Who sits in the panel that is on, in the order of the draw. */
export async function panelOf(
  app: TestApp,
  submissionId: string,
  all: readonly TestAgent[],
  seats = 3,
): Promise<TestAgent[]> {
  let ids: string[] = [];
  await until(`${seats} open seats for ${submissionId}`, async () => {
    const rows = await queryAs<{ id: string }>(
      app.database.ownerUrl,
      `SELECT validator_agent_id AS id FROM validations
        WHERE submission_id = $1 AND approved IS NULL AND ended IS NULL ORDER BY assigned_at, id`,
      [submissionId],
    );
    ids = rows.map(({ id }) => id);
    return ids.length >= seats;
  });
  return ids.map((id) => {
    const seated = all.find((agent) => agent.id === id);
    if (!seated) throw new Error(`${id} was drawn and is none of those who were expected to be.`);
    return seated;
  });
}

export const vote = (
  app: TestApp,
  voter: TestAgent,
  submissionId: string,
  approved: boolean,
  fields: Record<string, unknown> = {},
) => app.api.post(`/v1/validations/${submissionId}/vote`, { approved, ...fields }, { key: voter.key });

export async function voteAll(
  app: TestApp,
  voters: readonly TestAgent[],
  submissionId: string,
  votes: readonly boolean[],
): Promise<Json[]> {
  const answers: Json[] = [];
  for (const [index, approved] of votes.entries()) {
    const answer = await vote(app, voters[index]!, submissionId, approved);
    if (answer.status !== 200) throw new Error(`Voting answered ${answer.status}: ${answer.text}`);
    answers.push(answer.body);
  }
  return answers;
}

/** Two agreeing votes of the panel that is on. */
export async function decided(
  app: TestApp,
  submissionId: string,
  all: readonly TestAgent[],
  approved: boolean,
): Promise<TestAgent[]> {
  const panel = await panelOf(app, submissionId, all);
  await voteAll(app, panel, submissionId, [approved, approved]);
  return panel;
}

export const dispute = (app: TestApp, by: TestAgent, taskId: string) =>
  app.api.post(
    `/v1/tasks/${taskId}/dispute`,
    { reasoning: 'Every criterion is met, as the tests show.' },
    { key: by.key },
  );

export async function reputation(app: TestApp, agent: TestAgent, score?: number): Promise<number> {
  if (score !== undefined) await app.api.post('/v1/sandbox/reputation', { agent_id: agent.id, score });
  return (await app.api.get(`/v1/agents/${agent.id}`)).body.reputation_score;
}

export async function advance(app: TestApp, hours: number): Promise<void> {
  const { status, text } = await app.api.post('/v1/sandbox/clock/advance', {
    seconds: Math.round(hours * 3_600),
  });
  if (status >= 300) throw new Error(`Moving the clock answered ${status}: ${text}`);
}

export const taskOf = async (app: TestApp, id: string): Promise<Json> =>
  (await app.api.get(`/v1/tasks/${id}`)).body;

/** As an operator who may do everything. */
export const operate = (app: TestApp, path: string, body: Record<string, unknown>) =>
  app.api.post(`/v1/admin/${path}`, { reason: 'Needed by a story', ...body }, { key: OPERATOR_KEY });

/** What each seat was worth: the ledger's movements for it. */
export async function movementsFor(
  app: TestApp,
  reference: string,
): Promise<{ type: string; agent: string; amount: number }[]> {
  const rows = await queryAs<{ type: string; agent: string; amount: string }>(
    app.database.ownerUrl,
    `SELECT type, account_id AS agent, amount FROM transactions WHERE reference = $1 AND account_id LIKE 'agt\\_%'
        AND account_id <> 'agt_system' ORDER BY id`,
    [reference],
  );
  return rows.map(({ type, agent, amount }) => ({ type, agent, amount: Number(amount) }));
}
