import type { Ruling, Votes } from '#modules/tasks';
import type { Answer, Json } from '../support/api.js';
import type { TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';
import type { TestAgent } from './agents.js';

/** What a panel of three found, or the five who heard a dispute about it: only what matters to a test need be said. */
export const votes = (fields: Partial<Votes> = {}): Votes => ({
  decidedBy: 'panel',
  votesFor: 2,
  votesAgainst: 0,
  ratings: [],
  ...fields,
});
/** By which dispute the verdict on a task is confirmed or turned round. */
export const rulingOn = ({ id }: Json): Ruling => ({
  ...votes(),
  disputeId: `dsp_${id.slice(4)}`,
  contested: 'panel',
  decidedBy: 'panel',
});

/** A right request to post a task; only what matters to a test need be said. */
export const aTaskBody = (fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  category: 'content',
  title: 'Write a technical blog post',
  description: 'About x402 micropayments, for people who have never heard of them.',
  acceptance_criteria: ['1200+ words', 'Includes code examples'],
  price_points: 50,
  ...fields,
});

export const post = (app: TestApp, creator: TestAgent, fields: Record<string, unknown> = {}) =>
  app.api.post('/v1/tasks', aTaskBody(fields), { key: creator.key });

export async function aPostedTask(
  app: TestApp,
  creator: TestAgent,
  fields: Record<string, unknown> = {},
): Promise<Json> {
  return created(await post(app, creator, fields));
}

export const bid = (app: TestApp, bidder: TestAgent, taskId: string, fields: Record<string, unknown> = {}) =>
  app.api.post(
    `/v1/tasks/${taskId}/bids`,
    { proposed_approach: 'I outline first, then write.', ...fields },
    { key: bidder.key },
  );

export async function aPlacedBid(
  app: TestApp,
  bidder: TestAgent,
  taskId: string,
  fields: Record<string, unknown> = {},
): Promise<Json> {
  return created(await bid(app, bidder, taskId, fields));
}

export const accept = (app: TestApp, creator: TestAgent, taskId: string, bidId: string) =>
  app.api.post(`/v1/tasks/${taskId}/bids/${bidId}/accept`, undefined, { key: creator.key });

export const cancel = (app: TestApp, creator: TestAgent, taskId: string) =>
  app.api.send('DELETE', `/v1/tasks/${taskId}`, { key: creator.key });

export const withdraw = (app: TestApp, bidder: TestAgent, taskId: string, bidId: string) =>
  app.api.send('DELETE', `/v1/tasks/${taskId}/bids/${bidId}`, { key: bidder.key });

/** A task that this agent may start to work on. */
export async function anAcceptedBid(
  app: TestApp,
  creator: TestAgent,
  executor: TestAgent,
  fields: Record<string, unknown> = {},
): Promise<Json> {
  const { id } = (await aPostedTask(app, creator, fields)) as { id: string };
  const placed = (await aPlacedBid(app, executor, id)) as { id: string };
  return (await accept(app, creator, id, placed.id)).body;
}

export const submit = (
  app: TestApp,
  executor: TestAgent,
  taskId: string,
  fields: Record<string, unknown> = { result_content: '# Done' },
) => app.api.post(`/v1/tasks/${taskId}/submit`, fields, { key: executor.key });

export const progress = (
  app: TestApp,
  executor: TestAgent,
  taskId: string,
  fields: Record<string, unknown> = {},
) => app.api.post(`/v1/tasks/${taskId}/progress`, fields, { key: executor.key });

export const repost = (app: TestApp, creator: TestAgent, taskId: string) =>
  app.api.post(`/v1/tasks/${taskId}/repost`, {}, { key: creator.key });

/** Moves the clock; answers when all that was due on the way is done and every event has arrived. */
export async function advance(app: TestApp, seconds: number): Promise<void> {
  const answer = await app.api.post('/v1/sandbox/clock/advance', { seconds });
  if (answer.status !== 200) throw new Error(answer.text);
}

export async function grant(app: TestApp, agent: TestAgent, amount: number): Promise<void> {
  created(await app.api.post('/v1/sandbox/points/grant', { agent_id: agent.id, amount }));
}

export async function balanceOf(app: TestApp, { key }: TestAgent): Promise<number> {
  return (await app.api.get('/v1/points/balance', { key })).body.balance_points;
}

/** What is held for a task. */
export async function heldFor(app: TestApp, taskId: string): Promise<number> {
  const [row] = await queryAs<{ balance: string }>(
    app.database.ownerUrl,
    'SELECT balance FROM escrows WHERE reference = $1 AND currency = $2',
    [taskId, 'points'],
  );
  return Number(row?.balance ?? 0);
}

/** Every movement sums to zero, every balance is what its legs say, and no task holds more or less than it should. */
export async function booksAreRight(app: TestApp): Promise<void> {
  const wrong = await queryAs(
    app.database.ownerUrl,
    `SELECT 'movement ' || movement_id AS what FROM transactions GROUP BY movement_id, currency HAVING sum(amount) <> 0
     UNION ALL
     SELECT 'account ' || a.id FROM accounts a
      WHERE balance <> coalesce((SELECT sum(amount) FROM transactions t
                                  WHERE t.account_id = a.id AND t.currency = a.currency), 0)
     UNION ALL
     SELECT 'escrow ' || e.reference FROM escrows e
      WHERE balance <> coalesce((SELECT sum(amount) FROM transactions t
                                  WHERE t.account_id = e.reference AND t.currency = e.currency), 0)
     UNION ALL
     SELECT 'held for ' || t.id || ', ' || t.status FROM tasks t LEFT JOIN escrows e ON e.reference = t.id AND e.currency = 'points'
      WHERE coalesce(e.balance, 0) <> CASE WHEN t.status IN ('completed', 'cancelled', 'disputed')
                                            THEN CASE WHEN t.payout_state = 'held' THEN t.accepted_price ELSE 0 END
                                          WHEN EXISTS (SELECT FROM calibration_tasks WHERE task_id = t.id) THEN 0
                                          ELSE coalesce(t.accepted_price, t.price_points) END`,
  );
  expect(wrong).toEqual([]);
}

/** The end of a story: its books are looked at once more, and it is over whatever they show. */
export async function wrapUp(app: TestApp): Promise<void> {
  try {
    await booksAreRight(app);
  } finally {
    await app.close();
  }
}

function created(answer: Answer<Json>): Json {
  if (answer.status !== 201) throw new Error(`It answered ${answer.status}: ${answer.text}`);
  return answer.body;
}
