import { SubmissionsService } from '#modules/tasks';
import { UnitOfWork } from '#platform/database';
import { Relay } from '#platform/messaging';
import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import {
  anAcceptedBid,
  aPostedTask,
  balanceOf,
  grant,
  heldFor,
  progress,
  submit,
  votes,
  wrapUp,
} from '../builders/tasks.js';
import type { Json } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';

const SPECS_REQUEST = {
  result_url: 'https://gist.github.com/agent-bot/abc123',
  result_content: '# Understanding x402 Micropayments\n\n...',
  notes: 'Completed in 2200 words with 3 code examples. Used Node.js and Python.',
};

describe('Submissions', () => {
  let app: TestApp;
  let creator: TestAgent;
  let executor: TestAgent;
  let stranger: TestAgent;
  let task: Json;
  beforeAll(async () => {
    app = await anApp();
    [creator, executor, stranger] = await Promise.all([
      aVerifiedAgent(app),
      aVerifiedAgent(app),
      aVerifiedAgent(app),
    ]);
    await grant(app, creator, 100_000);
  });
  beforeEach(async () => {
    task = await anAcceptedBid(app, creator, executor, { price_points: 100 });
  });
  afterAll(() => wrapUp(app));

  const read = async (viewer?: TestAgent): Promise<Json> =>
    (await app.api.get(`/v1/tasks/${task.id}`, viewer && { key: viewer.key })).body;
  const submissions = async (viewer?: TestAgent): Promise<Json[]> =>
    (await app.api.get(`/v1/tasks/${task.id}/submissions`, viewer && { key: viewer.key })).body.data;
  const history = async (): Promise<Json[]> => {
    await app.nest.get(Relay).drained();
    return (await app.api.get(`/v1/tasks/${task.id}/events?limit=100`)).body.data;
  };
  const settle = (submissionId: string, verdict: 'approved' | 'rejected', ratings: number[] = []) =>
    app.nest
      .get(UnitOfWork)
      .run((tx) =>
        app.nest
          .get(SubmissionsService)
          .settle(tx, submissionId, verdict, votes({ votesAgainst: 1, ratings })),
      );
  const profile = async ({ id }: TestAgent): Promise<Json> => (await app.api.get(`/v1/agents/${id}`)).body;

  describe('Handing in', () => {
    it('takes the request of the specification, and waits for the verdict', async () => {
      const answer = await submit(app, executor, task.id, SPECS_REQUEST);
      expect(answer.status).toBe(201);
      expect(answer.body).toEqual({
        id: expect.stringMatching(/^sub_[0-9a-z]{8}$/),
        task_id: task.id,
        agent_id: executor.id,
        status: 'pending',
        result_visible: true,
        ...SPECS_REQUEST,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        submitted_at: expect.any(String),
        decided_at: null,
        next_actions: [],
      });
      // Whether its validators are seated by now is a matter of moments.
      expect(await read()).toMatchObject({
        status: expect.stringMatching(/^(submitted|validating)$/),
        payout: null,
      });
      expect(await heldFor(app, task.id)).toBe(100);
      const submitted = (await history()).find(({ event }) => event === 'task.submitted');
      expect(submitted!.data).toEqual({
        task_id: task.id,
        submission_id: answer.body.id,
        agent_id: executor.id,
      });
    });

    it('is approved and paid with it where the creator wants no validation', async () => {
      task = await anAcceptedBid(app, creator, executor, {
        price_points: 33.33,
        validation_required: false,
        payout_hold_hours: 72,
      });
      const [before, counted] = [await balanceOf(app, executor), await profile(executor)];
      const answer = await submit(app, executor, task.id);
      expect([answer.status, answer.body.status]).toEqual([201, 'approved']);
      // 5 % of 33.33 are 1.6665, and half a cent is rounded up.
      expect(await balanceOf(app, executor)).toBeCloseTo(before + 31.66, 2);
      expect(await read()).toMatchObject({
        status: 'completed',
        payout: { state: 'paid', amount: 31.66, fee: 1.67 },
        closed_at: expect.any(String),
      });
      expect(await heldFor(app, task.id)).toBe(0);
      expect((await history()).slice(-3).map(({ event }) => event)).toEqual([
        'task.submitted',
        'submission.approved',
        'task.completed',
      ]);
      expect((await profile(executor)).tasks_completed).toBe(counted.tasks_completed + 1);
    });

    it('happens once, by the executor, while it works', async () => {
      const refused = async (by: TestAgent, id = task.id): Promise<unknown> => {
        const { status, body } = await submit(app, by, id);
        return [status, body.error];
      };
      expect(await refused(stranger)).toEqual([403, 'not_the_executor']);
      expect(await refused(creator)).toEqual([403, 'not_the_executor']);
      expect(await refused(executor, (await aPostedTask(app, creator)).id)).toEqual([
        403,
        'not_the_executor',
      ]);
      expect(await refused(executor, 'tsk_zzzzzzzz')).toEqual([404, 'task_not_found']);
      await submit(app, executor, task.id);
      expect(await refused(executor)).toEqual([409, 'wrong_task_status']);
    });

    it('is repeated, not done again, under its Idempotency-Key', async () => {
      task = await anAcceptedBid(app, creator, executor, { price_points: 40, validation_required: false });
      const before = await balanceOf(app, executor);
      const again = () =>
        app.api.post(
          `/v1/tasks/${task.id}/submit`,
          { result_content: 'once' },
          { key: executor.key, headers: { 'idempotency-key': task.id } },
        );
      const [first, second] = [await again(), await again()];
      expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
      expect(await balanceOf(app, executor)).toBeCloseTo(before + 38, 2);
    });

    it.each<[string, Record<string, unknown>, string]>([
      ['nothing', {}, '/result_url'],
      ['notes alone', { notes: 'Done.' }, '/result_url'],
      ['an empty text', { result_content: '' }, '/result_content'],
      ['a blank text', { result_content: ' \n' }, '/result_content'],
      ['null', { result_content: null }, '/result_content'],
      ['a text that is too long', { result_content: 'x'.repeat(256 * 1024 + 1) }, '/result_content'],
      ['a text of too many bytes', { result_content: 'é'.repeat(128 * 1024 + 1) }, '/result_content'],
      ['another scheme', { result_url: 'ftp://example.com/result' }, '/result_url'],
      ['a script', { result_url: 'javascript:alert(1)' }, '/result_url'],
      ['no URL', { result_url: 'http://' }, '/result_url'],
      ['a URL that is too long', { result_url: `https://example.com/${'x'.repeat(2048)}` }, '/result_url'],
      ['notes that are too long', { result_content: 'x', notes: 'x'.repeat(5001) }, '/notes'],
    ])('refuses %s', async (_, fields, pointer) => {
      const { status, body } = await submit(app, executor, task.id, fields);
      expect([status, body.errors?.[0]?.pointer]).toEqual([422, pointer]);
      expect(await submissions(executor)).toEqual([]);
      expect((await read()).status).toBe('in_progress');
    });

    it('takes 256 KiB', async () => {
      const result_content = '\n'.repeat(256 * 1024 - 1) + 'x';
      expect((await submit(app, executor, task.id, { result_content })).status).toBe(201);
      expect((await submissions(creator))[0]!.result_content).toBe(result_content);
    });

    it('is the first thing that an executor may do next', async () => {
      const actions = async (viewer: TestAgent) =>
        (await read(viewer)).next_actions.map(({ action }: Json) => action);
      expect(await actions(executor)).toEqual(['submit', 'report_progress']);
      expect(await actions(stranger)).toEqual([]);
      await submit(app, executor, task.id);
      expect(await actions(executor)).toEqual([]);
      expect(await actions(creator)).toEqual(['read_submission']);
    });
  });

  describe('The result', () => {
    const hidden = {
      result_visible: false,
      result_url: null,
      result_content: null,
      notes: null,
      digest: null,
    };

    it('is nobody’s but the parties’ until it is approved', async () => {
      const { body } = await submit(app, executor, task.id, SPECS_REQUEST);
      for (const viewer of [creator, executor])
        expect((await submissions(viewer))[0]).toMatchObject({ result_visible: true, ...SPECS_REQUEST });
      for (const viewer of [stranger, undefined])
        expect((await submissions(viewer))[0]).toMatchObject({
          id: body.id,
          agent_id: executor.id,
          status: 'pending',
          ...hidden,
        });
      await settle(body.id, 'approved');
      expect((await submissions())[0]).toMatchObject({
        status: 'approved',
        result_visible: true,
        ...SPECS_REQUEST,
      });
    });

    it('that was rejected stays hidden', async () => {
      const { body } = await submit(app, executor, task.id, SPECS_REQUEST);
      await settle(body.id, 'rejected');
      expect((await submissions())[0]).toMatchObject({ status: 'rejected', ...hidden });
      expect((await submissions(creator))[0]).toMatchObject({ result_visible: true });
    });

    it('stands in no event', async () => {
      const { body } = await submit(app, executor, task.id, SPECS_REQUEST);
      await settle(body.id, 'approved');
      const told = JSON.stringify([
        await history(),
        (await app.api.get('/v1/agents/me/events?limit=100', { key: creator.key })).body,
      ]);
      expect(told).toContain(body.id);
      for (const secret of Object.values(SPECS_REQUEST))
        expect(told).not.toContain(JSON.stringify(secret).slice(1, -1));
    });

    it('is listed as everything is', async () => {
      const page = async (query: string) => app.api.get(`/v1/tasks/${task.id}/submissions${query}`);
      expect((await page('')).body).toEqual({ data: [], next_cursor: null });
      expect((await page('?limit=0')).status).toBe(422);
      expect((await page('?cursor=nonsense')).status).toBe(422);
      expect((await app.api.get('/v1/tasks/tsk_zzzzzzzz/submissions')).status).toBe(404);
    });
  });

  describe('Progress', () => {
    it('shows on the task and is told to the creator', async () => {
      const told = { percent: 40, message: 'The outline stands; now the examples.' };
      const answer = await progress(app, executor, task.id, told);
      expect(answer.status).toBe(200);
      expect(answer.body.progress).toEqual({ ...told, at: expect.any(String) });
      expect((await progress(app, executor, task.id)).body.progress).toMatchObject(told);
      expect((await read()).progress).toMatchObject(told);
      const [first] = (await history()).filter(({ event }) => event === 'task.progress');
      expect(first!.data).toEqual({ task_id: task.id, ...told, untrusted: ['message'] });
      const inbox = await app.api.get('/v1/agents/me/events?limit=100&types=task.progress', {
        key: creator.key,
      });
      expect(inbox.body.data.filter(({ data }: Json) => data.task_id === task.id)).toHaveLength(2);
    });

    it.each<[Record<string, unknown>, string]>([
      [{ percent: -1 }, '/percent'],
      [{ percent: 101 }, '/percent'],
      [{ percent: 1.5 }, '/percent'],
      [{ percent: null }, '/percent'],
      [{ message: '' }, '/message'],
      [{ message: 'x'.repeat(1001) }, '/message'],
    ])('refuses %j', async (fields, pointer) => {
      const { status, body } = await progress(app, executor, task.id, fields);
      expect([status, body.errors?.[0]?.pointer]).toEqual([422, pointer]);
    });

    it('is the executor’s, while it works', async () => {
      const stranded = await progress(app, stranger, task.id);
      expect([stranded.status, stranded.body.error]).toEqual([403, 'not_the_executor']);
      await submit(app, executor, task.id);
      const late = await progress(app, executor, task.id);
      expect([late.status, late.body.error]).toEqual([409, 'wrong_task_status']);
    });
  });

  describe('A verdict', () => {
    it('counts for the executor, with the ratings of those who voted', async () => {
      const worker = await aVerifiedAgent(app);
      const verdicts = ['approved', 'rejected', 'approved'] as const;
      for (const verdict of verdicts) {
        task = await anAcceptedBid(app, creator, worker, { price_points: 10 });
        await settle((await submit(app, worker, task.id)).body.id, verdict, [5, 4, 2]);
      }
      expect(await profile(worker)).toMatchObject({
        tasks_completed: 2,
        success_rate: 66.67,
        avg_rating: 3.67,
      });
    });

    it('refunds rejected work, and tells both', async () => {
      const before = await balanceOf(app, creator);
      const { body } = await submit(app, executor, task.id);
      await settle(body.id, 'rejected', [1]);
      expect(await balanceOf(app, creator)).toBe(before + 100);
      expect(await read()).toMatchObject({ status: 'cancelled', close_reason: 'rejected', payout: null });
      const [judged, ended] = (await history()).slice(-2);
      expect(judged).toMatchObject({
        event: 'submission.rejected',
        data: {
          submission_id: body.id,
          agent_id: executor.id,
          votes_for: 2,
          votes_against: 1,
          ratings: [1],
          payout: null,
        },
      });
      expect(ended).toMatchObject({
        event: 'task.cancelled',
        data: { close_reason: 'rejected', dispute_id: null, refund: { points: 100, usdc: 0 } },
      });
    });

    it('falls once', async () => {
      const { body } = await submit(app, executor, task.id);
      await settle(body.id, 'approved');
      await expect(settle(body.id, 'rejected')).rejects.toThrow('is completed');
      await expect(settle('sub_zzzzzzzz', 'approved')).rejects.toThrow('There is no submission');
    });

    it('is awaited from the first seat on as `validating`', async () => {
      const { body } = await submit(app, executor, task.id);
      const panel = { seats: 3, deadline: new Date('2100-01-01T00:00:00.000Z') };
      const work = await app.nest
        .get(UnitOfWork)
        .run((tx) => app.nest.get(SubmissionsService).startValidation(tx, body.id, panel));
      expect([work.task.status, work.submission.status]).toEqual(['validating', 'validating']);
      expect((await read()).status).toBe('validating');
      expect((await history()).at(-1)).toMatchObject({
        event: 'submission.validation_started',
        data: { submission_id: body.id, seats: 3, deadline: '2100-01-01T00:00:00.000Z' },
      });
    });
  });

  it('The suspended hand in nothing', async () => {
    const worker = await aVerifiedAgent(app);
    task = await anAcceptedBid(app, creator, worker);
    await app.api.post(
      `/v1/admin/agents/${worker.id}/suspend`,
      { reason: 'It misbehaved.' },
      { key: OPERATOR_KEY },
    );
    expect((await submit(app, worker, task.id)).status).toBe(403);
    expect((await read(worker)).next_actions).toEqual([]);
  });
});
