import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import { accept, aPostedTask, bid, submit, wrapUp } from '../builders/tasks.js';
import {
  aCourt,
  advance,
  decided,
  dispute,
  panelOf,
  submittedWork,
  taskOf,
  vote,
} from '../builders/validation.js';
import type { Json } from '../support/api.js';
import { OPERATOR_KEY, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';
import { until } from '../support/until.js';

describe('Who may be drawn', () => {
  let app: TestApp;
  let creator: TestAgent;
  let executor: TestAgent;
  let others: TestAgent[];
  beforeEach(async () => {
    ({ app, creator, executor, others } = await aCourt(6, { creator: 10_000, executor: 10_000 }));
  });
  afterEach(() => wrapUp(app));

  const drawsOf = async (submissionId: string): Promise<Json[]> =>
    (await app.api.get(`/v1/validations/${submissionId}/draw`)).body.data;
  const idsOf = (agents: readonly TestAgent[]): string[] => agents.map(({ id }) => id).toSorted();
  const sql = <Row extends Record<string, unknown> = Json>(
    query: string,
    params: unknown[] = [],
  ): Promise<Row[]> => queryAs<Row>(app.database.ownerUrl, query, params);
  /** What it does is written beside the answer. */
  const awake = async (agents: readonly TestAgent[]): Promise<void> => {
    const since = (await app.api.get('/v1/sandbox/clock')).body.now as string;
    for (const { key } of agents) await app.api.get('/v1/agents/me', { key });
    await until('their calls are written', async () => {
      const seen = await sql('SELECT 1 FROM agents WHERE id = ANY ($1) AND last_seen_at >= $2', [
        agents.map(({ id }) => id),
        since,
      ]);
      return seen.length === agents.length;
    });
  };

  it('whoever lost to the executor last of all', async () => {
    const judgedAmid = async (bidders: readonly TestAgent[]): Promise<string> => {
      const { id } = (await aPostedTask(app, creator)) as { id: string };
      for (const one of bidders) expect((await bid(app, one, id)).status).toBe(201);
      const own = (await bid(app, executor, id)).body as { id: string };
      await accept(app, creator, id, own.id);
      return (await submit(app, executor, id)).body.id;
    };
    const free = others.slice(3);
    const first = await judgedAmid(others.slice(0, 3));
    expect(idsOf(await panelOf(app, first, others))).toEqual(idsOf(free));
    expect(await drawsOf(first)).toMatchObject([{ excluded: { party: 2, bid_on_task: 3 }, dropped: [] }]);
    const second = await judgedAmid(others.slice(1));
    await panelOf(app, second, others);
    expect(await drawsOf(second)).toMatchObject([
      {
        excluded: { party: 2 },
        dropped: ['not_seen', 'mutual_validations', 'transfers', 'same_webhook_host', 'bid_on_task'],
      },
    ]);
  });

  it('not who lets two assignments in a row pass, before it calls the API', async () => {
    for (const _ of [1, 2]) {
      const { submissionId } = await submittedWork(app, creator, executor);
      await panelOf(app, submissionId, others);
    }
    // Of each, three sit for 48 hours and the other three for 48 more.
    await advance(app, 97);
    const fines = async (): Promise<number[]> => {
      const rows = await sql<{ fines: string }>(
        `SELECT sum(amount) AS fines FROM transactions
          WHERE type = 'validation_penalty' AND account_id <> 'agt_system' GROUP BY account_id`,
      );
      return rows.map(({ fines: sum }) => Number(sum));
    };
    expect(await fines()).toEqual(others.map(() => -10));

    const { submissionId } = await submittedWork(app, creator, executor);
    await until('it is to be judged', async () => {
      const { status, body } = await app.api.get(`/v1/validations/${submissionId}/result`);
      return status === 200 && body.vacant === 3;
    });
    const [caller] = others;
    await awake([caller!]);
    await advance(app, 1);
    expect(idsOf(await panelOf(app, submissionId, others, 1))).toEqual([caller!.id]);
    expect((await drawsOf(submissionId))[0]!.excluded).toEqual({ party: 2, asleep: 5 });
    expect(await fines()).toEqual(others.map(() => -10));
  }, 60_000);

  it('who votes in between has let none pass in a row', async () => {
    const three = others.slice(3);
    await sql(`UPDATE agents SET status = 'suspended' WHERE id = ANY ($1)`, [
      others.slice(0, 3).map(({ id }) => id),
    ]);
    /** One approves, the other two are silent: so it is approved. */
    const judgedBy = async (voter: TestAgent): Promise<void> => {
      const { submissionId } = await submittedWork(app, creator, executor);
      await panelOf(app, submissionId, three);
      expect((await vote(app, voter, submissionId, true)).status).toBe(200);
      await advance(app, 49);
    };
    const silences = async (): Promise<number[]> => {
      const rows = await sql<{ id: string; silences: number }>(
        'SELECT agent_id AS id, silences FROM validator_standings',
      );
      return three.map((one) => rows.find(({ id }) => id === one.id)?.silences ?? 0);
    };
    await judgedBy(three[0]!);
    expect(await silences()).toEqual([0, 1, 1]);
    await judgedBy(three[1]!);
    expect(await silences()).toEqual([1, 1, 2]);
    await awake([three[2]!]);
    await judgedBy(three[0]!);
    expect(await silences()).toEqual([1, 1, 2]);
  }, 60_000);

  it('whoever has not called for a week after those who have', async () => {
    await advance(app, 7 * 24 + 1);
    const [sleepers, callers] = [others.slice(0, 3), others.slice(3)];
    await awake([...callers, creator, executor]);
    const { submissionId } = await submittedWork(app, creator, executor);
    expect(idsOf(await panelOf(app, submissionId, others))).toEqual(idsOf(callers));
    expect(await drawsOf(submissionId)).toMatchObject([
      { excluded: { party: 2, not_seen: sleepers.length }, dropped: [] },
    ]);
  });

  it('for panels of five only who had judged work approved for five creators', async () => {
    const works = [await submittedWork(app, creator, executor), await submittedWork(app, creator, executor)];
    for (const { submissionId } of works) await decided(app, submissionId, others, true);
    const five = await Promise.all(Array.from({ length: 5 }, () => aVerifiedAgent(app)));
    const ids = five.map(({ id }) => id);
    await sql('UPDATE agents SET reputation_score = 4.05 WHERE id = ANY ($1)', [ids]);
    // Several works for each creator: it is creators that count.
    const record = (creators: number) =>
      sql(
        `INSERT INTO reputation_completions (submission_id, executor_agent_id, creator_agent_id, at)
         SELECT substr(md5(id || number || copy), 1, 12), id, 'agt_' || number, now()
           FROM unnest($1::text[]) id, generate_series(1, $2) number, generate_series(1, 3) copy
         ON CONFLICT DO NOTHING`,
        [ids, creators],
      );
    await record(4);
    expect((await dispute(app, creator, works[0]!.taskId)).status).toBe(201);
    expect((await app.api.get('/v1/admin/queue', { key: OPERATOR_KEY })).body.data).toMatchObject([
      { kind: 'dispute', submission_id: works[0]!.submissionId },
    ]);
    await record(5);
    expect((await dispute(app, creator, works[1]!.taskId)).status).toBe(201);
    expect(idsOf(await panelOf(app, works[1]!.submissionId, five, 5))).toEqual(ids.toSorted());
  });

  it('and a trade that nobody judged buys no reputation, and no success rate', async () => {
    const { taskId } = await submittedWork(app, creator, executor, { validation_required: false });
    expect((await taskOf(app, taskId)).status).toBe('completed');
    const judged = await submittedWork(app, creator, executor);
    await decided(app, judged.submissionId, others, false);
    await until('the news has come', async () => {
      const { body } = await app.api.get(`/v1/agents/${executor.id}/reputation`);
      return body.changes.length > 0;
    });
    expect((await app.api.get(`/v1/agents/${executor.id}/reputation`)).body).toMatchObject({
      tasks_completed: 1,
      success_rate: 0,
      works_approved: 0,
      works_failed: 1,
      breakdown: [{ cause: 'work_rejected' }],
      figures: { distinct_counterparties: 0 },
    });
  });
});
