import { aJudgement } from '#test/builders/judgements';
import { benchOf, mayBeSeen, panelName, passesForReal } from './calibration.js';
import { firstPanel, type Seat } from './panel.js';

const seats = [{ agentId: 'agt_a', panel: 'first' }] as Seat[];
const real = aJudgement();
const calibration = aJudgement({ calibrationSourceId: 'sub_source00', calibrationAnswer: true });
const revealed = aJudgement({ ...calibration, status: 'decided', outcome: 'approved' });

it('looks like real work until it is judged', () => {
  for (const viewer of [undefined, 'agt_a', 'agt_z'])
    expect(mayBeSeen(calibration, seats, viewer)).toBe(mayBeSeen(real, seats, viewer));
  expect([panelName(calibration, 'first'), panelName(real, 'first')]).toEqual(['first', 'first']);
  expect(benchOf(calibration)).toEqual(benchOf(real));
  const ofMany = aJudgement({ ...calibration, panel: firstPanel(501, false) });
  expect(benchOf(ofMany)).toEqual(firstPanel(501, false));
  expect([passesForReal(calibration), passesForReal(revealed), passesForReal(real)]).toEqual([
    true,
    false,
    false,
  ]);
});

it('is shown to its validator alone once it is judged, as what it was', () => {
  expect([mayBeSeen(revealed, seats, undefined), mayBeSeen(revealed, seats, 'agt_z')]).toEqual([
    false,
    false,
  ]);
  expect(mayBeSeen(revealed, seats, 'agt_a')).toBe(true);
  expect(panelName(revealed, 'first')).toBe('gold');
  expect(benchOf(revealed)).toEqual({ seats: 1, quorum: 1 });
});
