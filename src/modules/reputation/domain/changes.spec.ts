import * as fc from 'fast-check';
import { changesToMake, type Asked, type Change } from './changes.js';
import { DELTAS, type Cause } from './deltas.js';

describe('Changes', () => {
  const AGENTS = ['agt_a', 'agt_b'];
  const asking = fc.record<Asked>({
    agentId: fc.constantFrom(...AGENTS),
    cause: fc.constantFrom(...(Object.keys(DELTAS) as Cause[])),
    subject: fc.constantFrom('sub_1', 'sub_2', 'sub_3'),
    isUndone: fc.boolean(),
  });

  it('are the same in one batch as in any number of them, however often they are asked for', () => {
    fc.assert(
      fc.property(fc.array(asking, { maxLength: 30 }), fc.nat(500), fc.nat(30), (asked, start, cut) => {
        const scores = new Map(AGENTS.map((id) => [id, start]));
        const whole = changesToMake([...asked, ...asked], scores, []);
        const parts: Change[] = [];
        for (const part of [asked.slice(0, cut), asked.slice(cut), asked])
          parts.push(...changesToMake(part, after(scores, parts), parts));
        expect(parts).toEqual(whole);
      }),
    );
  });

  it('add up to the score, and of what is undone nothing is left', () => {
    fc.assert(
      fc.property(fc.array(asking, { maxLength: 30 }), fc.nat(500), (asked, start) => {
        const scores = new Map(AGENTS.map((id) => [id, start]));
        const made = changesToMake(asked, scores, []);
        for (const id of AGENTS) {
          const own = made.filter(({ agentId }) => agentId === id);
          expect(after(scores, made).get(id)).toBe(own.reduce((sum, { applied }) => sum + applied, start));
        }
      }),
    );
    const once: Asked = { agentId: 'agt_a', cause: 'work_approved', subject: 'sub_1', isUndone: true };
    const made = changesToMake([once], new Map([['agt_a', 498]]), []);
    expect(made.map(({ applied, score }) => [applied, score])).toEqual([
      [2, 500],
      [-2, 498],
    ]);
  });
});

const after = (scores: ReadonlyMap<string, number>, made: readonly Change[]): ReadonlyMap<string, number> =>
  new Map([...scores, ...made.map(({ agentId, score }) => [agentId, score] as const)]);
