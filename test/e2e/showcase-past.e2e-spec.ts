import { migrate } from '../../src/database/migrate.js';
import { Relay } from '../../src/kernel/events/relay.js';
import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import {
  aPlacedBid,
  aPostedTask,
  anAcceptedBid,
  advance,
  cancel,
  grant,
  progress,
  submit,
  withdraw,
} from '../builders/tasks.js';
import {
  decided,
  dispute,
  judges,
  operate,
  panelOf,
  reputation,
  submittedWork,
  voteAll,
} from '../builders/validation.js';
import type { Json } from '../support/api.js';
import { anApp, type TestApp } from '../support/app.js';
import { aDatabase, queryAs, type TestDatabase } from '../support/database.js';

const DAY_S = 86_400;

/** Whatever is nothing stands for nothing; when a task was last touched is no figure, nor the moment of a verdict. */
const FIGURES = {
  showcase_tasks: `SELECT task_id, title, category, status, creator_agent_id, executor_agent_id, currency, price, earned,
      votes_for, votes_against, verdict, verdict_at::date, submission_id, result_url, result_excerpt, created_at, closed_at
    FROM showcase_tasks ORDER BY task_id`,
  showcase_agents: 'SELECT * FROM showcase_agents ORDER BY agent_id',
  showcase_board: 'SELECT * FROM showcase_board WHERE tasks <> 0 OR points <> 0 ORDER BY category, status',
  showcase_days: 'SELECT * FROM showcase_days ORDER BY day',
  showcase_agent_days: `SELECT * FROM showcase_agent_days
    WHERE tasks_completed <> 0 OR earned_points <> 0 OR reputation IS NOT NULL ORDER BY agent_id, day`,
  showcase_standings: `SELECT * FROM showcase_standings WHERE period = 'all' OR tasks_completed <> 0 OR earned_points <> 0
    ORDER BY period, agent_id`,
} as const;

describe('A database that is older than the public figures', () => {
  let database: TestDatabase;
  let app: TestApp;
  let creator: TestAgent;
  let writer: TestAgent;
  let others: TestAgent[];
  beforeAll(async () => {
    database = await aDatabase();
    app = await anApp({}, database);
    await past();
  }, 120_000);
  afterAll(() => database.drop());

  /** Everything that is counted, on three days, with payments, refunds, transfers, votes, disputes and a suspension. */
  async function past(): Promise<void> {
    creator = await aVerifiedAgent(app, { name: 'Quill' });
    writer = await aVerifiedAgent(app, { name: 'Vellum' });
    others = await judges(app, 6);
    await app.api.post('/v1/agents/register', { name: 'Newcomer', owner_twitter: 'newcomer' });
    await grant(app, creator, 10_000);
    await grant(app, writer, 1_000);
    const unjudged = { validation_required: false, price_points: 33.33 };
    const first = await anAcceptedBid(app, creator, writer, { ...unjudged, title: 'Unjudged' });
    await submit(app, writer, first.id, {
      result_content: 'r'.repeat(900),
      result_url: 'https://example.com/r',
    });
    const held = await submittedWork(app, creator, writer, { price_points: 70, payout_hold_hours: 72 });
    await decided(app, held.submissionId, others, true);
    await advance(app, DAY_S);

    const rejected = await submittedWork(app, creator, writer, { price_points: 40, category: 'images' });
    await decided(app, rejected.submissionId, others, false);
    const split = await submittedWork(app, creator, writer, { price_points: 100 });
    await voteAll(app, await panelOf(app, split.submissionId, others), split.submissionId, [
      true,
      false,
      true,
    ]);
    await decideDispute(creator, split.taskId, 'won');
    const upheld = await submittedWork(app, creator, writer, { price_points: 60 });
    await decided(app, upheld.submissionId, others, true);
    await decideDispute(creator, upheld.taskId, 'lost');
    const contested = await submittedWork(app, creator, writer, { price_points: 55 });
    await decided(app, contested.submissionId, others, false);
    await dispute(app, writer, contested.taskId);
    await advance(app, DAY_S);

    await aPostedTask(app, creator, { category: 'video', price_points: 25 });
    await cancel(app, creator, (await aPostedTask(app, creator, { price_points: 12.5 })).id);
    const bidding = await aPostedTask(app, creator, { price_points: 90 });
    await withdraw(app, writer, bidding.id, (await aPlacedBid(app, writer, bidding.id)).id);
    const running = await anAcceptedBid(app, creator, writer, { price_points: 45 });
    await progress(app, writer, running.id, { percent: 10 });
    await submittedWork(app, creator, writer, { price_points: 35 });
    await transfer(creator, writer, 12);
    await reputation(app, others[0]!, 4.5);
    await operate(app, `agents/${others[5]!.id}/suspend`, {});
    await app.nest.get(Relay).drained();
  }

  async function decideDispute(by: TestAgent, taskId: string, outcome: 'won' | 'lost'): Promise<void> {
    const { body } = await dispute(app, by, taskId);
    const { status, text } = await operate(app, `disputes/${body.dispute_id}/decide`, { outcome });
    if (status >= 300) throw new Error(text);
  }
  const transfer = async (from: TestAgent, to: TestAgent, amount: number): Promise<Json> =>
    (await app.api.post('/v1/points/transfer', { to_agent_id: to.id, amount }, { key: from.key })).body;
  const owner = (sql: string) => queryAs(database.ownerUrl, sql);
  const migrated = () => migrate(database.ownerUrl, database.url, []);

  /** As it was before anything was counted for the public. */
  async function madeOld(): Promise<void> {
    await owner(`DROP TABLE showcase_standings, showcase_windows, showcase_agent_days, showcase_days, showcase_board,
      showcase_agents, showcase_tasks;
      DELETE FROM migrations WHERE name LIKE 'Showcase%';
      DELETE FROM event_done WHERE subscriber LIKE 'showcase-%'`);
  }
  async function figures(): Promise<Record<string, Json[]>> {
    await app.nest.get(Relay).drained();
    // The windows of a new database are open until the first midnight.
    const { status, text } = await operate(app, 'schedules/leaderboard-windows/run', {});
    if (status >= 300) throw new Error(text);
    const all = Object.entries(FIGURES).map(async ([table, sql]) => [table, await owner(sql)] as const);
    return Object.fromEntries(await Promise.all(all));
  }
  async function restarted(): Promise<void> {
    await app.close();
    app = await anApp({}, database);
  }

  it('gets them as they would have been counted, and once', async () => {
    const counted = await figures();
    expect(counted['showcase_tasks']).toHaveLength(11);
    expect(counted['showcase_days']).toHaveLength(3);
    await app.close();
    await madeOld();
    await migrated();
    app = await anApp({}, database);
    expect(await figures()).toEqual(counted);

    await app.close();
    await owner(`DELETE FROM migrations WHERE name ~ '^Showcase(Past|Verified)'`);
    await migrated();
    app = await anApp({}, database);
    expect(await figures()).toEqual(counted);
  });

  it('gets them also where what was announced has been forgotten', async () => {
    const counted = await figures();
    await app.close();
    await madeOld();
    await owner(`DELETE FROM outbox WHERE position < (SELECT max(position) FROM outbox)`);
    await migrated();
    app = await anApp({}, database);
    expect(await figures()).toEqual(counted);
  });

  it('gets only what is missing where the counting had begun without its past', async () => {
    await app.close();
    await madeOld();
    await migrated();
    await owner(`TRUNCATE showcase_tasks, showcase_agents, showcase_board, showcase_days, showcase_agent_days, showcase_standings;
      DELETE FROM migrations WHERE name ~ '^Showcase(Past|Verified)'`);
    app = await anApp({}, database);
    const task = await anAcceptedBid(app, creator, writer, { validation_required: false, price_points: 20 });
    await submit(app, writer, task.id);
    await reputation(app, creator, 1.5);
    await app.nest.get(Relay).drained();
    await restarted();
    await migrated();
    const mended = await figures();
    await app.close();
    await madeOld();
    await migrated();
    app = await anApp({}, database);
    expect(mended).toEqual(await figures());
    expect(mended['showcase_tasks']).toHaveLength(12);
  });

  it('hears of what happened while nobody counted', async () => {
    await app.close();
    await madeOld();
    await migrated();
    await owner(`INSERT INTO outbox (id, name, subject, audience, data, at)
      SELECT 'evt_meanwhile', 'task.cancelled', id, '{}', '{}', now() FROM tasks WHERE category = 'video';
      UPDATE tasks SET status = 'cancelled', close_reason = 'creator', closed_at = now() WHERE category = 'video'`);
    app = await anApp({}, database);
    const { showcase_tasks: tasks } = await figures();
    expect(tasks!.find(({ category }) => category === 'video')).toMatchObject({ status: 'cancelled' });
    await app.close();
  });
});
