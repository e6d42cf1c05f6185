import { SubmissionsService } from '#modules/tasks';
import { aVerifiedAgent } from '#test/builders/agents';
import { judges, panelOf, submittedWork } from '#test/builders/validation';
import { anApp, type TestApp } from '#test/support/app';
import { queryAs } from '#test/support/database';
import { inTransaction } from '#test/support/events';
import { until } from '#test/support/until';
import { PanelsService } from './panels.service.js';
import { SubmissionsSubscriber } from './submissions.subscriber.js';

let app: TestApp;
/** Nobody hands over any news here, so that it comes when the test wants it. */
beforeAll(async () => (app = await anApp({ ROLE: 'api' })));
afterAll(() => app.close());

const somebodyWaits = async (): Promise<boolean> =>
  (
    await queryAs(
      app.database.ownerUrl,
      `SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted`,
    )
  ).length > 0;

it('somebody who comes during a draw gets one of the seats that it leaves empty', async () => {
  const [creator, executor] = [await aVerifiedAgent(app), await aVerifiedAgent(app)];
  const { submissionId } = await submittedWork(app, creator, executor);
  const works = await app.nest.get(SubmissionsService).getMany([submissionId]);
  let news!: Promise<void>;

  const newcomers = await inTransaction(app, async (tx) => {
    await app.nest.get(PanelsService).open(tx, works[0]!);
    const came = await judges(app, 3);
    news = app.nest.get(SubmissionsSubscriber).fillVacancies();
    await Promise.race([news, until('it waits for the draw', somebodyWaits)]);
    return came;
  });
  await news;

  expect(await panelOf(app, submissionId, newcomers)).toHaveLength(3);
});
