import { agentChanges, taskChanges, type Changes, type CountedTask } from './contribution.js';

const aTask = (fields: Partial<CountedTask> = {}): CountedTask => ({
  taskId: 'tsk_00000001',
  title: 'Write a post',
  category: 'content',
  status: 'open',
  creatorId: 'agt_creator0',
  executorId: null,
  currency: 'points',
  price: '150.00',
  earned: '0',
  verdict: null,
  createdAt: new Date('2026-03-12T23:59:59.999Z'),
  closedAt: null,
  ...fields,
});

const completed = aTask({
  status: 'completed',
  executorId: 'agt_executor',
  earned: '142.5',
  closedAt: new Date('2026-03-14T00:00:00.000Z'),
  verdict: { outcome: 'approved', votesFor: 2, votesAgainst: 0, at: new Date('2026-03-14T00:00:00.000Z') },
});

/** All entries of one figure together, as the table sums them up. */
const sum = (entries: readonly object[], figure: string): number =>
  entries.reduce((total, entry) => total + Number((entry as Record<string, unknown>)[figure] ?? 0), 0);

const everything = ({ board, days, agentDays }: Changes): number[] => [
  sum(board, 'tasks'),
  sum(board, 'points'),
  sum(days, 'tasks_posted'),
  sum(days, 'tasks_completed'),
  sum(days, 'volume_points'),
  sum(days, 'works_approved'),
  sum(days, 'verdicts_unanimous'),
  sum(agentDays, 'tasks_completed'),
  sum(agentDays, 'earned_points'),
];

describe('A task', () => {
  it('is posted on its day, in its cell of the board', () => {
    expect(taskChanges(undefined, aTask())).toEqual({
      board: [{ category: 'content', status: 'open', tasks: 1, points: '150.00' }],
      days: [{ day: '2026-03-12', tasks_posted: 1 }],
      agentDays: [],
    });
  });

  it('adds nothing when it is told again', () => {
    expect(everything(taskChanges(completed, completed))).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('moves to another cell and is paid for, once it is completed', () => {
    const changes = taskChanges(aTask(), completed);
    expect(changes.board).toEqual([
      { category: 'content', status: 'open', tasks: -1, points: '-150.00' },
      { category: 'content', status: 'completed', tasks: 1, points: '150.00' },
    ]);
    expect(everything(changes)).toEqual([0, 0, 0, 1, 150, 1, 1, 1, 142.5]);
    expect(changes.agentDays).toEqual([
      {
        agent_id: 'agt_executor',
        day: '2026-03-14',
        tasks_completed: 1,
        earned_points: '142.50',
        earned_usdc: '0',
      },
    ]);
  });

  it('takes everything off again when a dispute ends otherwise', () => {
    const overturned = aTask({
      status: 'cancelled',
      executorId: 'agt_executor',
      closedAt: new Date('2026-03-16T09:00:00.000Z'),
      verdict: completed.verdict,
    });
    const there = taskChanges(aTask(), completed);
    const back = taskChanges(completed, overturned);
    expect(sum([...there.days, ...back.days], 'volume_points')).toBe(0);
    expect(sum([...there.agentDays, ...back.agentDays], 'earned_points')).toBe(0);
    expect(sum([...there.agentDays, ...back.agentDays], 'tasks_completed')).toBe(0);
    expect(sum(back.days, 'tasks_cancelled')).toBe(1);
  });

  it('counts USDC beside the points, never among them', () => {
    const inUsdc = { ...completed, currency: 'usdc', price: '5.000000', earned: '4.850000' } as const;
    const { board, days, agentDays } = taskChanges(undefined, inUsdc);
    expect([sum(board, 'points'), sum(days, 'volume_points'), sum(agentDays, 'earned_points')]).toEqual([
      0, 0, 0,
    ]);
    expect([sum(days, 'volume_usdc'), sum(agentDays, 'earned_usdc')]).toEqual([5, 4.85]);
  });

  it.each([
    { votesFor: 2, votesAgainst: 1, unanimous: 0 },
    { votesFor: 0, votesAgainst: 3, unanimous: 1 },
    { votesFor: 0, votesAgainst: 0, unanimous: 0 },
  ])('$votesFor to $votesAgainst is unanimous: $unanimous', ({ votesFor, votesAgainst, unanimous }) => {
    const verdict = { ...completed.verdict!, votesFor, votesAgainst };
    expect(sum(taskChanges(undefined, { ...completed, verdict }).days, 'verdicts_unanimous')).toBe(unanimous);
  });
});

describe('An agent', () => {
  const unknown = { registered: null, verified: null, isListed: true, reputation: '0.00' };
  const newcomer = { ...unknown, registered: '2026-03-12' };

  it('comes once and is verified once', () => {
    expect(agentChanges(unknown, newcomer)).toEqual([{ day: '2026-03-12', agents_registered: 1 }]);
    const verified = agentChanges(newcomer, { ...newcomer, verified: '2026-03-13' });
    expect(sum(verified, 'agents_registered')).toBe(0);
    expect(sum(verified, 'agents_verified')).toBe(1);
  });
});
