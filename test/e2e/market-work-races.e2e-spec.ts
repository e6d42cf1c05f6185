import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from '#kernel/clock';
import { DisputedWork, SubmissionsService } from '#modules/tasks';
import { UnitOfWork } from '#platform/database';
import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import {
  advance,
  anAcceptedBid,
  aPostedTask,
  booksAreRight,
  cancel,
  grant,
  rulingOn,
  heldFor,
  progress,
  repost,
  submit,
  votes,
} from '../builders/tasks.js';
import type { Answer, Json } from '../support/api.js';
import { anApp, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';

/** More of them with RACE_ROUNDS=50. */
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 3);
const rounds = Array.from({ length: ROUNDS }, (_, round) => round);
const HOUR_S = 3600;
const DEADLINE_S = 600;
/** So far before the time at which it is due does each race begin. */
const SHORTLY_S = 5;

describe('Work, and time, at the same moment', () => {
  let app: TestApp;
  let creator: TestAgent;
  let executor: TestAgent;
  beforeAll(async () => {
    app = await anApp();
    [creator, executor] = [await aVerifiedAgent(app), await aVerifiedAgent(app)];
    await grant(app, creator, 1_000_000);
  });
  afterAll(() => app.close());
  // After each race, not at the end: what is wrong then tells which race it was.
  afterEach(() => booksAreRight(app));

  const read = async (id: string): Promise<Json> => (await app.api.get(`/v1/tasks/${id}`)).body;
  const soon = (): Record<string, unknown> => ({
    price_points: 20,
    deadline: new Date(app.nest.get(Clock).now().getTime() + DEADLINE_S * 1_000).toISOString(),
  });
  /** The clock needs a moment to get there: now the one is first, now the other. */
  const lately = async <T>(act: () => Promise<T>): Promise<T> => {
    await sleep(randomInt(40));
    return act();
  };
  const isLost = ({ status, body }: Answer<Json>): boolean => {
    if (status < 300) return false;
    expect([status, body.error]).toEqual([409, expect.any(String)]);
    return true;
  };
  /** How often what moved for a task, and how much of it the executor got; emission is none of it. */
  const moved = async (taskId: string): Promise<Record<string, number>> => {
    const rows = await queryAs<{ type: string; times: string; got: string }>(
      app.database.ownerUrl,
      `SELECT m.type, count(DISTINCT m.id) AS times,
              coalesce(sum(amount) FILTER (WHERE account_id = $2), 0)::float8 AS got
         FROM transactions t JOIN movements m ON m.id = t.movement_id WHERE reference = $1 GROUP BY m.type`,
      [taskId, executor.id],
    );
    const got = rows.reduce((sum, row) => sum + Number(row.got), 0);
    return { ...Object.fromEntries(rows.map(({ type, times }) => [type, Number(times)])), got };
  };
  const recorded = async (id: string): Promise<string[]> => {
    const rows = await queryAs<{ name: string }>(
      app.database.ownerUrl,
      `SELECT name FROM outbox WHERE subject = $1 AND name IN ('task.completed', 'task.cancelled')`,
      [id],
    );
    return rows.map(({ name }) => name);
  };

  it.each(rounds)('submit beside submit (%d)', async () => {
    const task = await anAcceptedBid(app, creator, executor, {
      price_points: 20,
      validation_required: false,
    });
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) => submit(app, executor, task.id, { result_content: `Result ${n}` })),
    );
    expect(answers.filter((answer) => !isLost(answer))).toHaveLength(1);
    expect(await moved(task.id)).toEqual({ task_escrow: 1, task_payment: 1, got: 19 });
    expect((await app.api.get(`/v1/tasks/${task.id}/submissions`)).body.data).toHaveLength(1);
  });

  it.each(rounds)('submit beside the end of its time (%d)', async () => {
    const task = await anAcceptedBid(app, creator, executor, { ...soon(), validation_required: false });
    await advance(app, DEADLINE_S + HOUR_S - SHORTLY_S);
    const [answer] = await Promise.all([
      lately(() => submit(app, executor, task.id)),
      advance(app, 2 * SHORTLY_S),
    ]);
    const lost = isLost(answer);
    expect((await read(task.id)).status).toBe(lost ? 'cancelled' : 'completed');
    const money = lost ? { refund: 1, got: 0 } : { task_payment: 1, got: 19 };
    expect(await moved(task.id)).toEqual({ task_escrow: 1, ...money });
    expect(await recorded(task.id)).toEqual([lost ? 'task.cancelled' : 'task.completed']);
  });

  it.each(rounds)('cancel beside the end of its time (%d)', async () => {
    const task = await aPostedTask(app, creator, soon());
    await advance(app, DEADLINE_S - SHORTLY_S);
    const [answer] = await Promise.all([
      lately(() => cancel(app, creator, task.id)),
      advance(app, 2 * SHORTLY_S),
    ]);
    expect((await read(task.id)).close_reason).toBe(isLost(answer) ? 'expired_open' : 'creator');
    expect(await moved(task.id)).toEqual({ task_escrow: 1, refund: 1, got: 0 });
    expect(await recorded(task.id)).toEqual(['task.cancelled']);
  });

  it.each(rounds)('repost beside the end of its time (%d)', async () => {
    const task = await aPostedTask(app, creator, soon());
    await advance(app, DEADLINE_S - SHORTLY_S);
    const [answer] = await Promise.all([
      lately(() => repost(app, creator, task.id)),
      advance(app, 2 * SHORTLY_S),
    ]);
    expect((await read(task.id)).close_reason).toBe('expired_open');
    expect(await moved(task.id)).toEqual({ task_escrow: 1, refund: 1, got: 0 });
    if (!isLost(answer)) {
      expect(await heldFor(app, answer.body.id)).toBe(20);
      await cancel(app, creator, answer.body.id);
    }
  });

  it.each(rounds)('progress beside submit (%d)', async () => {
    const task = await anAcceptedBid(app, creator, executor, { price_points: 20 });
    const [told, submitted] = await Promise.all([
      progress(app, executor, task.id, { percent: 99 }),
      submit(app, executor, task.id),
    ]);
    expect(submitted.status).toBe(201);
    const now = await read(task.id);
    expect([now.status, now.progress?.percent]).toEqual(['submitted', isLost(told) ? undefined : 99]);
    expect(await heldFor(app, task.id)).toBe(20);
  });

  it.each(rounds)('a dispute beside the release of what is held (%d)', async () => {
    const task = await anAcceptedBid(app, creator, executor, { price_points: 20, payout_hold_hours: 1 });
    const { body } = await submit(app, executor, task.id);
    const work = app.nest.get(UnitOfWork);
    await work.run((tx) => app.nest.get(SubmissionsService).settle(tx, body.id, 'approved', votes()));
    await advance(app, HOUR_S - SHORTLY_S);
    const disputes = app.nest.get(DisputedWork);
    await Promise.all([
      lately(() => work.run((tx) => disputes.open(tx, creator.id, task.id))),
      advance(app, 2 * SHORTLY_S),
    ]);
    const { status, payout } = await read(task.id);
    expect([status, payout.state]).toEqual(['disputed', expect.stringMatching(/^(held|paid)$/)]);
    await work.run((tx) => disputes.overturn(tx, task.id, rulingOn(task)));
    const money = payout.state === 'held' ? { refund: 1 } : { task_payment: 1, dispute_reversal: 1 };
    expect(await moved(task.id)).toEqual({ task_escrow: 1, ...money, got: 0 });
  });
});
