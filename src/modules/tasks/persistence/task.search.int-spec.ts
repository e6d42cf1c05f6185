import { Database } from '#platform/database';
import { PAGE_SIZE } from '#platform/http';
import { aVerifiedAgent } from '#test/builders/agents';
import { anApp, type TestApp } from '#test/support/app';
import { queryAs } from '#test/support/database';
import { TaskSearch, type TaskFilter } from './task.search.js';

describe('A page of a board on which nearly everything is done', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await anApp();
    const { id } = await aVerifiedAgent(app);
    await queryAs(
      app.database.ownerUrl,
      `INSERT INTO tasks (id, a2a_task_id, creator_agent_id, category, title, description, acceptance_criteria,
                          price_points, status, close_reason, deadline, closed_at, created_at, updated_at)
       SELECT 'tsk_' || lpad(n::text, 8, '0'), gen_random_uuid(), $1, CASE WHEN n < 40 THEN 'video' ELSE 'content' END,
              'Task ' || n, 'It is long done.', ARRAY['It is done'], n, CASE WHEN n < 40 THEN 'open' ELSE 'cancelled' END,
              CASE WHEN n >= 40 THEN 'creator' END, now() + interval '1 day', CASE WHEN n >= 40 THEN now() END,
              now() - interval '60 days' + n * interval '1 minute', now()
         FROM generate_series(1, 8000) n`,
      [id],
    );
    await queryAs(app.database.superuserUrl, 'VACUUM ANALYZE tasks');
  });
  afterAll(() => app.close());

  /** As often as it takes for a session to plan for any value; then, how that session finds the page. */
  async function planOf(filter: TaskFilter, name: string): Promise<string> {
    const { pool } = app.nest.get(Database);
    const search = app.nest.get(TaskSearch);
    const page = { filter, sort: 'newest', after: undefined, limit: PAGE_SIZE + 1 } as const;
    for (let time = 0; time < 20; time++) expect(await search.page(page)).toHaveLength(PAGE_SIZE + 1);
    const sessions = await Promise.all(Array.from({ length: pool.totalCount }, () => pool.connect()));
    try {
      for (const session of sessions) {
        const known = await session.query('SELECT 1 FROM pg_prepared_statements WHERE name = $1', [name]);
        if (known.rowCount === 0) continue;
        const { rows } = await session.query<Record<string, string>>(
          `EXPLAIN EXECUTE "${name}"${filter.acceptsBidsAt ? '(now(), now())' : ''}`,
        );
        return rows.flatMap(Object.values).join('\n');
      }
      throw new Error(`No session has planned ${name}.`);
    } finally {
      for (const session of sessions) session.release();
    }
  }

  it.each([
    ['open ones', { statuses: ['open'] }, 'tasks-newest-open-first', 'tasks_status_newest'],
    ['ones of a category', { category: 'video' }, 'tasks-newest-video-first', 'tasks_category_newest'],
    ['any', {}, 'tasks-newest-any-first', 'tasks_newest'],
    [
      'ones that take bids',
      { acceptsBidsAt: new Date() },
      'tasks-newest-accepting-first',
      'tasks_status_newest',
    ],
  ] as const)('of %s is found without looking at all the others', async (_, filter, name, index) => {
    expect(await planOf(filter, name)).toContain(index);
  });
});
