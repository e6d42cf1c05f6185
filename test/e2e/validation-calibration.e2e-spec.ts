import { OpenTasks } from '#modules/tasks';
import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import { accept, aPlacedBid, aPostedTask, submit, wrapUp } from '../builders/tasks.js';
import { aCourt, advance, decided, operate, panelOf, submittedWork, vote } from '../builders/validation.js';
import type { Json } from '../support/api.js';
import type { TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';
import { inTransaction } from '../support/events.js';
import { until } from '../support/until.js';

interface Assignment {
  submissionId: string;
  taskId: string;
  judge: TestAgent;
}

const SOURCE_TITLE = 'Compare four ledgers';
const REAL_TITLE = 'Explain seven queues';

/** What everybody can read that has tasks in it: lists with their filters and orders, searches, feeds, pages. */
const LISTS = [
  ...['', 'sort=newest', 'sort=price', 'sort=deadline', 'category=content', 'currency=points', 'min_price=5'],
  ...[
    'status=validating',
    'status=validating,completed',
    'status=validating&sort=price',
    'status=validating&sort=deadline',
  ],
  ...[
    'status=completed',
    'status=cancelled',
    'status=disputed',
    'status=validating&q=:words',
    'status=completed&q=:words',
  ],
  ...[
    'creator=:creator',
    'executor=:executor',
    'executor=:executor&status=completed',
    'creator=:creator&q=:words',
  ],
  ...['q=:words', 'q=:words&sort=newest', 'q=:words&sort=price', 'q=:words&category=content', 'q=":words"'],
].map((query) => `/v1/tasks?limit=100&${query}`);
const PUBLIC = [
  ...LISTS,
  '/v1/public/search?q=:words',
  '/v1/public/feed',
  '/v1/public/leaderboard',
  '/v1/public/stats',
  '/v1/public/categories',
  '/v1/agents?q=:words',
  '/v1/agents/:creator',
  '/v1/agents/:executor',
  '/tasks',
  '/tasks?q=:words',
  '/tasks?status=completed',
  '/agents/:creator',
  '/agents/:executor',
  '/stats',
  '/sitemap.xml',
  '/',
];

describe('A calibration task', () => {
  let app: TestApp;
  let creator: TestAgent;
  let executor: TestAgent;
  let others: TestAgent[];
  beforeEach(async () => {
    ({ app, creator, executor, others } = await aCourt(10, { creator: 10_000 }));
  });
  afterEach(() => wrapUp(app));

  const calibrationSeats = async (): Promise<Assignment[]> => {
    const rows = await queryAs<{ submissionId: string; taskId: string; agentId: string }>(
      app.database.ownerUrl,
      `SELECT submission_id AS "submissionId", task_id AS "taskId", validator_agent_id AS "agentId"
         FROM validations JOIN judgements USING (submission_id) WHERE calibration_source_id IS NOT NULL`,
    );
    return rows.map(({ agentId, ...row }) => ({ ...row, judge: others.find(({ id }) => id === agentId)! }));
  };
  const load = async (
    approved = true,
    title = SOURCE_TITLE,
  ): Promise<{ taskId: string; submissionId: string }> => {
    const source = await submittedWork(app, creator, executor, { price_points: 20, title });
    await decided(app, source.submissionId, others, approved);
    await operate(app, 'gold', { submission_id: source.submissionId, approved });
    return source;
  };
  /** Work beside which a calibration task is given to somebody. */
  const assigned = async (): Promise<{
    calibration: Assignment;
    real: Assignment;
    source: { taskId: string };
  }> => {
    const source = await load();
    await operate(app, 'validation/settings', { gold_every: 2 });
    const { taskId, submissionId } = await submittedWork(app, creator, executor, {
      price_points: 20,
      title: REAL_TITLE,
    });
    const [judge] = await panelOf(app, submissionId, others);
    return {
      calibration: (await calibrationSeats())[0]!,
      real: { taskId, submissionId, judge: judge! },
      source,
    };
  };

  /**
   * What differs from one piece of work to the next has one spelling: ids, times and digests are only known as such. So
   * are cursors: those of a history tell how many events there were on the platform before.
   */
  const shape = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shape);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(
        Object.entries(value).map(([key, one]) => [key, key === 'next_cursor' ? typeof one : shape(one)]),
      );
    if (typeof value !== 'string') return value;
    return value
      .replaceAll(SOURCE_TITLE, 'title')
      .replaceAll(REAL_TITLE, 'title')
      .replaceAll(/\b(tsk|sub|bid|val|evt|req|agt)_[0-9a-z]+/g, '$1')
      .replaceAll(/\b[0-9a-f]{64}\b/g, 'digest')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g, 'uuid')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time');
  };
  const READS = [
    '/v1/tasks/:task',
    '/v1/tasks/:task/submissions',
    '/v1/tasks/:task/bids',
    '/v1/tasks/:task/events',
    '/v1/tasks/:task/validations',
    '/v1/validations/:submission',
    '/v1/validations/:submission/result',
    '/v1/validations/:submission/draw',
    '/tasks/:task',
  ];
  const ACTS: [method: string, path: string, body?: Record<string, unknown>][] = [
    ['PATCH', '/v1/tasks/:task', { title: 'Another' }],
    ['DELETE', '/v1/tasks/:task'],
    ['POST', '/v1/tasks/:task/repost', {}],
    ['POST', '/v1/tasks/:task/bids', { proposed_approach: 'So' }],
    ['POST', '/v1/tasks/:task/submit', { result_content: 'Done' }],
    ['POST', '/v1/tasks/:task/progress', { percent: 5 }],
    ['POST', '/v1/tasks/:task/dispute', { reasoning: 'Every criterion is met, as the tests show.' }],
    ['POST', '/v1/tasks/:task/bids/:bid/accept'],
    ['POST', '/v1/tasks/:task/bids/:bid/reject', {}],
    ['DELETE', '/v1/tasks/:task/bids/:bid'],
  ];
  const pathOf = (path: string, { taskId, submissionId }: Assignment, bidId = ''): string =>
    path.replace(':task', taskId).replace(':submission', submissionId).replace(':bid', bidId);

  it('cannot be told from real work as long as it is not judged, by its judge or by anybody else', async () => {
    const { calibration, real } = await assigned();
    const stranger = await aVerifiedAgent(app);
    const read = async (path: string, of: Assignment, viewer?: TestAgent) => {
      const { status, body, text } = await app.api.get(pathOf(path, of), { key: viewer?.key });
      return { status, body: shape(typeof body === 'object' ? body : text) as Json };
    };
    for (const path of READS) {
      const [test, work] = [
        await read(path, calibration, calibration.judge),
        await read(path, real, real.judge),
      ];
      if (path.startsWith('/v1')) expect([path, test]).toEqual([path, work]);
      expect([path, test.status]).toEqual([path, 200]);
      for (const viewer of [undefined, stranger, creator, executor]) {
        const [seen, real2] = [await read(path, calibration, viewer), await read(path, real, viewer)];
        expect([path, seen.status]).toEqual([path, real2.status]);
        if (path.startsWith('/v1')) expect([path, seen.body]).toEqual([path, real2.body]);
      }
    }
  });

  /** Where a history goes on: a number that counts the events of the whole platform. */
  const placeOf = (cursor: string): number =>
    Number(JSON.parse(Buffer.from(cursor, 'base64url').toString())[1]);

  it('is not given away by what is written around it: headers, pages, news, places, or times of other work', async () => {
    const { calibration, real, source } = await assigned();
    const read = async (path: string, of: Assignment, viewer?: TestAgent) => {
      const answer = await app.api.get(pathOf(path, of), { key: viewer?.key });
      return { ...answer, headers: [...answer.headers.keys()].toSorted() };
    };

    // Headers and pages.
    for (const path of READS) {
      const [test, work] = [
        await read(path, calibration, calibration.judge),
        await read(path, real, real.judge),
      ];
      expect([path, test.headers]).toEqual([path, work.headers]);
    }
    const page = async (of: Assignment) => {
      const { body: task } = await read('/v1/tasks/:task', of);
      const { text } = await read('/tasks/:task', of);
      return shape(text.replaceAll(task.title, 'title').replaceAll(/\d\d:\d\d/g, 'hour')) as string;
    };
    expect((await page(calibration)).length).toBe((await page(real)).length);

    // What the judges were told, in list and inbox.
    const told = async ({ judge, submissionId }: Assignment) => {
      const { body: inbox } = await app.api.get('/v1/agents/me/events?types=validation.assigned&limit=100', {
        key: judge.key,
      });
      const { body: pending } = await app.api.get('/v1/validations/pending?limit=100', { key: judge.key });
      const about = (one: Json): boolean => JSON.stringify(one).includes(submissionId);
      return { news: inbox.data.filter(about), listed: pending.data.filter(about) };
    };
    const [ofCalibration, ofReal] = [await told(calibration), await told(real)];
    const withoutNumbers = (one: Json) => shape({ ...one, seq: 0 });
    expect(ofCalibration.news.map(withoutNumbers)).toEqual(ofReal.news.map(withoutNumbers));
    expect(ofCalibration.listed.map((one: Json) => shape({ ...one, title: '' }))).toEqual(
      ofReal.listed.map((one: Json) => shape({ ...one, title: '' })),
    );

    // It did not begin to be judged at the very instant of the work beside which it was drawn.
    const startOf = async (of: Assignment): Promise<string> =>
      (await read('/v1/tasks/:task/events', of)).body.data.find(
        (one: Json) => one.event === 'submission.validation_started',
      ).timestamp;
    expect(await startOf(calibration)).not.toBe(await startOf(real));

    // Its history stands among the events of its time, page by page, and not among those of its source.
    const history = async (of: { taskId: string }, query = ''): Promise<Json> =>
      (await app.api.get(`/v1/tasks/${of.taskId}/events${query}`)).body;
    const [calibrationHistory, sourceHistory, realHistory] = [
      await history(calibration),
      await history(source),
      await history(real),
    ];
    expect(placeOf(calibrationHistory.next_cursor)).toBeGreaterThan(placeOf(sourceHistory.next_cursor));
    expect(placeOf(calibrationHistory.next_cursor)).toBeLessThanOrEqual(
      placeOf(realHistory.next_cursor) + 10,
    );
    const paged: Json[] = [];
    let cursor = '';
    for (;;) {
      const { data, next_cursor } = await history(calibration, `?limit=2${cursor && `&after=${cursor}`}`);
      if (data.length === 0) break;
      paged.push(...data);
      cursor = next_cursor;
    }
    expect(paged.map(({ id }) => id)).toEqual(calibrationHistory.data.map(({ id }: Json) => id));
  });

  it('refuses every act on its task in the words in which real work refuses it', async () => {
    const { calibration, real } = await assigned();
    const bidOf = async ({ taskId }: Assignment): Promise<string> =>
      (await app.api.get(`/v1/tasks/${taskId}/bids`)).body.data[0].id;
    const [calibrationBid, realBid] = [await bidOf(calibration), await bidOf(real)];
    for (const [method, path, body] of ACTS)
      for (const by of [calibration.judge, creator, executor]) {
        const act = async (on: Assignment, bidId: string) => {
          const answer = await app.api.send(method, pathOf(path, on, bidId), { key: by.key, body });
          return [path, answer.status, answer.body.error];
        };
        const refused = await act(calibration, calibrationBid);
        expect(refused[1]).toBeGreaterThanOrEqual(400);
        expect(refused).toEqual(await act(real, realBid));
      }
    const stranger = await aVerifiedAgent(app);
    for (const { submissionId } of [calibration, real])
      expect((await vote(app, stranger, submissionId, true)).body.error).toBe('not_the_validator');
  });

  it('has names and times that fit together, the same whenever somebody looks', async () => {
    const { calibration } = await assigned();
    const read = async (path: string): Promise<Json> =>
      (await app.api.get(pathOf(path, calibration), { key: calibration.judge.key })).body;
    const [task, [submission], bids, [mine]] = [
      await read('/v1/tasks/:task'),
      (await read('/v1/tasks/:task/submissions')).data,
      (await read('/v1/tasks/:task/bids')).data,
      (await app.api.get('/v1/validations/pending', { key: calibration.judge.key })).body.data,
    ];
    expect(task.accepted_bid_id).toBe(bids[0].id);
    expect(submission).toMatchObject({
      id: calibration.submissionId,
      task_id: calibration.taskId,
      result_visible: true,
    });
    const inOrder: string[] = [
      task.created_at,
      bids[0].created_at,
      submission.submitted_at,
      mine.assigned_at,
    ];
    expect(inOrder.toSorted()).toEqual(inOrder);
    expect(Date.parse(mine.assigned_at) - Date.parse(submission.submitted_at)).toBeLessThan(10_000);
    expect(await read('/v1/tasks/:task')).toEqual(task);
  });

  const publicPath = (path: string, title: string): string =>
    path
      .replace(':words', encodeURIComponent(title))
      .replace(':creator', creator.id)
      .replace(':executor', executor.id);

  /** What an answer tells about a task: the entries of it, and how often its title and its id are written. */
  const mentionsIn = (answer: { text: string; body: Json }, { taskId }: Assignment, title: string) => {
    const data: Json[] = Array.isArray(answer.body?.data) ? answer.body.data : (answer.body?.tasks ?? []);
    const entries = Array.isArray(data) ? data.filter((one) => one.title === title) : [];
    return {
      entries: entries.map((one) => shape({ ...one, title: 'title' })),
      ids: entries.map(({ id, task_id }) => (id ?? task_id) === taskId),
      titles: answer.text.split(title).length - 1,
      links: answer.text.split(taskId).length - 1,
    };
  };

  it('stands in public lists, searches, feeds and pages where its source stood, as real work in judgement stands there', async () => {
    const { calibration, real, source } = await assigned();
    const works = [
      { of: calibration, title: SOURCE_TITLE },
      { of: real, title: REAL_TITLE },
    ];
    for (const path of PUBLIC) {
      const [learned, known] = await Promise.all(
        works.map(async ({ of, title }) => {
          // As the one who got the assignment would ask.
          const answer = await app.api.get(publicPath(path, title), { key: of.judge.key });
          expect([path, answer.status]).toEqual([path, 200]);
          expect([path, answer.text.includes(source.taskId)]).toEqual([path, false]);
          return mentionsIn(answer, of, title);
        }),
      );
      expect([path, learned]).toEqual([path, known]);
    }
    const { body } = await app.api.get(publicPath('/v1/tasks?q=:words', SOURCE_TITLE));
    expect(body.data).toMatchObject([{ id: calibration.taskId, status: 'validating' }]);
    expect(body.next_cursor).toBeNull();
  });

  it('is nothing to creator and executor, who see their work as it is', async () => {
    const { calibration, source } = await assigned();
    for (const [who, mine] of [
      ['creator', creator],
      ['executor', executor],
    ] as const)
      for (const query of [
        '',
        '&status=completed',
        `&q=${encodeURIComponent(SOURCE_TITLE)}`,
        '&sort=price',
      ]) {
        const { body } = await app.api.get(`/v1/tasks?${who}=${mine.id}${query}`, { key: mine.key });
        const ids = body.data.map(({ id }: Json) => id);
        expect([query, ids.includes(source.taskId), ids.includes(calibration.taskId)]).toEqual([
          query,
          true,
          false,
        ]);
      }
    // A link to it leads there all the time.
    expect((await app.api.get(`/v1/tasks/${source.taskId}`)).body.status).toBe('completed');
  });

  it('leaves the board once it is judged, and its source is back where it was', async () => {
    const before = (await load(true, REAL_TITLE)).taskId;
    const listed = async (path: string, title: string): Promise<string[]> =>
      (await app.api.get(publicPath(path, title))).body.data.map(({ id, task_id }: Json) => id ?? task_id);
    const { calibration, source } = await assigned();
    const [other] = (await calibrationSeats()).filter(({ taskId }) => taskId !== calibration.taskId);
    for (const { judge, submissionId } of [calibration, ...(other ? [other] : [])])
      expect((await vote(app, judge, submissionId, true)).status).toBe(200);
    expect(await listed('/v1/tasks?q=:words', SOURCE_TITLE)).toEqual([source.taskId]);
    for (const path of ['/v1/tasks?status=completed', '/v1/public/feed'])
      expect((await listed(path, '')).toSorted()).toEqual([before, source.taskId].toSorted());
    const rows = await queryAs(
      app.database.ownerUrl,
      `SELECT id FROM tasks WHERE NOT listed UNION ALL SELECT task_id FROM calibration_tasks
       UNION ALL SELECT task_id FROM task_search WHERE NOT listed`,
    );
    expect(rows).toEqual([]);
  });

  it('takes turns with its source: while it is voted on, a list has the one or the other', async () => {
    const { calibration, source } = await assigned();
    const path = publicPath('/v1/tasks?q=:words&sort=newest', SOURCE_TITLE);
    let isOver = false;
    const seen: string[][] = [];
    const looking = Array.from({ length: 4 }, async () => {
      while (!isOver) seen.push((await app.api.get(path)).body.data.map(({ id }: Json) => id));
    });
    await until('it was looked at', () => seen.length > 4);
    expect((await vote(app, calibration.judge, calibration.submissionId, true)).status).toBe(200);
    await until('its source is seen', () => seen.at(-1)!.includes(source.taskId));
    isOver = true;
    await Promise.all(looking);
    for (const ids of seen) expect([[calibration.taskId], [source.taskId]]).toContainEqual(ids);
    expect(seen[0]).toEqual([calibration.taskId]);
  });

  it('does not get in the way of a dispute that is filed at the moment it is made', async () => {
    const sources = [await load(), await load(true, REAL_TITLE)];
    await operate(app, 'validation/settings', { gold_every: 2 });
    const work = await Promise.all(
      [1, 2].map(async () => {
        const { id } = await aPostedTask(app, creator, { price_points: 20 });
        const bid = await aPlacedBid(app, executor, id);
        await accept(app, creator, id, bid.id);
        return id as string;
      }),
    );
    const answers = await Promise.all([
      ...work.map((id) => submit(app, executor, id)),
      ...sources.map(({ taskId }) =>
        app.api.post(
          `/v1/tasks/${taskId}/dispute`,
          { reasoning: 'The second ledger was not compared at all.' },
          { key: creator.key },
        ),
      ),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    await until('all is drawn', async () => (await calibrationSeats()).length >= sources.length);
    for (const { taskId } of sources)
      expect((await app.api.get(`/v1/tasks/${taskId}`)).body.status).toBe('disputed');
  });

  it('is not in the hands of its executor', async () => {
    const { calibration } = await assigned();
    await queryAs(app.database.ownerUrl, 'UPDATE tasks SET system_task = true WHERE id = $1', [
      calibration.taskId,
    ]);
    const inHand = (): Promise<number> =>
      inTransaction(app, (tx) => app.nest.get(OpenTasks).systemTasksInHand(tx, executor.id, 5));
    expect(await inHand()).toBe(0);
    await queryAs(app.database.ownerUrl, 'DELETE FROM calibration_tasks');
    expect(await inHand()).toBe(1);
    await queryAs(
      app.database.ownerUrl,
      `WITH gone AS (DELETE FROM task_search WHERE task_id = $1), work AS (DELETE FROM submissions WHERE task_id = $1),
            offers AS (DELETE FROM bids WHERE task_id = $1) SELECT 1`,
      [calibration.taskId],
    );
    await queryAs(app.database.ownerUrl, 'DELETE FROM tasks WHERE id = $1', [calibration.taskId]);
  });

  it('holds no points, and a dispute about its source goes its way meanwhile', async () => {
    const { calibration, source } = await assigned();
    const held = await queryAs(app.database.ownerUrl, 'SELECT 1 FROM escrows WHERE reference = $1', [
      calibration.taskId,
    ]);
    expect(held).toEqual([]);
    const { status } = await app.api.post(
      `/v1/tasks/${source.taskId}/dispute`,
      { reasoning: 'The second ledger was not compared at all.' },
      { key: creator.key },
    );
    expect(status).toBe(201);
    expect((await app.api.get(`/v1/tasks/${calibration.taskId}`)).body.status).toBe('validating');
    expect((await vote(app, calibration.judge, calibration.submissionId, true)).status).toBe(200);
    expect((await app.api.get(`/v1/tasks/${source.taskId}`)).body.status).toBe('disputed');
  });

  it('is shown to nobody but its judge once it is judged, and its task is gone', async () => {
    const { calibration } = await assigned();
    expect((await vote(app, calibration.judge, calibration.submissionId, true)).body.resolution).toBe(
      'approved',
    );
    const result = `/v1/validations/${calibration.submissionId}/result`;
    expect((await app.api.get(result, { key: calibration.judge.key })).body).toMatchObject({
      known_answer: true,
      seats: 1,
      quorum: 1,
      validations: [{ panel: 'gold', why: 'agreed' }],
    });
    expect((await app.api.get(result)).status).toBe(404);
    expect(
      (await app.api.get(`/v1/tasks/${calibration.taskId}`, { key: calibration.judge.key })).status,
    ).toBe(404);
    expect((await app.api.get(`/v1/tasks/${calibration.taskId}/events`)).status).toBe(404);
  });

  it('ends with its time when nobody judges it, as a silence like any other', async () => {
    const { calibration } = await assigned();
    await advance(app, 49);
    const { body } = await app.api.get(`/v1/validations/${calibration.submissionId}/result`, {
      key: calibration.judge.key,
    });
    expect(body.validations).toMatchObject([{ why: 'timed_out', approved: null }]);
    expect((await app.api.get(`/v1/tasks/${calibration.taskId}`)).status).toBe(404);
  });

  it('is given to nobody where all who have not seen it are busy, and real work is drawn for all the same', async () => {
    await load();
    const seen = await queryAs<{ id: string }>(
      app.database.ownerUrl,
      `SELECT validator_agent_id AS id FROM validations`,
    );
    const busy = others.filter(({ id }) => !seen.some((one) => one.id === id));
    await queryAs(
      app.database.ownerUrl,
      `INSERT INTO judgements (submission_id, task_id, creator_agent_id, executor_agent_id, digest, status, panel, seats,
                               quorum, due_at, opened_at)
       SELECT 'sub_busy000' || n, 'tsk_busy000' || n, $1, $2, 'd', 'judging', 'first', 3, 2, $3, $3 FROM generate_series(1, 4) n`,
      [creator.id, executor.id, new Date(Date.now() + 1e9)],
    );
    await queryAs(
      app.database.ownerUrl,
      `INSERT INTO validations (id, submission_id, validator_agent_id, panel, round, assigned_at, deadline)
       SELECT 'val_' || lpad((n * 100 + place)::text, 8, '0'), 'sub_busy000' || n, agent, 'first', 1, $2, $2
         FROM generate_series(1, 4) n, unnest($1::text[]) WITH ORDINALITY a (agent, place)`,
      [busy.map(({ id }) => id), new Date(Date.now() + 1e9)],
    );
    await operate(app, 'validation/settings', { gold_every: 2 });
    const { submissionId } = await submittedWork(app, creator, executor, { price_points: 20 });
    expect(await panelOf(app, submissionId, others)).toHaveLength(3);
    expect(await calibrationSeats()).toEqual([]);
    await queryAs(app.database.ownerUrl, `DELETE FROM validations WHERE submission_id LIKE 'sub_busy%'`);
    await queryAs(app.database.ownerUrl, `DELETE FROM judgements WHERE submission_id LIKE 'sub_busy%'`);
  });

  it('never comes in the moment of a real assignment, nor beyond what one may have to judge', async () => {
    // An answer is out once at a time: with twelve of them everybody has as much to judge as one may have.
    for (let time = 0; time < 12; time++) await load(time % 2 === 0);
    await operate(app, 'validation/settings', { gold_every: 2 });
    for (let time = 0; time < 8; time++) {
      const { submissionId } = await submittedWork(app, creator, executor, { price_points: 20 });
      await until('it is drawn', async () => {
        const { status } = await app.api.get(`/v1/validations/${submissionId}/draw`);
        return status === 200;
      });
    }
    const rows = await queryAs<{ most: number; both: number }>(
      app.database.ownerUrl,
      `SELECT (SELECT max(seats) FROM (SELECT count(*)::int AS seats FROM validations
                WHERE approved IS NULL AND ended IS NULL GROUP BY validator_agent_id) open) AS most,
              (SELECT count(*)::int FROM validations test JOIN validations work USING (validator_agent_id)
                 JOIN judgements ON judgements.submission_id = test.submission_id
                WHERE calibration_source_id IS NOT NULL
                  AND work.submission_id NOT IN (SELECT submission_id FROM judgements WHERE calibration_source_id IS NOT NULL)
                  AND abs(extract(epoch FROM test.assigned_at - work.assigned_at)) < 0.001) AS both`,
    );
    expect((await calibrationSeats()).length).toBeGreaterThan(0);
    expect(rows).toEqual([{ most: 4, both: 0 }]);
  });
});
