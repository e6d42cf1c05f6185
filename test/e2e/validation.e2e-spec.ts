import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import { settled } from '../builders/suspensions.js';
import { balanceOf, grant, heldFor, wrapUp } from '../builders/tasks.js';
import {
  aCourt,
  advance,
  decided,
  dispute,
  judges,
  movementsFor,
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

describe('Ten agents judge each other (rules §4)', () => {
  let app: TestApp;
  let creator: TestAgent;
  let executor: TestAgent;
  let others: TestAgent[];
  beforeEach(async () => {
    ({ app, creator, executor, others } = await aCourt(8, { creator: 1_000 }));
  });
  afterEach(() => wrapUp(app));

  const result = async (submissionId: string, key?: string): Promise<Json> =>
    (await app.api.get(`/v1/validations/${submissionId}/result`, { key })).body;
  const rewards = async (agents: readonly TestAgent[], type: string): Promise<number> => {
    const rows = await queryAs<{ sum: string }>(
      app.database.ownerUrl,
      'SELECT coalesce(sum(amount), 0) AS sum FROM transactions WHERE account_id = ANY ($1) AND type = $2',
      [agents.map(({ id }) => id), type],
    );
    return Number(rows[0]!.sum);
  };
  const inbox = async (agent: TestAgent, name: string): Promise<Json[]> =>
    (await app.api.get(`/v1/agents/me/events?types=${name}&limit=100`, { key: agent.key })).body.data;

  it('approves: the second vote pays the executor, the votes are paid, the third seat goes unpunished', async () => {
    const { taskId, submissionId } = await submittedWork(app, creator, executor, { price_points: 100 });
    const panel = await panelOf(app, submissionId, others);
    expect((await taskOf(app, taskId)).status).toBe('validating');
    const pending = (await app.api.get('/v1/validations/pending', { key: panel[0]!.key })).body.data;
    expect(pending).toMatchObject([{ submission_id: submissionId, task_id: taskId, purpose: 'verdict' }]);
    const assignment = await app.api.get(`/v1/validations/${submissionId}`, { key: panel[0]!.key });
    expect(assignment.body.result_content).toBe(`The work for ${taskId}.`);
    const [mine] = (await app.api.get(`/v1/tasks/${taskId}/submissions`, { key: panel[0]!.key })).body.data;
    expect(mine.result_visible).toBe(true);

    const first = await vote(app, panel[0]!, submissionId, true, {
      scores: { completeness: 5, quality: 4, criteria_met: 5 },
      feedback: 'All acceptance criteria met.',
    });
    expect([first.status, first.body.resolution]).toEqual([200, 'pending']);
    expect(await result(submissionId)).toMatchObject({
      resolution: 'pending',
      votes_for: null,
      validations: [],
    });
    expect((await result(submissionId, panel[0]!.key)).validations).toHaveLength(1);
    expect((await result(submissionId, panel[1]!.key)).validations).toHaveLength(0);

    const paidBefore = await balanceOf(app, executor);
    const second = await vote(app, panel[1]!, submissionId, true, {
      score_completeness: 4,
      score_quality: 5,
      score_criteria_met: 4,
    });
    expect(second.body.resolution).toBe('approved');
    expect((await balanceOf(app, executor)) - paidBefore).toBe(95);
    expect((await taskOf(app, taskId)).status).toBe('completed');
    expect(await heldFor(app, taskId)).toBe(0);
    expect((await vote(app, panel[2]!, submissionId, true)).body.error).toBe('voting_closed');

    await until('both votes are paid', async () => (await rewards(panel, 'validation_reward')) === 14);
    expect(await rewards([panel[2]!], 'validation_penalty')).toBe(0);
    await until('reputation follows', async () => (await reputation(app, executor)) === 0.05);
    await until('so does that of the judges', async () => (await reputation(app, panel[1]!)) === 0.02);
    expect(await reputation(app, panel[2]!)).toBe(0);
    expect((await app.api.get(`/v1/agents/${executor.id}`)).body).toMatchObject({
      avg_rating: 4.5,
      success_rate: 100,
    });
    const told = await result(submissionId);
    expect(told).toMatchObject({
      resolution: 'approved',
      votes_for: 2,
      votes_against: 0,
      decided_by: 'panel',
    });
    expect((await app.api.get(`/v1/tasks/${taskId}/validations`)).body.data).toHaveLength(3);
    await until('who was not needed hears of it', async () => {
      const [closed] = await inbox(panel[2]!, 'validation.closed');
      return closed?.data.why === 'verdict_without_you';
    });
  });

  it('rejects: the creator has its money back', async () => {
    const { taskId, submissionId } = await submittedWork(app, creator, executor, { price_points: 100 });
    const before = await balanceOf(app, creator);
    const panel = await panelOf(app, submissionId, others);
    await voteAll(app, panel, submissionId, [false, true, false]);
    expect(await taskOf(app, taskId)).toMatchObject({ status: 'cancelled', close_reason: 'rejected' });
    expect((await balanceOf(app, creator)) - before).toBe(100);
    await until('7, 5 and 7 are paid', async () => (await rewards(panel, 'validation_reward')) === 19);
  });

  it('replaces who is silent, and fines it', async () => {
    const { taskId, submissionId } = await submittedWork(app, creator, executor, { price_points: 100 });
    const [first, second, silent] = await panelOf(app, submissionId, others);
    const before = await balanceOf(app, silent!);
    await voteAll(app, [first!, second!], submissionId, [true, false]);
    await advance(app, 48);
    await until(
      'the silent one is fined',
      async () => (await rewards([silent!], 'validation_penalty')) === -5,
    );
    expect(before).toBeGreaterThan(5);
    expect((await vote(app, silent!, submissionId, true)).body).toMatchObject({
      error: 'voting_closed',
      why: 'deadline',
    });
    const [replacement] = await panelOf(app, submissionId, others, 1);
    expect([first!.id, second!.id, silent!.id]).not.toContain(replacement!.id);
    await voteAll(app, [replacement!], submissionId, [false]);
    expect((await taskOf(app, taskId)).close_reason).toBe('rejected');
    await until(
      '7, 7 and 5 are paid',
      async () => (await rewards([first!, second!, replacement!], 'validation_reward')) === 19,
    );
  });

  it('approves when one approved and two were silent', async () => {
    const { taskId, submissionId } = await submittedWork(app, creator, executor);
    const [first] = await panelOf(app, submissionId, others);
    await voteAll(app, [first!], submissionId, [true]);
    await advance(app, 49);
    expect((await taskOf(app, taskId)).status).toBe('completed');
    expect((await result(submissionId)).votes_for).toBe(1);
  });

  it('refuses what no vote is', async () => {
    const { submissionId } = await submittedWork(app, creator, executor);
    const [first, ...rest] = await panelOf(app, submissionId, others);
    const stranger = others.find(({ id }) => id !== first!.id && !rest.some((one) => one.id === id))!;
    expect((await vote(app, stranger, submissionId, true)).body.error).toBe('not_the_validator');
    expect((await vote(app, creator, submissionId, true)).status).toBe(403);
    const bad: Record<string, unknown>[] = [
      { scores: { completeness: 5, quality: 4 } },
      { scores: { completeness: 6, quality: 4, criteria_met: 1 } },
      { score_quality: 4 },
      { scores: { completeness: 5, quality: 4, criteria_met: 5 }, score_quality: 3 },
      { feedback: 'x'.repeat(5_001) },
      { approved: 'yes' },
    ];
    for (const fields of bad) {
      const answer = await vote(app, first!, submissionId, true, fields);
      expect([answer.status, answer.body.errors?.length > 0]).toEqual([422, true]);
    }
    expect((await vote(app, first!, submissionId, true, { feedback: 'x'.repeat(5_000) })).status).toBe(200);
    expect((await vote(app, first!, submissionId, false)).body.error).toBe('already_voted');
    expect((await app.api.get('/v1/validations/sub_zzzzzzzz/result')).status).toBe(404);
  });

  it('hears a dispute: won before a panel', async () => {
    const { taskId, submissionId } = await submittedWork(app, creator, executor, { price_points: 100 });
    const panel = await panelOf(app, submissionId, [...others]);
    await voteAll(app, panel, submissionId, [false, false]);
    await until('the rejection counts', async () => (await balanceOf(app, panel[0]!)) === 117);
    const more = await judges(app, 3);
    const free = [...others.filter(({ id }) => !panel.some((one) => one.id === id)), ...more];
    for (const one of free) await reputation(app, one, 4.5);
    await reputation(app, executor, 1);
    await reputation(app, creator, 1);
    const [mine, theirs] = [await balanceOf(app, executor), await balanceOf(app, creator)];

    expect((await dispute(app, creator, taskId)).status).toBe(403);
    const filed = await dispute(app, executor, taskId);
    expect([filed.status, filed.body.status, filed.body.fee]).toEqual([201, 'open', 25]);
    expect(await taskOf(app, taskId)).toMatchObject({ status: 'disputed' });
    expect((await balanceOf(app, executor)) - mine).toBe(-25);
    const five = await panelOf(app, submissionId, free, 5);
    expect((await app.api.get('/v1/validations/pending', { key: five[0]!.key })).body.data).toMatchObject([
      { purpose: 'dispute' },
    ]);
    await voteAll(app, five, submissionId, [true, false, true]);
    expect((await taskOf(app, taskId)).status).toBe('disputed');
    expect((await result(submissionId)).validations.every((one: Json) => one.panel === 'first')).toBe(true);
    await voteAll(app, [five[3]!], submissionId, [true]);

    expect((await app.api.get(`/v1/disputes/${filed.body.dispute_id}`)).body).toMatchObject({
      status: 'won',
      resolved_by: 'panel',
    });
    expect((await taskOf(app, taskId)).status).toBe('completed');
    expect((await balanceOf(app, executor)) - mine).toBe(95);
    expect((await balanceOf(app, creator)) - theirs).toBe(-110);
    await until('the executor has the other outcome', async () => (await reputation(app, executor)) === 1.05);
    await until('who loses is marked', async () => (await reputation(app, creator)) === 0.8);
    await until('the panelists are paid', async () => (await rewards(five, 'validation_reward')) === 26);
    expect((await dispute(app, executor, taskId)).body.error).toBe('already_disputed');
  });

  it('hears a dispute: lost before an operator, where no panel is to be had', async () => {
    const { taskId, submissionId } = await submittedWork(app, creator, executor, { price_points: 100 });
    await decided(app, submissionId, others, true);
    await until('the approval counts', async () => (await reputation(app, executor)) === 0.05);
    await reputation(app, creator, 1);
    const before = await balanceOf(app, creator);
    const filed = await dispute(app, creator, taskId);
    expect(filed.status).toBe(201);
    const queue = (await app.api.get('/v1/admin/queue', { key: OPERATOR_KEY })).body.data;
    expect(queue).toMatchObject([
      { kind: 'dispute', dispute_id: filed.body.dispute_id, submission_id: submissionId, votes_for: 2 },
    ]);
    expect((await operate(app, `submissions/${submissionId}/decide`, { approved: true })).status).toBe(409);
    const answer = await operate(app, `disputes/${filed.body.dispute_id}/decide`, { outcome: 'lost' });
    expect([answer.status, answer.body.status]).toEqual([200, 'lost']);
    expect((await balanceOf(app, creator)) - before).toBe(-35);
    expect((await taskOf(app, taskId)).status).toBe('completed');
    await until('the creator is marked', async () => (await reputation(app, creator)) === 0.8);
    expect(await reputation(app, executor)).toBe(0.05);
    expect((await operate(app, `disputes/${filed.body.dispute_id}/decide`, { outcome: 'won' })).status).toBe(
      409,
    );
  });

  it('takes a payment back: what is not there becomes a debt', async () => {
    const { taskId, submissionId } = await submittedWork(app, creator, executor, { price_points: 100 });
    const panel = await decided(app, submissionId, others, true);
    await until('the approval counts', async () => (await reputation(app, executor)) === 0.05);
    await app.api.post(
      '/v1/points/transfer',
      { to_agent_id: panel[0]!.id, amount: 150 },
      { key: executor.key },
    );
    const had = await balanceOf(app, executor);
    const { body } = await dispute(app, creator, taskId);
    await operate(app, `disputes/${body.dispute_id}/decide`, { outcome: 'won' });
    expect(await taskOf(app, taskId)).toMatchObject({ status: 'cancelled', close_reason: 'dispute_lost' });
    expect(had).toBeLessThan(95);
    expect(await balanceOf(app, executor)).toBe(0);
    const refused = await app.api.post(
      '/v1/points/transfer',
      { to_agent_id: panel[0]!.id, amount: 1 },
      { key: executor.key },
    );
    expect([refused.status, refused.body.error]).toEqual([403, 'debt_outstanding']);
    await until(
      'the verdict is undone and the loss counts',
      async () => (await reputation(app, executor)) === 0,
    );
    const { breakdown } = (await app.api.get(`/v1/agents/${executor.id}/reputation`)).body;
    expect(breakdown.map(({ cause }: Json) => cause)).toEqual([
      'dispute_lost',
      'overturned',
      'work_approved',
      'work_rejected',
    ]);
    const accuracy = await app.api.get(`/v1/agents/${panel[0]!.id}/validation-accuracy`);
    expect(accuracy.body).toMatchObject({ judged: 1, right: 0, accuracy: 0, reliable: true });
  });

  it('ends by itself when operators are silent: the verdict stands, the fee goes back', async () => {
    const { taskId, submissionId } = await submittedWork(app, creator, executor, { price_points: 100 });
    await decided(app, submissionId, others, false);
    const { body } = await dispute(app, executor, taskId);
    await advance(app, 7 * 24 + 1);
    expect((await app.api.get(`/v1/disputes/${body.dispute_id}`)).body).toMatchObject({
      status: 'lost',
      resolved_by: 'silence',
    });
    expect(await taskOf(app, taskId)).toMatchObject({ status: 'cancelled', close_reason: 'rejected' });
    const moved = (await movementsFor(app, taskId)).filter(({ type }) => type.startsWith('dispute'));
    expect(moved.map(({ type, amount }) => [type, amount])).toEqual([
      ['dispute_fee', -25],
      ['dispute_fee_refund', 25],
    ]);
  });
});

describe('Few agents', () => {
  let app: TestApp;
  let creator: TestAgent;
  let executor: TestAgent;
  beforeEach(async () => {
    ({ app, creator, executor } = await aCourt(0));
  });
  afterEach(() => wrapUp(app));

  it('none: after 48 hours it is approved', async () => {
    const { taskId } = await submittedWork(app, creator, executor);
    expect((await taskOf(app, taskId)).status).toBe('submitted');
    await advance(app, 49);
    expect((await taskOf(app, taskId)).status).toBe('completed');
  });

  it('one who rejects: after 48 hours an operator decides', async () => {
    const [only] = await judges(app, 1);
    const { taskId, submissionId } = await submittedWork(app, creator, executor);
    await panelOf(app, submissionId, [only!], 1);
    await voteAll(app, [only!], submissionId, [false]);
    await advance(app, 49);
    expect((await taskOf(app, taskId)).status).toBe('validating');
    const answer = await operate(app, `submissions/${submissionId}/decide`, { approved: true });
    expect([answer.status, answer.body.outcome]).toEqual([200, 'approved']);
    expect((await taskOf(app, taskId)).status).toBe('completed');
  });

  it('two who agree decide, two who do not wait for a third', async () => {
    const two = await judges(app, 2);
    const first = await submittedWork(app, creator, executor);
    const second = await submittedWork(app, creator, executor);
    for (const { submissionId } of [first, second]) await panelOf(app, submissionId, two, 2);
    await voteAll(app, two, first.submissionId, [true, true]);
    await voteAll(app, two, second.submissionId, [true, false]);
    expect((await taskOf(app, first.taskId)).status).toBe('completed');
    expect((await taskOf(app, second.taskId)).status).toBe('validating');
    const third = await aVerifiedAgent(app);
    await panelOf(app, second.submissionId, [third], 1);
    await voteAll(app, [third], second.submissionId, [false]);
    expect((await taskOf(app, second.taskId)).close_reason).toBe('rejected');
  });

  it('nobody gets a fifth to judge; who becomes free takes the seat that waited', async () => {
    const three = await judges(app, 3);
    await grant(app, creator, 1_000);
    const works = await Promise.all(Array.from({ length: 6 }, () => submittedWork(app, creator, executor)));
    const openSeats = async (): Promise<number[]> => {
      const rows = await queryAs<{ seats: string }>(
        app.database.ownerUrl,
        `SELECT count(*) AS seats FROM validations WHERE approved IS NULL AND ended IS NULL GROUP BY validator_agent_id`,
      );
      return rows.map(({ seats }) => Number(seats));
    };
    await until('all are drawn for', async () => {
      const rows = await queryAs(app.database.ownerUrl, 'SELECT 1 FROM judgements');
      return rows.length === works.length;
    });
    expect(await openSeats()).toEqual([4, 4, 4]);
    const seated = await queryAs<{ id: string }>(
      app.database.ownerUrl,
      'SELECT DISTINCT submission_id AS id FROM validations',
    );
    expect(seated).toHaveLength(4);
    await decided(app, seated[0]!.id, three, true);
    await until('one that waited has its seats', async () =>
      (await openSeats()).every((seats) => seats === 4),
    );
  });

  it('a split without a third is a deadlock, which operators end, or their silence', async () => {
    const two = await judges(app, 2);
    const { taskId, submissionId } = await submittedWork(app, creator, executor);
    await panelOf(app, submissionId, two, 2);
    await voteAll(app, two, submissionId, [true, false]);
    await advance(app, 49);
    const queue = (await app.api.get('/v1/admin/queue', { key: OPERATOR_KEY })).body.data;
    expect(queue).toMatchObject([
      { kind: 'submission', submission_id: submissionId, votes_for: 1, votes_against: 1 },
    ]);
    await until(
      'both votes are paid without a bonus',
      async () => (await balanceOf(app, two[0]!)) % 20 === 15,
    );
    await advance(app, 7 * 24);
    expect((await taskOf(app, taskId)).status).toBe('completed');
    const { body } = await app.api.get(`/v1/validations/${submissionId}/result`);
    expect(body).toMatchObject({ resolution: 'approved', decided_by: 'silence' });
    await settled(app);
    const { data } = (await app.api.get(`/v1/tasks/${taskId}/events`)).body;
    const approved = data.find((event: Json) => event.event === 'submission.approved');
    expect(approved?.data).toMatchObject({ submission_id: submissionId, decided_by: 'silence' });
  });
});
