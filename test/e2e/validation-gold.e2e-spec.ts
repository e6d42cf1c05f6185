import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import { wrapUp } from '../builders/tasks.js';
import { aCourt, advance, decided, operate, panelOf, submittedWork, vote } from '../builders/validation.js';
import type { Json } from '../support/api.js';
import type { TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';
import { until } from '../support/until.js';

interface Assignment {
  submissionId: string;
  taskId: string;
  judge: TestAgent;
}

describe('A known answer', () => {
  let app: TestApp;
  let creator: TestAgent;
  let executor: TestAgent;
  let others: TestAgent[];
  beforeEach(async () => {
    ({ app, creator, executor, others } = await aCourt(10, { creator: 10_000 }));
  });
  afterEach(() => wrapUp(app));

  const goldSeats = async (): Promise<Assignment[]> => {
    const rows = await queryAs<{ submissionId: string; taskId: string; agentId: string }>(
      app.database.ownerUrl,
      `SELECT submission_id AS "submissionId", task_id AS "taskId", validator_agent_id AS "agentId"
         FROM validations JOIN judgements USING (submission_id) WHERE validations.panel = 'gold'`,
    );
    return rows.map(({ agentId, ...row }) => ({ ...row, judge: others.find(({ id }) => id === agentId)! }));
  };
  const load = async (approved = true): Promise<{ taskId: string; submissionId: string }> => {
    const source = await submittedWork(app, creator, executor, { price_points: 20 });
    await decided(app, source.submissionId, others, approved);
    await operate(app, 'gold', { submission_id: source.submissionId, approved });
    return source;
  };
  /** Work beside which a known answer is given to somebody. */
  const assigned = async (): Promise<{ gold: Assignment; real: Assignment }> => {
    await load();
    await operate(app, 'validation/settings', { gold_every: 2 });
    const { taskId, submissionId } = await submittedWork(app, creator, executor, { price_points: 20 });
    const [judge] = await panelOf(app, submissionId, others);
    return { gold: (await goldSeats())[0]!, real: { taskId, submissionId, judge: judge! } };
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
    const { gold, real } = await assigned();
    const stranger = await aVerifiedAgent(app);
    const read = async (path: string, of: Assignment, viewer?: TestAgent) => {
      const { status, body, text } = await app.api.get(pathOf(path, of), { key: viewer?.key });
      return { status, body: shape(typeof body === 'object' ? body : text) as Json };
    };
    for (const path of READS) {
      const [test, work] = [await read(path, gold, gold.judge), await read(path, real, real.judge)];
      if (path.startsWith('/v1')) expect([path, test]).toEqual([path, work]);
      expect([path, test.status]).toEqual([path, 200]);
      for (const viewer of [undefined, stranger, creator, executor]) {
        const [seen, real2] = [await read(path, gold, viewer), await read(path, real, viewer)];
        expect([path, seen.status]).toEqual([path, real2.status]);
        if (path.startsWith('/v1')) expect([path, seen.body]).toEqual([path, real2.body]);
      }
    }
  });

  /** Where a history goes on: a number that counts the events of the whole platform. */
  const placeOf = (cursor: string): number =>
    Number(JSON.parse(Buffer.from(cursor, 'base64url').toString())[1]);

  it('is not given away by what is written around it: headers, pages, news, places, or times of other work', async () => {
    const { gold, real } = await assigned();
    const read = async (path: string, of: Assignment, viewer?: TestAgent) => {
      const answer = await app.api.get(pathOf(path, of), { key: viewer?.key });
      return { ...answer, headers: [...answer.headers.keys()].toSorted() };
    };

    // Headers and pages.
    for (const path of READS) {
      const [test, work] = [await read(path, gold, gold.judge), await read(path, real, real.judge)];
      expect([path, test.headers]).toEqual([path, work.headers]);
    }
    const page = async (of: Assignment) => {
      const { body: task } = await read('/v1/tasks/:task', of);
      const { text } = await read('/tasks/:task', of);
      return shape(text.replaceAll(task.title, 'title').replaceAll(/\d\d:\d\d/g, 'hour')) as string;
    };
    expect((await page(gold)).length).toBe((await page(real)).length);

    // What the judges were told, in list and inbox.
    const told = async ({ judge, submissionId }: Assignment) => {
      const { body: inbox } = await app.api.get('/v1/agents/me/events?types=validation.assigned&limit=100', {
        key: judge.key,
      });
      const { body: pending } = await app.api.get('/v1/validations/pending?limit=100', { key: judge.key });
      const about = (one: Json): boolean => JSON.stringify(one).includes(submissionId);
      return { news: inbox.data.filter(about), listed: pending.data.filter(about) };
    };
    const [ofGold, ofReal] = [await told(gold), await told(real)];
    const withoutNumbers = (one: Json) => shape({ ...one, seq: 0 });
    expect(ofGold.news.map(withoutNumbers)).toEqual(ofReal.news.map(withoutNumbers));
    expect(ofGold.listed.map((one: Json) => shape({ ...one, title: '' }))).toEqual(
      ofReal.listed.map((one: Json) => shape({ ...one, title: '' })),
    );

    // It did not begin to be judged at the very instant of the work beside which it was drawn.
    const startOf = async (of: Assignment): Promise<string> =>
      (await read('/v1/tasks/:task/events', of)).body.data.find(
        (one: Json) => one.event === 'submission.validation_started',
      ).timestamp;
    expect(await startOf(gold)).not.toBe(await startOf(real));
    const found = (await app.api.get('/v1/tasks?limit=100')).body.data as Json[];
    const source = { taskId: found.find(({ id }) => id !== real.taskId).id };

    // Its history stands among the events of its time, page by page, and not among those of its source.
    const history = async (of: { taskId: string }, query = ''): Promise<Json> =>
      (await app.api.get(`/v1/tasks/${of.taskId}/events${query}`)).body;
    const [goldHistory, sourceHistory, realHistory] = [
      await history(gold),
      await history(source),
      await history(real),
    ];
    expect(placeOf(goldHistory.next_cursor)).toBeGreaterThan(placeOf(sourceHistory.next_cursor));
    expect(placeOf(goldHistory.next_cursor)).toBeLessThanOrEqual(placeOf(realHistory.next_cursor) + 10);
    const paged: Json[] = [];
    let cursor = '';
    for (;;) {
      const { data, next_cursor } = await history(gold, `?limit=2${cursor && `&after=${cursor}`}`);
      if (data.length === 0) break;
      paged.push(...data);
      cursor = next_cursor;
    }
    expect(paged.map(({ id }) => id)).toEqual(goldHistory.data.map(({ id }: Json) => id));
  });

  it('refuses every act on its task in the words in which real work refuses it', async () => {
    const { gold, real } = await assigned();
    const bidOf = async ({ taskId }: Assignment): Promise<string> =>
      (await app.api.get(`/v1/tasks/${taskId}/bids`)).body.data[0].id;
    const [goldBid, realBid] = [await bidOf(gold), await bidOf(real)];
    for (const [method, path, body] of ACTS)
      for (const by of [gold.judge, creator, executor]) {
        const act = async (on: Assignment, bidId: string) => {
          const answer = await app.api.send(method, pathOf(path, on, bidId), { key: by.key, body });
          return [path, answer.status, answer.body.error];
        };
        const refused = await act(gold, goldBid);
        expect(refused[1]).toBeGreaterThanOrEqual(400);
        expect(refused).toEqual(await act(real, realBid));
      }
    const stranger = await aVerifiedAgent(app);
    for (const { submissionId } of [gold, real])
      expect((await vote(app, stranger, submissionId, true)).body.error).toBe('not_the_validator');
  });

  it('has names and times that fit together, the same whenever somebody looks', async () => {
    const { gold } = await assigned();
    const read = async (path: string): Promise<Json> =>
      (await app.api.get(pathOf(path, gold), { key: gold.judge.key })).body;
    const [task, [submission], bids, [mine]] = [
      await read('/v1/tasks/:task'),
      (await read('/v1/tasks/:task/submissions')).data,
      (await read('/v1/tasks/:task/bids')).data,
      (await app.api.get('/v1/validations/pending', { key: gold.judge.key })).body.data,
    ];
    expect(task.accepted_bid_id).toBe(bids[0].id);
    expect(submission).toMatchObject({ id: gold.submissionId, task_id: gold.taskId, result_visible: true });
    const inOrder: string[] = [
      task.created_at,
      bids[0].created_at,
      submission.submitted_at,
      mine.assigned_at,
    ];
    expect(inOrder.toSorted()).toEqual(inOrder);
    expect(Date.parse(mine.assigned_at) - Date.parse(submission.submitted_at)).toBeLessThan(10_000);
    expect(await read('/v1/tasks/:task')).toEqual(task);
    const found = (await app.api.get(`/v1/tasks?q=${encodeURIComponent(task.title)}&limit=100`)).body.data;
    expect(found.map(({ id }: Json) => id)).not.toContain(gold.taskId);
  });

  it('is shown to nobody but its judge once it is judged, and its task is gone', async () => {
    const { gold } = await assigned();
    expect((await vote(app, gold.judge, gold.submissionId, true)).body.resolution).toBe('approved');
    const result = `/v1/validations/${gold.submissionId}/result`;
    expect((await app.api.get(result, { key: gold.judge.key })).body).toMatchObject({
      known_answer: true,
      seats: 1,
      quorum: 1,
      validations: [{ panel: 'gold', why: 'agreed' }],
    });
    expect((await app.api.get(result)).status).toBe(404);
    expect((await app.api.get(`/v1/tasks/${gold.taskId}`, { key: gold.judge.key })).status).toBe(404);
    expect((await app.api.get(`/v1/tasks/${gold.taskId}/events`)).status).toBe(404);
  });

  it('ends with its time when nobody judges it, as a silence like any other', async () => {
    const { gold } = await assigned();
    await advance(app, 49);
    const { body } = await app.api.get(`/v1/validations/${gold.submissionId}/result`, {
      key: gold.judge.key,
    });
    expect(body.validations).toMatchObject([{ why: 'timed_out', approved: null }]);
    expect((await app.api.get(`/v1/tasks/${gold.taskId}`)).status).toBe(404);
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
    expect(await goldSeats()).toEqual([]);
    await queryAs(app.database.ownerUrl, `DELETE FROM validations WHERE submission_id LIKE 'sub_busy%'`);
    await queryAs(app.database.ownerUrl, `DELETE FROM judgements WHERE submission_id LIKE 'sub_busy%'`);
  });

  it('never comes in the moment of a real assignment, nor beyond what one may have to judge', async () => {
    for (let time = 0; time < 4; time++) await load(time % 2 === 0);
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
                WHERE test.panel = 'gold' AND work.panel <> 'gold'
                  AND abs(extract(epoch FROM test.assigned_at - work.assigned_at)) < 0.001) AS both`,
    );
    expect((await goldSeats()).length).toBeGreaterThan(0);
    expect(rows).toEqual([{ most: 4, both: 0 }]);
  });
});
