import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { after, Clock, DAY_MS } from '#kernel/clock';
import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import { reinstate, settled, suspend } from '../builders/suspensions.js';
import {
  accept,
  anAcceptedBid,
  aPlacedBid,
  aPostedTask,
  balanceOf,
  bid,
  cancel,
  grant,
  heldFor,
  post,
  submit,
  wrapUp,
} from '../builders/tasks.js';
import { judges, operate, panelOf, submittedWork, taskOf, voteAll } from '../builders/validation.js';
import type { Answer, Json } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';
import { until } from '../support/until.js';

let app: TestApp;
let creator: TestAgent;
let executor: TestAgent;
beforeAll(async () => {
  app = await anApp();
});
beforeEach(async () => {
  creator = await aVerifiedAgent(app);
  executor = await aVerifiedAgent(app);
  await grant(app, creator, 1_000);
});
afterAll(() => wrapUp(app));

const told = async ({ key }: TestAgent, type: string, taskId: string): Promise<Json[]> => {
  await settled(app);
  const { body } = await app.api.get(`/v1/agents/me/events?limit=100&types=${type}`, { key });
  return body.data.map(({ data }: Json) => data).filter((data: Json) => data.task_id === taskId);
};
const bidOf = async (taskId: string, { id }: TestAgent): Promise<string> => {
  const [row] = await queryAs<{ status: string }>(
    app.database.ownerUrl,
    'SELECT status FROM bids WHERE task_id = $1 AND agent_id = $2',
    [taskId, id],
  );
  return row!.status;
};
/** Somebody else has this task to itself, and lets it go when told to. */
async function holding(taskId: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: app.database.ownerUrl });
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM tasks WHERE id = $1 FOR UPDATE', [taskId]);
  return async () => {
    await client.query('ROLLBACK');
    await client.end();
  };
}

describe('A suspended agent', () => {
  interface Operation {
    'x-public'?: boolean;
  }
  const { paths } = JSON.parse(readFileSync('openapi.json', 'utf8')) as {
    paths: Record<string, Partial<Record<string, Operation>>>;
  };
  const operations = (method: string): string[] =>
    Object.keys(paths).filter((path) => paths[path]![method] !== undefined);
  const filledIn = (path: string, ids: Record<string, string>): string =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name]!);

  let suspended: TestAgent;
  let ids: Record<string, string>;
  let before: Map<string, Answer<Json>>;
  const read = (path: string): Promise<Answer<Json>> =>
    app.api.get(`${filledIn(path, ids)}${path.endsWith('/search') ? '?q=work' : ''}`, { key: suspended.key });
  beforeAll(async () => {
    const [poster, worker] = [await aVerifiedAgent(app), await aVerifiedAgent(app)];
    await grant(app, poster, 1_000);
    const others = await judges(app, 3);
    const { taskId, submissionId } = await submittedWork(app, poster, worker);
    const panel = await panelOf(app, submissionId, others);
    suspended = panel[0]!;
    await voteAll(app, panel.slice(1), submissionId, [false, false]);
    const filed = await app.api.post<{ dispute_id: string }>(
      `/v1/tasks/${taskId}/dispute`,
      { reasoning: 'Every criterion is met, as the tests show.' },
      { key: worker.key },
    );
    await app.api.patch(
      '/v1/agents/me',
      { a2a_agent_card_url: 'https://agent.example/card.json' },
      { key: suspended.key },
    );
    const open = await submittedWork(app, poster, worker);
    await panelOf(app, open.submissionId, others);
    ids = {
      agent_id: suspended.id,
      task_id: taskId,
      submission_id: open.submissionId,
      dispute_id: filed.body.dispute_id,
      event_id: 'evt_00000000000000000000000000000000',
    };
    before = new Map();
    for (const path of operations('get')) before.set(path, await read(path));
    await suspend(app, suspended);
    await settled(app);
  });

  it.each(operations('get'))('reads what it could read before: %s', async (path) => {
    const { status } = await read(path);
    expect([path, status]).toEqual([path, before.get(path)!.status]);
  });

  it('could read nearly everything', () => {
    const refused = [...before].filter(([, { status }]) => status !== 200).map(([path]) => path);
    // There was no such delivery.
    expect(refused).toEqual(['/v1/agents/me/webhooks/deliveries/{event_id}']);
  });

  it.each(
    ['post', 'patch', 'delete'].flatMap((method) =>
      operations(method)
        .filter((path) => !paths[path]![method]!['x-public'])
        .map((path) => [method.toUpperCase(), path] as const),
    ),
  )('changes nothing: %s %s', async (method, path) => {
    const body = method === 'DELETE' ? undefined : {};
    const filled = filledIn(path, { bid_id: 'bid_00000000', ...ids });
    const { status, body: problem } = await app.api.send(method, filled, { key: suspended.key, body });
    expect([status, (problem as Json).error]).toEqual([403, 'agent_suspended']);
  });
});

describe('An executor who is suspended', () => {
  let task: Json;
  beforeEach(async () => {
    task = await anAcceptedBid(app, creator, executor, { price_points: 100 });
  });
  const actions = async (): Promise<string[]> =>
    (await app.api.get(`/v1/tasks/${task.id}`, { key: creator.key })).body.next_actions.map(
      ({ action }: Json) => action,
    );

  it('cannot keep the escrow: the creator may cancel, and has all of it back', async () => {
    expect(await actions()).toEqual([]);
    expect((await cancel(app, creator, task.id)).body.error).toBe('bid_accepted');
    await suspend(app, executor);
    expect(await actions()).toEqual(['cancel']);
    const cancelled = await cancel(app, creator, task.id);
    expect(cancelled.status).toBe(200);
    expect(cancelled.body).toMatchObject({
      status: 'cancelled',
      close_reason: 'executor_suspended',
      refund: { points: 100, usdc: 0 },
    });
    expect([await balanceOf(app, creator), await heldFor(app, task.id)]).toEqual([1_110, 0]);
    expect(await told(creator, 'task.cancelled', task.id)).toMatchObject([
      { close_reason: 'executor_suspended' },
    ]);
    const { body: profile } = await app.api.get(`/v1/agents/${executor.id}`);
    expect(profile).toMatchObject({ success_rate: 0, reputation_score: 0 });
    expect((await cancel(app, creator, task.id)).status).toBe(409);
    expect((await app.api.post(`/v1/tasks/${task.id}/repost`, {}, { key: creator.key })).status).toBe(201);
  });

  it('and reinstated has its work back', async () => {
    await suspend(app, executor);
    await reinstate(app, executor);
    expect((await cancel(app, creator, task.id)).body.error).toBe('bid_accepted');
    expect((await submit(app, executor, task.id)).status).toBe(201);
  });

  it('has handed it in before: that is judged', async () => {
    await submit(app, executor, task.id);
    await suspend(app, executor);
    expect((await cancel(app, creator, task.id)).body.error).toBe('bid_accepted');
  });

  it('twice at once is cancelled once', async () => {
    await suspend(app, executor);
    const answers = await Promise.all(Array.from({ length: 5 }, () => cancel(app, creator, task.id)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409, 409]);
    expect(await balanceOf(app, creator)).toBe(1_110);
  });
});

describe('An operator', () => {
  const stop = (id: string, body: Json = {}) => operate(app, `tasks/${id}/cancel`, body);

  it('ends a task at which somebody works: refunded, told, and in the audit log', async () => {
    const task = await anAcceptedBid(app, creator, executor, { price_points: 100 });
    const { status, body } = await stop(task.id, { reason: 'It asks for something illegal.' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'cancelled', close_reason: 'operator', refund: { points: 100 } });
    expect(await balanceOf(app, creator)).toBe(1_110);
    for (const party of [creator, executor])
      expect(await told(party, 'task.cancelled', task.id)).toMatchObject([{ close_reason: 'operator' }]);
    const audit = (await app.api.get(`/v1/admin/audit?subject=${task.id}`, { key: OPERATOR_KEY })).body.data;
    expect(audit).toMatchObject([{ act: 'task.cancel', reason: 'It asks for something illegal.' }]);
    expect((await stop(task.id)).body.error).toBe('task_closed');
    expect((await submit(app, executor, task.id)).status).toBe(409);
  });

  it('ends what is still on the board', async () => {
    const open = await aPostedTask(app, creator);
    const bidding = await aPostedTask(app, creator);
    await aPlacedBid(app, executor, bidding.id);
    for (const { id } of [open, bidding]) {
      expect((await stop(id)).body.close_reason).toBe('operator');
      expect(await heldFor(app, id)).toBe(0);
    }
    expect(await bidOf(bidding.id, executor)).toBe('rejected');
  });

  it('leaves to the judges what is handed in, and to the past what has ended', async () => {
    const { taskId } = await submittedWork(app, creator, executor);
    expect((await stop(taskId)).body.error).toBe('wrong_task_status');
    const paid = await anAcceptedBid(app, creator, executor, { validation_required: false });
    await submit(app, executor, paid.id);
    expect((await stop(paid.id)).body.error).toBe('task_closed');
    expect((await stop('tsk_00000000')).body.error).toBe('task_not_found');
    const refusedActs = await app.api.get(`/v1/admin/audit?subject=${taskId}`, { key: OPERATOR_KEY });
    expect(refusedActs.body.data).toEqual([]);
  });

  it('beside a submission: one of the two', async () => {
    const task = await anAcceptedBid(app, creator, executor, { price_points: 100 });
    const [stopped, submitted] = await Promise.all([stop(task.id), submit(app, executor, task.id)]);
    expect([stopped.status, submitted.status].toSorted((a, b) => a - b)).toEqual(
      stopped.status === 200 ? [200, 409] : [201, 409],
    );
  });
});

describe('Deadlines', () => {
  const inDays = (days: number): string => after(app.nest.get(Clock).now(), days * DAY_MS).toISOString();

  it('are at most 90 days ahead, however they are set', async () => {
    const task = await aPostedTask(app, creator, { deadline: inDays(89) });
    const closed = await aPostedTask(app, creator);
    await cancel(app, creator, closed.id);
    const key = { key: creator.key };
    for (const refused of [
      await post(app, creator, { deadline: inDays(91) }),
      await app.api.patch(`/v1/tasks/${task.id}`, { deadline: inDays(91) }, key),
      await app.api.post(`/v1/tasks/${closed.id}/repost`, { deadline: inDays(91) }, key),
      await post(app, creator, { deadline: '2999-01-01T00:00:00Z' }),
    ]) {
      expect([refused.status, (refused.body as Json).error]).toEqual([422, 'deadline_too_far']);
      expect((refused.body as Json).errors).toMatchObject([
        { pointer: '/deadline', message: 'deadline must be at most 90 days ahead.' },
      ]);
    }
    expect((await app.api.patch(`/v1/tasks/${task.id}`, { deadline: inDays(89.9) }, key)).status).toBe(200);
    await cancel(app, creator, task.id);
  });
});

describe('Suspending a creator', () => {
  it('cancels what nobody works on and gives it back, whoever bid on it', async () => {
    const open = await aPostedTask(app, creator, { price_points: 100 });
    const bidding = await aPostedTask(app, creator, { price_points: 200 });
    const working = await anAcceptedBid(app, creator, executor, { price_points: 300 });
    await aPlacedBid(app, executor, bidding.id);
    await suspend(app, creator);
    await settled(app);
    for (const { id } of [open, bidding])
      expect(await taskOf(app, id)).toMatchObject({ status: 'cancelled', close_reason: 'creator_suspended' });
    expect(await bidOf(bidding.id, executor)).toBe('rejected');
    expect(await told(executor, 'task.cancelled', bidding.id)).toMatchObject([
      { close_reason: 'creator_suspended', refund: { points: 200 } },
    ]);
    expect((await bid(app, await aVerifiedAgent(app), open.id)).body.error).toBe('task_closed');
    // Work that has begun is owed.
    expect(await taskOf(app, working.id)).toMatchObject({ status: 'in_progress' });
    expect(await balanceOf(app, creator)).toBe(1_110 - 300);
    expect((await submit(app, executor, working.id)).status).toBe(201);
  });

  it('many tasks, and one that somebody has to itself just then holds up no other', async () => {
    const tasks: Json[] = [];
    for (let n = 0; n < 12; n++) tasks.push(await aPostedTask(app, creator, { price_points: 10 }));
    const letGo = await holding(tasks[11]!.id);
    await suspend(app, creator);
    await until('all but one are closed', async () => {
      const states = await Promise.all(tasks.map(({ id }) => taskOf(app, id)));
      return states.filter(({ status }) => status === 'cancelled').length === 11;
    });
    await letGo();
    await settled(app);
    expect((await taskOf(app, tasks[11]!.id)).close_reason).toBe('creator_suspended');
    expect(await balanceOf(app, creator)).toBe(1_110);
  });

  it('and reinstating it meanwhile leaves open what is not closed yet', async () => {
    const first = await aPostedTask(app, creator);
    const second = await aPostedTask(app, creator);
    const letGo = await holding(first.id);
    await suspend(app, creator);
    await reinstate(app, creator);
    await letGo();
    await settled(app);
    for (const { id } of [first, second]) expect((await taskOf(app, id)).status).toBe('open');
    await suspend(app, creator);
    await settled(app);
    for (const { id } of [first, second])
      expect((await taskOf(app, id)).close_reason).toBe('creator_suspended');
  });

  it('before its bids are closed: nothing is accepted, not by itself either', async () => {
    const held = await aPostedTask(app, creator);
    const auto = await aPostedTask(app, creator, { auto_accept_first: true });
    const letGo = await holding(held.id);
    await suspend(app, creator);
    const refused = await bid(app, executor, auto.id);
    expect([refused.status, refused.body.error]).toEqual([409, 'creator_suspended']);
    expect((await taskOf(app, auto.id)).status).toBe('open');
    await letGo();
    await settled(app);
    expect((await taskOf(app, auto.id)).close_reason).toBe('creator_suspended');
  });

  it('beside what it posts at that moment leaves nothing on the board', async () => {
    const posts = Array.from({ length: 6 }, () => post(app, creator, { price_points: 10 }));
    const [, ...answers] = await Promise.all([suspend(app, creator), ...posts]);
    await settled(app);
    for (const { status, body } of answers as Answer<Json>[]) {
      if (status === 201) expect((await taskOf(app, body.id)).close_reason).toBe('creator_suspended');
      else expect([status, body.error]).toEqual([403, 'agent_suspended']);
    }
    expect(await balanceOf(app, creator)).toBe(1_110);
  });

  it('waits for nobody who posts and is suspended before the commit', async () => {
    const client = new Client({ connectionString: app.database.ownerUrl });
    await client.connect();
    await client.query('BEGIN');
    await client.query(`UPDATE agents SET status = 'suspended' WHERE id = $1`, [creator.id]);
    const posting = post(app, creator, { price_points: 10 });
    await until('the post waits for the suspension', async () => {
      const [row] = await queryAs<{ waiting: number }>(
        app.database.superuserUrl,
        `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      );
      return row!.waiting > 0;
    });
    await client.query('COMMIT');
    await client.end();
    const { status, body } = await posting;
    expect([status, body.error]).toEqual([403, 'agent_suspended']);
    expect(await balanceOf(app, creator)).toBe(1_110);
  });
});

describe('Suspending a bidder', () => {
  it('withdraws what it has bid, and opens the task again with the last', async () => {
    const alone = await aPostedTask(app, creator);
    const shared = await aPostedTask(app, creator);
    await aPlacedBid(app, executor, alone.id);
    await aPlacedBid(app, executor, shared.id);
    await aPlacedBid(app, await aVerifiedAgent(app), shared.id);
    await suspend(app, executor);
    await settled(app);
    expect(await taskOf(app, alone.id)).toMatchObject({ status: 'open', bids_count: 0 });
    expect(await taskOf(app, shared.id)).toMatchObject({ status: 'bidding', bids_count: 1 });
    expect([await bidOf(alone.id, executor), await bidOf(shared.id, executor)]).toEqual([
      'withdrawn',
      'withdrawn',
    ]);
    await reinstate(app, executor);
    expect((await bid(app, executor, alone.id)).body.error).toBe('already_bid');
  });

  it('refuses to accept a bid of its own that is not withdrawn yet', async () => {
    const earlier = await aPostedTask(app, creator);
    const task = await aPostedTask(app, creator);
    await aPlacedBid(app, executor, earlier.id);
    const placed = await aPlacedBid(app, executor, task.id);
    const letGo = await holding(earlier.id);
    await suspend(app, executor);
    const refused = await accept(app, creator, task.id, placed.id);
    expect([refused.status, refused.body.error]).toEqual([409, 'bidder_suspended']);
    await letGo();
    await settled(app);
    expect((await accept(app, creator, task.id, placed.id)).body.error).toBe('bid_not_pending');
  });
});
