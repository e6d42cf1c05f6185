import { Clock, after, DAY_MS, MINUTE_MS } from '#kernel/clock';
import { DueRunner, type MovableClock } from '#platform/scheduling';
import { aVerifiedAgent } from '../builders/agents.js';
import { grant } from '../builders/tasks.js';
import { judges, submittedWork } from '../builders/validation.js';
import { anApp, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';

describe('Submissions of which no news came', () => {
  let app: TestApp;
  /** Nobody hands over any news here. */
  beforeAll(async () => (app = await anApp({ ROLE: 'api' })));
  afterAll(() => app.close());

  const aMinutePasses = async (): Promise<void> => {
    const clock = app.nest.get<MovableClock>(Clock);
    await app.nest.get(DueRunner).alone(() => clock.moveTo(after(clock.now(), MINUTE_MS + 1)));
  };
  const seatsOf = (submissionId: string) =>
    queryAs(app.database.ownerUrl, 'SELECT FROM validations WHERE submission_id = $1', [submissionId]);

  it('get their panels a minute later, also behind one that cannot have any', async () => {
    const creator = await aVerifiedAgent(app);
    const executor = await aVerifiedAgent(app);
    await grant(app, creator, 100);
    await judges(app, 4);
    const broken = await submittedWork(app, creator, executor, { price_points: 10 });
    const whole = await submittedWork(app, creator, executor, { price_points: 10 });
    await queryAs(
      app.database.ownerUrl,
      `ALTER TABLE judgements ADD CONSTRAINT broken CHECK (submission_id <> '${broken.submissionId}')`,
    );
    await aMinutePasses();

    await expect(app.nest.get(DueRunner).runNow('missed-submissions')).rejects.toThrow(
      'No draw for 1 missed submissions.',
    );

    expect(await seatsOf(broken.submissionId)).toHaveLength(0);
    expect(await seatsOf(whole.submissionId)).toHaveLength(3);
    await queryAs(app.database.ownerUrl, 'ALTER TABLE judgements DROP CONSTRAINT broken');
  });

  it('get them also behind more than are looked at in one go, for whom nobody is to be had', async () => {
    const [creator, executor] = [await aVerifiedAgent(app), await aVerifiedAgent(app)];
    await grant(app, creator, 100);
    const { taskId, submissionId } = await submittedWork(app, creator, executor, { price_points: 10 });
    const copied = (table: string, key: string, fields: string, count: number) =>
      queryAs(
        app.database.ownerUrl,
        `INSERT INTO ${table} SELECT copy.* FROM ${table}, generate_series(1, ${count}) n, LATERAL (SELECT lpad(n::text, 8, '0')) AS d (digits),
           jsonb_populate_record(${table}, jsonb_build_object(${fields})) AS copy WHERE ${table}.${key} = $1`,
        [taskId],
      );
    await copied('tasks', 'id', `'id', 'tsk_' || digits, 'a2a_task_id', gen_random_uuid()`, 1_001);
    const earlier = `'id', 'sub_' || digits, 'task_id', 'tsk_' || digits, 'submitted_at', submitted_at - interval '1 hour'`;
    await copied('submissions', 'task_id', earlier, 1_001);
    await queryAs(
      app.database.ownerUrl,
      `INSERT INTO judgements (submission_id, task_id, creator_agent_id, executor_agent_id, digest, status, panel, seats,
                               quorum, vacant, vacant_until, due_at, opened_at)
       SELECT id, task_id, $1, $2, digest, 'judging', 'first', 3, 2, 3, $3, $3, submitted_at
         FROM submissions WHERE id BETWEEN 'sub_00000001' AND 'sub_00001001'`,
      [creator.id, executor.id, after(new Date(), DAY_MS)],
    );
    await aMinutePasses();

    await app.nest.get(DueRunner).runNow('missed-submissions');

    expect(await seatsOf(submissionId)).toHaveLength(3);
  });
});
