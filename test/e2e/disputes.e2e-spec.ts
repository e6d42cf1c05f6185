import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import {
  anAcceptedBid,
  aPostedTask,
  balanceOf,
  booksAreRight,
  cancel,
  grant,
  heldFor,
  submit,
} from '../builders/tasks.js';
import {
  aCourt,
  advance,
  decided,
  dispute,
  movementsFor,
  operate,
  panelOf,
  reputation,
  submittedWork,
  taskOf,
  vote,
} from '../builders/validation.js';
import type { Answer, Json } from '../support/api.js';
import type { TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';
import { until } from '../support/until.js';

const ROUNDS = Array.from({ length: 4 }, (_, round) => round);
/** More than there are connections to the database. */
const AT_ONCE = 16;

describe('Disputes, whoever files, decides or is silent', () => {
  let app: TestApp;
  let creator: TestAgent;
  let executor: TestAgent;
  let others: TestAgent[];
  let sink: TestAgent;
  beforeAll(async () => {
    ({ app, creator, executor, others } = await aCourt(30));
    sink = others[0]!;
  });
  beforeEach(async () => {
    for (const one of [creator, executor]) await grant(app, one, 10_000);
  });
  afterEach(() => booksAreRight(app));
  afterAll(() => app.close());

  const judged = async (isApproved: boolean, fields: Record<string, unknown> = {}) => {
    const work = await submittedWork(app, creator, executor, { price_points: 100, ...fields });
    await decided(app, work.submissionId, others, isApproved);
    return work;
  };
  const filerOf = (isApproved: boolean): TestAgent => (isApproved ? creator : executor);
  const decide = (disputeId: string, outcome: 'won' | 'lost') =>
    operate(app, `disputes/${disputeId}/decide`, { outcome });
  const experienced = async (score: number): Promise<void> => {
    for (const one of others) await reputation(app, one, score);
  };
  const file = (taskId: string, body: unknown, key = executor.key) =>
    app.api.post(`/v1/tasks/${taskId}/dispute`, body, { key });
  const said = ({ status, body }: Answer<Json>): unknown[] => [status, body.error];
  const moved = async (taskId: string, { id }: TestAgent, prefix = ''): Promise<number> =>
    (await movementsFor(app, taskId))
      .filter(({ agent, type }) => agent === id && type.startsWith(prefix))
      .reduce((sum, { amount }) => sum + amount, 0);
  const emptied = async (agent: TestAgent): Promise<void> => {
    const amount = await balanceOf(app, agent);
    await app.api.post('/v1/points/transfer', { to_agent_id: sink.id, amount }, { key: agent.key });
    expect(await balanceOf(app, agent)).toBe(0);
  };
  const owed = async (disputeId: string): Promise<number> => {
    const [row] = await queryAs<{ sum: string }>(
      app.database.ownerUrl,
      'SELECT coalesce(sum(amount), 0) AS sum FROM debts WHERE cause = $1',
      [`dispute_reversal:${disputeId}`],
    );
    return Number(row!.sum);
  };

  it('are all filed, when more come at once than there are connections', async () => {
    const works = [];
    for (let count = 0; count < AT_ONCE; count++) works.push(await judged(false, { price_points: 10 }));
    await experienced(4.5);
    const answers = await Promise.all(works.map(({ taskId }) => dispute(app, executor, taskId)));
    await experienced(0);
    expect(answers.map(({ status }) => status)).toEqual(works.map(() => 201));
    await advance(app, 10 * 24 + 1);
    for (const { taskId } of works) expect(await heldFor(app, taskId)).toBe(0);
    // Whoever has let two assignments pass is not drawn again before it calls.
    await Promise.all(others.map(({ key }) => app.api.get('/v1/agents/me', { key })));
  }, 60_000);

  describe('move what §6.4 says and no more', () => {
    const cases = [true, false].flatMap((isApproved) =>
      [0, 72].flatMap((hold) =>
        (['won', 'lost', 'silence'] as const).flatMap((end) =>
          [false, true].map((isLoserPoor) => ({ isApproved, hold, end, isLoserPoor })),
        ),
      ),
    );

    it.each(cases)('approved: $isApproved, hold: $hold, $end, loser poor: $isLoserPoor', async (one) => {
      const { isApproved, hold, end, isLoserPoor } = one;
      const { taskId } = await judged(isApproved, { payout_hold_hours: hold });
      const filer = filerOf(isApproved);
      const opponent = filer === creator ? executor : creator;
      const { dispute_id: id } = (await dispute(app, filer, taskId)).body;
      if (isLoserPoor) await emptied(end === 'won' ? opponent : filer);
      if (end === 'silence') await advance(app, 7 * 24 + 1);
      else expect((await decide(id, end)).status).toBe(200);

      const wasPaid = isApproved && hold === 0;
      const isPaid = isApproved ? end !== 'won' : end === 'won';
      // What the loser no longer has is owed, not minted; of a missing fee and penalty nothing is.
      const debt = end === 'won' && isLoserPoor && (wasPaid || !isApproved) ? 95 : 0;
      const price = { creator: isPaid ? -100 : 0, executor: isPaid ? 95 : 0 };
      if (debt > 0 && isApproved) Object.assign(price, { creator: -95, executor: 95 });
      if (debt > 0 && !isApproved) Object.assign(price, { creator: 0, executor: 0 });
      const punished = end === 'silence' || isLoserPoor ? 0 : -10;
      const paidFor = (agent: TestAgent): number => {
        const loser = end === 'won' ? opponent : filer;
        return (agent === loser ? punished : 0) + (agent === filer && end === 'lost' ? -25 : 0);
      };
      expect([await moved(taskId, creator), await moved(taskId, executor)]).toEqual([
        price.creator + paidFor(creator),
        price.executor + paidFor(executor),
      ]);
      expect([await owed(id), await heldFor(app, taskId)]).toEqual([debt, 0]);
      expect((await taskOf(app, taskId)).status).toBe(isPaid ? 'completed' : 'cancelled');
    });
  });

  it('are refused where there is nothing to dispute, and leave no trace', async () => {
    const unjudged = await anAcceptedBid(app, creator, executor, { validation_required: false });
    await submit(app, executor, unjudged.id);
    const working = await anAcceptedBid(app, creator, executor);
    const withdrawn = await aPostedTask(app, creator);
    await cancel(app, creator, withdrawn.id);
    const rejected = await judged(false);
    const refusals: [unknown, TestAgent, [number, string]][] = [
      [unjudged.id, creator, [409, 'nothing_to_dispute']],
      [working.id, executor, [409, 'wrong_task_status']],
      [withdrawn.id, creator, [409, 'nothing_to_dispute']],
      [rejected.taskId, creator, [403, 'not_the_executor']],
      [rejected.taskId, others[0]!, [403, 'not_the_executor']],
      ['tsk_zzzzzzzz', executor, [404, 'task_not_found']],
    ];
    for (const [taskId, by, answer] of refusals)
      expect(said(await dispute(app, by, String(taskId)))).toEqual(answer);
    await emptied(executor);
    expect(said(await dispute(app, executor, rejected.taskId))).toEqual([409, 'insufficient_balance']);
    expect((await taskOf(app, rejected.taskId)).status).toBe('cancelled');
    await grant(app, executor, 100);
    await advance(app, 48);
    expect(said(await dispute(app, executor, rejected.taskId))).toEqual([409, 'dispute_too_late']);
    const rows = await queryAs(app.database.ownerUrl, 'SELECT 1 FROM disputes WHERE task_id = $1', [
      rejected.taskId,
    ]);
    expect([rows, await moved(rejected.taskId, executor)]).toEqual([[], 0]);
  });

  it('wait until a debt is paid', async () => {
    const first = await judged(true);
    const second = await judged(false);
    await emptied(executor);
    const { dispute_id: id } = (await dispute(app, creator, first.taskId)).body;
    await decide(id, 'won');
    expect(said(await dispute(app, executor, second.taskId))).toEqual([403, 'debt_outstanding']);
    await grant(app, executor, 95 + 25);
    expect((await dispute(app, executor, second.taskId)).status).toBe(201);
    expect(await balanceOf(app, executor)).toBe(0);
  });

  it('are told in words, and answer nonsense with what is wrong', async () => {
    const { taskId } = await judged(false);
    const bodies = [
      undefined,
      [],
      {},
      { reasoning: null },
      { reasoning: 7 },
      { reasoning: 'x'.repeat(19) },
      { reasoning: ' '.repeat(20) },
      { reasoning: 'x'.repeat(5_001) },
      { reasoning: `${'x'.repeat(20)}\0` },
      { reasoning: 'x'.repeat(20), fee: 0 },
    ];
    for (const body of bodies) {
      const answer = await file(taskId, body);
      expect([body, ...said(answer)]).toEqual([body, 422, 'invalid_fields']);
    }
    for (const id of ['dsp_zzzzzzzz', 'x', '%E2%80%AE', 'd'.repeat(2_000)])
      expect(said(await app.api.get(`/v1/disputes/${id}`))).toEqual([404, 'dispute_not_found']);
    const reasoning = `\u202E${'ö'.repeat(4_998)}\u2069`;
    const filed = await file(taskId, { reasoning });
    expect([filed.status, filed.body.reasoning]).toEqual([201, reasoning]);
    for (const outcome of [undefined, null, true, 'open', 'WON'])
      expect((await operate(app, `disputes/${filed.body.dispute_id}/decide`, { outcome })).status).toBe(422);
    expect(said(await decide('dsp_zzzzzzzz', 'won'))).toEqual([404, 'dispute_not_found']);
  });

  it('cost their fee once, whatever is sent again', async () => {
    const { taskId } = await judged(false);
    const send = () =>
      app.api.post(
        `/v1/tasks/${taskId}/dispute`,
        { reasoning: 'Every criterion is met, as the tests show.' },
        { key: executor.key, headers: { 'idempotency-key': `dispute-${taskId}` } },
      );
    const [first, again] = [await send(), await send()];
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    expect(await moved(taskId, executor)).toBe(-25);
  });

  it('that a panel finds groundless cost the filer 35, and what the panel thinks of the work counts', async () => {
    const worker = await aVerifiedAgent(app);
    others.push(worker);
    const { taskId, submissionId } = await submittedWork(app, creator, worker, { price_points: 100 });
    // Who is no party to this one may be drawn for it.
    await decided(app, submissionId, [...others, executor], true);
    await experienced(4.5);
    const { dispute_id: id } = (await dispute(app, creator, taskId)).body;
    const five = await panelOf(app, submissionId, others, 5);
    expect(said(await decide(id, 'won'))).toEqual([409, 'not_in_the_queue']);
    const answers = [];
    for (const [index, quality] of [5, 4, 2, 5].entries()) {
      const scores = { completeness: 3, quality, criteria_met: 3 };
      answers.push(await vote(app, five[index]!, submissionId, index !== 2, { scores }));
    }
    await experienced(0);
    expect(answers.map(({ body }) => body.resolution)).toEqual(['pending', 'pending', 'pending', 'approved']);
    expect(said(await vote(app, five[4]!, submissionId, true))).toEqual([409, 'voting_closed']);
    expect((await app.api.get(`/v1/disputes/${id}`)).body).toMatchObject({
      status: 'lost',
      resolved_by: 'panel',
    });
    expect([await moved(taskId, creator, 'dispute'), await moved(taskId, worker)]).toEqual([-35, 95]);
    expect((await app.api.get(`/v1/agents/${worker.id}`)).body).toMatchObject({
      avg_rating: 4,
      success_rate: 100,
    });
    await until('the loser hears of it', async () => {
      const { data } = (
        await app.api.get('/v1/agents/me/events?types=dispute.resolved&limit=100', { key: creator.key })
      ).body;
      return data.some(
        (event: Json) => event.data.dispute_id === id && event.data.loser_agent_id === creator.id,
      );
    });
  });

  it('that an operator finds right say who has decided now, and take back what was counted as burnt', async () => {
    const { taskId, submissionId } = await judged(true);
    const { dispute_id: id } = (await dispute(app, creator, taskId)).body;
    const verdict = async (): Promise<Json> =>
      (await app.api.get(`/v1/validations/${submissionId}/result`)).body;
    const burnt = async (): Promise<unknown> =>
      (
        await queryAs<Json>(
          app.database.ownerUrl,
          'SELECT fee_burnt AS burnt FROM judgements WHERE submission_id = $1',
          [submissionId],
        )
      )[0]!.burnt;
    expect([(await verdict()).decided_by, await burnt()]).toEqual(['panel', '5.00']);
    await decide(id, 'won');
    expect(await verdict()).toMatchObject({ resolution: 'rejected', decided_by: 'operator' });
    expect(await burnt()).toBeNull();
  });

  it.each(ROUNDS)('end once, when two operators find the opposite at the same moment (%d)', async () => {
    const { taskId } = await judged(true, { payout_hold_hours: 24 });
    const { dispute_id: id } = (await dispute(app, creator, taskId)).body;
    const answers = await Promise.all([decide(id, 'won'), decide(id, 'lost'), decide(id, 'won')]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
    const { status } = (await app.api.get(`/v1/disputes/${id}`)).body;
    expect([status, await moved(taskId, creator)]).toEqual(status === 'won' ? ['won', 0] : ['lost', -135]);
  });

  it.each(ROUNDS)('end once, when an operator decides as its time runs out (%d)', async () => {
    const { taskId } = await judged(false);
    const { dispute_id: id } = (await dispute(app, executor, taskId)).body;
    await advance(app, 7 * 24 - 1);
    const [answer] = await Promise.all([decide(id, 'won'), advance(app, 1)]);
    expect([200, 409]).toContain(answer.status);
    const { status, resolved_by: by } = (await app.api.get(`/v1/disputes/${id}`)).body;
    expect([status, by]).toEqual(answer.status === 200 ? ['won', 'operator'] : ['lost', 'silence']);
    expect(await moved(taskId, executor)).toBe(answer.status === 200 ? 95 : 0);
  });
});
