import type { TestAgent } from '../builders/agents.js';
import { reinstate, settled, suspend } from '../builders/suspensions.js';
import { balanceOf, heldFor, wrapUp } from '../builders/tasks.js';
import { aCourt, advance, panelOf, submittedWork, taskOf, vote, voteAll } from '../builders/validation.js';
import type { TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';
import { until } from '../support/until.js';

describe('Suspending a validator', () => {
  let app: TestApp;
  let creator: TestAgent;
  let executor: TestAgent;
  let others: TestAgent[];
  let work: { taskId: string; submissionId: string };
  let panel: TestAgent[];
  beforeEach(async () => {
    ({ app, creator, executor, others } = await aCourt(4, { creator: 1_000 }));
    work = await submittedWork(app, creator, executor, { price_points: 100 });
    panel = await panelOf(app, work.submissionId, others);
  });
  afterEach(() => wrapUp(app));

  const seats = (
    submissionId: string,
  ): Promise<{ agent: string; ended: string | null; right: boolean | null }[]> =>
    queryAs(
      app.database.ownerUrl,
      `SELECT validator_agent_id AS agent, ended, was_right AS "right" FROM validations WHERE submission_id = $1
        ORDER BY assigned_at, id`,
      [submissionId],
    );

  it('or the creator of the work: a rejection still refunds it', async () => {
    await suspend(app, creator);
    await voteAll(app, panel, work.submissionId, [false, false]);
    expect(await taskOf(app, work.taskId)).toMatchObject({ status: 'cancelled', close_reason: 'rejected' });
    expect(await balanceOf(app, creator)).toBe(1_110);
  });

  it('gives its seat to another at once, without a fine or a trace', async () => {
    const [first, second] = panel;
    const balance = await balanceOf(app, first!);
    await suspend(app, first!);
    await settled(app);
    const open = await panelOf(app, work.submissionId, others);
    expect(open.map(({ id }) => id)).not.toContain(first!.id);
    expect(open).toHaveLength(3);
    expect((await seats(work.submissionId)).filter(({ ended }) => ended)).toEqual([
      { agent: first!.id, ended: 'suspended', right: null },
    ]);
    expect(await balanceOf(app, first!)).toBe(balance);
    const accuracy = await app.api.get(`/v1/agents/${first!.id}/validation-accuracy`);
    expect(accuracy.body).toMatchObject({ accuracy: null });
    await reinstate(app, first!);
    const late = await vote(app, first!, work.submissionId, true);
    expect([late.status, late.body.error, late.body.why]).toEqual([409, 'voting_closed', 'suspended']);
    await voteAll(app, [second!, open.find(({ id }) => id !== second!.id)!], work.submissionId, [true, true]);
    await settled(app);
    expect((await taskOf(app, work.taskId)).status).toBe('completed');
    expect(await balanceOf(app, first!)).toBe(balance);
    const given = (await seats(work.submissionId)).find(({ agent }) => agent === first!.id);
    expect(given!.right).toBeNull();
  });

  it('who has voted leaves the vote as it is', async () => {
    const [first, second] = panel;
    await voteAll(app, [first!], work.submissionId, [true]);
    await suspend(app, first!);
    await settled(app);
    expect(await seats(work.submissionId)).toHaveLength(3);
    await voteAll(app, [second!], work.submissionId, [true]);
    expect((await taskOf(app, work.taskId)).status).toBe('completed');
  });

  it('when nobody else may judge leaves the seat vacant, and time ends it', async () => {
    for (const one of others.filter(({ id }) => !panel.some((seated) => seated.id === id)))
      await suspend(app, one);
    await suspend(app, panel[0]!);
    await settled(app);
    expect(await panelOf(app, work.submissionId, others, 2)).toHaveLength(2);
    await voteAll(app, [panel[1]!], work.submissionId, [true]);
    await advance(app, 49);
    expect((await taskOf(app, work.taskId)).status).toBe('completed');
  });

  it('every one of them leaves it to the operators, and then to time', async () => {
    for (const one of others) await suspend(app, one);
    await settled(app);
    await until('nobody sits any more', async () =>
      (await seats(work.submissionId)).every(({ ended }) => ended === 'suspended'),
    );
    await advance(app, 10 * 24);
    const task = await taskOf(app, work.taskId);
    expect(['completed', 'cancelled']).toContain(task.status);
    expect(await heldFor(app, work.taskId)).toBe(0);
  });

  it('beside its own vote: the one or the other, and three sit or have voted', async () => {
    const [first] = panel;
    const [voted] = await Promise.all([vote(app, first!, work.submissionId, true), suspend(app, first!)]);
    await settled(app);
    const mine = (await seats(work.submissionId)).find(({ agent }) => agent === first!.id)!;
    expect(mine.ended).toBe(voted.status === 200 ? null : 'suspended');
    expect(await seats(work.submissionId)).toHaveLength(voted.status === 200 ? 3 : 4);
  });
});
