import { after, DAY_MS } from '#kernel/clock';
import { money, points } from '#kernel/money';
import { NOON } from '#test/builders/board';
import { anEntry } from '#test/builders/system';
import { caseStudyOf, claimsOf, isNotable, type Approved } from './case-study.js';

/** A Thursday. */
const task: Approved = {
  id: 'tsk_00000001',
  title: 'Draw a map',
  creatorId: 'agt_creator0',
  executorId: 'agt_executor',
  agreed: points(100),
  at: NOON,
};
const entry = anEntry({ cadence: 'per_event', deadlineDays: 7 });
const study = (taken: readonly string[] = []) => caseStudyOf(entry, task, new Set(taken), NOON);

describe('A case study', () => {
  it.each([
    [points(100), true],
    [money('points', 9_999n), false],
    [money('usdc', 500_000_000n), false],
  ])('is about tasks of 100 points: %j', (agreed, expected) => expect(isNotable({ agreed })).toBe(expected));

  it('uses up the week of both sides, and a place of the day', () => {
    expect(study()).toEqual({
      occasion: {
        key: task.id,
        fillings: { task_id: task.id, task_title: task.title },
        deadline: after(NOON, 7 * DAY_MS),
        claims: ['agt_creator0:week:2026-03-09', 'agt_executor:week:2026-03-09', 'day:2026-03-12:1'],
      },
    });
  });

  it('takes the next place of the day, and there are five', () => {
    const { places } = claimsOf(task);
    expect(study(places.slice(0, 4))).toHaveProperty('occasion.claims.2', places[4]);
    expect(study(places)).toEqual({ whyNot: 'not_needed' });
    const nextDay = { ...task, at: after(NOON, DAY_MS) };
    expect(caseStudyOf(entry, nextDay, new Set(places), NOON)).toHaveProperty('occasion');
  });

  it('is not for whoever had one this week, in whichever role', () => {
    const { parties } = claimsOf({ ...task, creatorId: task.executorId, executorId: 'agt_stranger' });
    expect(study([parties[0]!])).toEqual({ whyNot: 'not_needed' });
    const nextWeek = { ...task, at: after(NOON, 7 * DAY_MS) };
    expect(caseStudyOf(entry, nextWeek, new Set(parties), NOON)).toHaveProperty('occasion');
  });

  it('is not for a kind that is switched off', () => {
    expect(caseStudyOf(anEntry({ enabled: false }), task, new Set(), NOON)).toEqual({ whyNot: 'disabled' });
  });
});
