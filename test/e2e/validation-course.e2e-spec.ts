import * as fc from 'fast-check';
import { AS_IT_SHOULD_BE, checkDraw, type ToldDraws } from '#cli/check-draw';
import { Relay } from '#platform/messaging';
import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import { balanceOf, wrapUp } from '../builders/tasks.js';
import {
  aCourt,
  advance,
  decided,
  dispute,
  operate,
  panelOf,
  reputation,
  submittedWork,
  taskOf,
  vote,
  voteAll,
} from '../builders/validation.js';
import type { Json } from '../support/api.js';
import { OPERATOR_KEY, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';
import { until } from '../support/until.js';

describe('The course of a judgement', () => {
  let app: TestApp;
  let creator: TestAgent;
  let executor: TestAgent;
  let others: TestAgent[];
  beforeEach(async () => {
    ({ app, creator, executor, others } = await aCourt(10, { creator: 10_000, executor: 10_000 }));
  });
  afterEach(() => wrapUp(app));

  it('goes from a split through three silent rounds to five others, who end it without a fee', async () => {
    const { taskId, submissionId } = await submittedWork(app, creator, executor);
    const panel = await panelOf(app, submissionId, others);
    await voteAll(app, panel, submissionId, [true, false]);
    await advance(app, 48);
    await panelOf(app, submissionId, others, 1);
    await advance(app, 48);
    const [last] = await panelOf(app, submissionId, others, 1);
    const seated = await queryAs<{ id: string }>(
      app.database.ownerUrl,
      'SELECT validator_agent_id AS id FROM validations WHERE submission_id = $1',
      [submissionId],
    );
    const free = others.filter(({ id }) => !seated.some((one) => one.id === id));
    expect([free.length, last !== undefined]).toEqual([5, true]);
    for (const one of free) await reputation(app, one, 4.5);
    await advance(app, 48);
    const five = await panelOf(app, submissionId, free, 5);
    expect((await taskOf(app, taskId)).status).toBe('validating');
    await voteAll(app, five, submissionId, [false, true, false, false]);
    expect((await taskOf(app, taskId)).close_reason).toBe('rejected');
    const { validations } = (await app.api.get(`/v1/validations/${submissionId}/result`)).body;
    const { panels } = (await app.api.get(`/v1/validations/${submissionId}/result`)).body;
    const first = { kind: 'first', seats: 3, quorum: 2 };
    expect(panels).toEqual([
      { ...first, round: 1, votes_for: 1, votes_against: 1, timed_out: 1 },
      { ...first, round: 2, votes_for: 0, votes_against: 0, timed_out: 1 },
      { ...first, round: 3, votes_for: 0, votes_against: 0, timed_out: 1 },
      { kind: 'deadlock', round: 1, seats: 5, quorum: 3, votes_for: 1, votes_against: 3, timed_out: 0 },
    ]);
    const whys = (name: string): string[] =>
      validations
        .filter(({ panel: kind }: Json) => kind === name)
        .map(({ why }: Json) => why)
        .toSorted();
    expect(whys('first')).toEqual(['no_verdict', 'no_verdict', 'timed_out', 'timed_out', 'timed_out']);
    expect(whys('deadlock')).toEqual(['agreed', 'agreed', 'agreed', 'disagreed', 'verdict_without_you']);
  });

  it('is judged by seven, of whom five must agree, where more than 500 may be drawn', async () => {
    await queryAs(
      app.database.ownerUrl,
      `INSERT INTO agents (id, name, status, api_key_hash, created_at, updated_at)
       SELECT 'agt_crowd' || to_char(n, 'FM000'), 'One of many', 'verified', '\\x00', $1, $1 FROM generate_series(1, 488) n`,
      [new Date()],
    );
    const drawnFor = async (submissionId: string): Promise<number[]> => {
      await until('it is drawn', async () => {
        const { status, body } = await app.api.get(`/v1/validations/${submissionId}/draw`);
        return status === 200 && body.data.length === 1;
      });
      const { seats, quorum } = (await app.api.get(`/v1/validations/${submissionId}/result`)).body;
      return [seats, quorum];
    };
    // With ten others, creator and executor they are 500, and then one more.
    // With ten others, creator and executor they are 500, and then one more.
    const few = await submittedWork(app, creator, executor);
    expect(await drawnFor(few.submissionId)).toEqual([3, 2]);
    await aVerifiedAgent(app);
    const many = await submittedWork(app, creator, executor);
    expect(await drawnFor(many.submissionId)).toEqual([7, 5]);
  });

  it('can be drawn again by anyone, when its day is over', async () => {
    const { submissionId } = await submittedWork(app, creator, executor);
    const read = async (): Promise<ToldDraws> =>
      (await app.api.get(`/v1/validations/${submissionId}/draw`)).body;
    await panelOf(app, submissionId, others);
    const early = await read();
    expect(early).toMatchObject({
      digest: null,
      data: [{ secret: null, pool: null, drawn: null, first_index: 0 }],
    });
    const promised = early.data[0]!.commitment;
    await decided(app, submissionId, others, true);
    expect(checkDraw((await read()).digest, (await read()).data[0]!)).toBe('not told yet');
    await advance(app, 24);
    const told = await read();
    expect(told.data[0]!.commitment).toBe(promised);
    expect(told.data.map((one) => checkDraw(told.digest, one))).toEqual([AS_IT_SHOULD_BE]);
    const forged = { ...told.data[0]!, drawn: told.data[0]!.drawn!.toReversed() };
    expect(checkDraw(told.digest, forged)).toMatch(/should be/);
    const secrets = (await app.api.get('/v1/validations/draw-secrets')).body.data;
    expect(secrets.filter(({ secret }: Json) => secret !== null).length).toBeGreaterThan(0);
    expect(secrets.find(({ secret }: Json) => secret === null)).toBeDefined();
  });

  it('keeps the secret of a day while something drawn with it is undecided, for 14 days at the most', async () => {
    const decidedOne = await submittedWork(app, creator, executor);
    await decided(app, decidedOne.submissionId, others, true);
    const waiting = await submittedWork(app, creator, executor);
    await panelOf(app, waiting.submissionId, others);
    const [draw] = (await app.api.get(`/v1/validations/${waiting.submissionId}/draw`)).body.data;
    const secretOf = async (): Promise<unknown> =>
      (await app.api.get(`/v1/validations/draw-secrets?day=${draw.day}`)).body.data[0].secret;
    await advance(app, 24);
    expect(await secretOf()).toBeNull();
    const { data } = (await app.api.get(`/v1/validations/${decidedOne.submissionId}/draw`)).body;
    expect(data[0].secret).toBeNull();
    await decided(app, waiting.submissionId, others, true);
    expect(await secretOf()).toMatch(/^[0-9a-f]{64}$/);
    // One of a day for which nothing is ever decided, as an outage would leave it.
    await queryAs(
      app.database.ownerUrl,
      `UPDATE judgements SET status = 'judging', outcome = NULL, decided_by = NULL, decided_at = NULL, due_at = '2999-01-01'
        WHERE submission_id = $1`,
      [waiting.submissionId],
    );
    expect(await secretOf()).toBeNull();
    await advance(app, 12 * 24);
    expect(await secretOf()).toBeNull();
    await advance(app, 24);
    expect(await secretOf()).toMatch(/^[0-9a-f]{64}$/);
  }, 60_000);

  it('gives calibration tasks that look like any other, and judges who judges', async () => {
    const source = await submittedWork(app, creator, executor);
    const panel = await decided(app, source.submissionId, others, true);
    expect((await operate(app, 'validation/settings', { gold_every: 1 })).status).toBe(422);
    expect((await operate(app, 'validation/settings', { gold_every: 2 })).body.gold_every).toBe(2);
    const loaded = await operate(app, 'gold', { submission_id: source.submissionId, approved: false });
    expect([loaded.status, loaded.body.approved]).toEqual([201, false]);
    const work = await submittedWork(app, creator, executor);
    await panelOf(app, work.submissionId, others);
    const [calibration] = await queryAs<{ id: string; agent: string }>(
      app.database.ownerUrl,
      `SELECT submission_id AS id, validator_agent_id AS agent FROM validations JOIN judgements USING (submission_id)
        WHERE calibration_source_id IS NOT NULL`,
    );
    const judge = others.find(({ id }) => id === calibration!.agent)!;
    expect(panel.map(({ id }) => id)).not.toContain(judge.id);
    const pending = (await app.api.get('/v1/validations/pending', { key: judge.key })).body.data;
    const mine = pending.find((one: Json) => one.submission_id === calibration!.id);
    expect(Object.keys(mine)).toEqual(Object.keys(pending[0]));
    expect(mine.purpose).toBe('verdict');
    const read = await app.api.get(`/v1/validations/${calibration!.id}`, { key: judge.key });
    expect(read.body.result_content).toBe(`The work for ${source.taskId}.`);
    expect((await app.api.get(`/v1/validations/${calibration!.id}`, { key: executor.key })).status).toBe(403);
    const [test, real] = await Promise.all(
      [calibration!.id, work.submissionId].map(async (id) => ({
        result: (await app.api.get(`/v1/validations/${id}/result`)).body,
        draw: (await app.api.get(`/v1/validations/${id}/draw`)).body,
      })),
    );
    const { seats, quorum, known_answer: known } = real!.result;
    expect(test!.result).toMatchObject({ seats, quorum, known_answer: known, resolution: 'pending' });
    expect(test!.draw.data[0]).toMatchObject({ panel: 'first', seats: real!.draw.data[0].seats, pool: null });
    expect((await vote(app, judge, calibration!.id, false)).status).toBe(200);
    expect((await app.api.get(`/v1/validations/${calibration!.id}/result`)).status).toBe(404);
    const revealed = await app.api.get(`/v1/validations/${calibration!.id}/result`, { key: judge.key });
    expect(revealed.body).toMatchObject({ known_answer: true, resolution: 'rejected' });
    await until('it is right', async () => {
      const { body } = await app.api.get(`/v1/agents/${judge.id}/validation-accuracy`);
      return body.right === 1;
    });
    expect((await taskOf(app, source.taskId)).status).toBe('completed');
  });

  it('is judged by newcomers only after their calibration tasks, where an operator wants that', async () => {
    const source = await submittedWork(app, creator, executor);
    await decided(app, source.submissionId, others, true);
    await operate(app, 'gold', { submission_id: source.submissionId, approved: true });
    await operate(app, 'validation/settings', { exam: true });
    const work = await submittedWork(app, creator, executor);
    await until('somebody is given one', async () => {
      const rows = await queryAs(
        app.database.ownerUrl,
        `SELECT 1 FROM judgements WHERE calibration_source_id IS NOT NULL`,
      );
      return rows.length > 0;
    });
    const real = await queryAs(app.database.ownerUrl, 'SELECT 1 FROM validations WHERE submission_id = $1', [
      work.submissionId,
    ]);
    expect(real).toEqual([]);
  });

  it('escalates a split vote about much money, where an operator wants that', async () => {
    await operate(app, 'validation/settings', { escalate_splits_from_points: 100 });
    const { taskId, submissionId } = await submittedWork(app, creator, executor, { price_points: 100 });
    const panel = await panelOf(app, submissionId, others);
    await voteAll(app, panel, submissionId, [true, true]);
    expect((await taskOf(app, taskId)).status).toBe('validating');
    await voteAll(app, [panel[2]!], submissionId, [false]);
    const two = await panelOf(app, submissionId, others, 2);
    await voteAll(app, two, submissionId, [false, false]);
    expect((await taskOf(app, taskId)).close_reason).toBe('rejected');
  });

  it('pays at midnight what a creator has minted too much in a day, where an operator wants that', async () => {
    await operate(app, 'validation/settings', { cap_rewards: true });
    for (let time = 0; time < 2; time++) {
      const { submissionId } = await submittedWork(app, creator, executor, { price_points: 10 });
      await decided(app, submissionId, others, true);
    }
    const paid = async (): Promise<number> => {
      const [row] = await queryAs<{ sum: string }>(
        app.database.ownerUrl,
        `SELECT coalesce(sum(amount), 0) AS sum FROM transactions WHERE type = 'validation_reward' AND amount > 0`,
      );
      return Number(row!.sum);
    };
    await until('two are paid at once', async () => (await paid()) === 14);
    await advance(app, 24);
    expect(await paid()).toBe(28);
  });

  it('shows votes as they are cast, where an operator wants that', async () => {
    await operate(app, 'validation/settings', { hide_votes: false });
    const { submissionId } = await submittedWork(app, creator, executor);
    const panel = await panelOf(app, submissionId, others);
    await voteAll(app, panel, submissionId, [true]);
    expect((await app.api.get(`/v1/validations/${submissionId}/result`)).body.validations).toHaveLength(1);
  });

  it('pays and counts once, though all news comes twice', async () => {
    const { taskId, submissionId } = await submittedWork(app, creator, executor, { price_points: 100 });
    await decided(app, submissionId, others, true);
    const filed = await dispute(app, creator, taskId);
    await operate(app, `disputes/${filed.body.dispute_id}/decide`, { outcome: 'won' });
    await app.nest.get(Relay).drained();
    const state = () =>
      queryAs<Json>(
        app.database.ownerUrl,
        `SELECT (SELECT count(*) FROM movements) AS movements, (SELECT count(*) FROM reputation_changes) AS changes,
                (SELECT count(*) FROM validations) AS seats, (SELECT sum(reputation_score) FROM agents) AS reputation,
                (SELECT count(*) FROM outbox) AS news`,
      );
    const before = await state();
    await queryAs(
      app.database.ownerUrl,
      `UPDATE event_done SET position = 0 WHERE subscriber LIKE 'validation-%' OR subscriber LIKE 'reputation-%'`,
    );
    await app.nest.get(Relay).drained();
    expect(await state()).toEqual(before);
    // Two judges, the approval, its reversal, the rejection, the lost dispute.
    expect(Number(before[0].changes)).toBe(6);
  });

  it('keeps what is held while it is disputed, and sends it the other way', async () => {
    const { taskId, submissionId } = await submittedWork(app, creator, executor, {
      price_points: 100,
      payout_hold_hours: 48,
    });
    const before = await balanceOf(app, creator);
    await decided(app, submissionId, others, true);
    const filed = await dispute(app, creator, taskId);
    await operate(app, `disputes/${filed.body.dispute_id}/decide`, { outcome: 'won' });
    expect((await balanceOf(app, creator)) - before).toBe(100);
    expect((await taskOf(app, taskId)).payout.state).toBe('reversed');
  });

  it('ends by time alone, from whatever state, and leaves nothing in escrow', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('approve', 'reject', 'wait'), { maxLength: 4 }),
        fc.boolean(),
        fc.boolean(),
        async (acts, isDisputed, hasPanel) => {
          const { taskId, submissionId } = await submittedWork(app, creator, executor, { price_points: 10 });
          for (const act of acts) await step(submissionId, act);
          const by = (await taskOf(app, taskId)).status === 'completed' ? creator : executor;
          for (const one of others) await reputation(app, one, hasPanel ? 4.5 : 1);
          if (isDisputed) await dispute(app, by, taskId);
          await advance(app, 24 * 30);
          const { status } = await taskOf(app, taskId);
          expect(['completed', 'cancelled']).toContain(status);
        },
      ),
      { numRuns: Number(process.env['COURSE_RUNS'] ?? 6), seed: 20_260_312 },
    );
    const open = await queryAs(app.database.ownerUrl, `SELECT 1 FROM judgements WHERE status <> 'decided'`);
    const held = await queryAs(app.database.ownerUrl, 'SELECT 1 FROM escrows WHERE balance <> 0');
    expect([open, held]).toEqual([[], []]);
    expect((await app.api.get('/v1/admin/queue', { key: OPERATOR_KEY })).body.data).toEqual([]);
  }, 120_000);

  /** Whoever has a seat does it; nobody where nobody has. */
  async function step(submissionId: string, act: 'approve' | 'reject' | 'wait'): Promise<void> {
    if (act === 'wait') return advance(app, 48);
    const [open] = await panelOf(app, submissionId, others, 1).catch(() => []);
    if (open) await vote(app, open, submissionId, act === 'approve');
  }
});
