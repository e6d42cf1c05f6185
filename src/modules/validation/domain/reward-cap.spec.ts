import { points } from '#kernel/money';
import { capFor, rewardDueAt } from './reward-cap.js';

const NOON = new Date('2026-03-12T12:00:00.000Z');
const MIDNIGHT = new Date('2026-03-13T00:00:00.000Z');

it('is 20 points, or ten times what the creator burnt', () => {
  expect([capFor(points(0)), capFor(points(2)), capFor(points(3))]).toEqual([
    points(20),
    points(20),
    points(30),
  ]);
});

it.each([
  { minted: 0, fees: 0, due: NOON },
  { minted: 13, fees: 0, due: NOON },
  { minted: 14, fees: 0, due: MIDNIGHT },
  { minted: 14, fees: 3, due: NOON },
])('after $minted points and with $fees burnt, 7 more are due at $due', ({ minted, fees, due }) => {
  expect(rewardDueAt(points(7), points(minted), points(fees), NOON)).toEqual(due);
});
