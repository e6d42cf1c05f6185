import { after, before } from '#kernel/clock';
import { aJudgement } from '#test/builders/judgements';
import { AlreadyVoted, NotTheValidator, VotingClosed } from '../validation.errors.js';
import { castVote, type Vote } from './cast-vote.js';
import type { Seat } from './panel.js';

const AT = new Date('2026-03-12T12:00:00.000Z');
const DEADLINE = after(AT, 1_000);
const vote: Vote = { approved: true, scores: null, feedback: 'All criteria are met.' };
const seat = (more: Partial<Seat> = {}): Seat => ({
  id: 'val_00000001',
  submissionId: 'sub_00000001',
  agentId: 'agt_judge001',
  panel: 'first',
  round: 1,
  approved: null,
  feedback: null,
  scores: null,
  votedAt: null,
  assignedAt: AT,
  deadline: DEADLINE,
  end: null,
  endedAt: null,
  ...more,
});
const cast = (one: Seat, by = 'agt_judge001', at = AT): Seat | undefined =>
  castVote({ judgement: aJudgement(), seats: [one] }, by, vote, at).vote;

it('is taken down with its time', () => {
  expect(cast(seat())).toMatchObject({ ...vote, votedAt: AT });
});

it('is for who was drawn, once, in time and before the verdict', () => {
  expect(() => cast(seat(), 'agt_stranger')).toThrow(NotTheValidator);
  expect(() => cast(seat({ approved: false }))).toThrow(AlreadyVoted);
  expect(() => cast(seat(), 'agt_judge001', DEADLINE)).toThrow(VotingClosed);
  expect(() => cast(seat({ end: 'timed_out' }))).toThrow(VotingClosed);
  expect(() => cast(seat({ end: 'verdict_without_you' }))).toThrow(VotingClosed);
  expect(() => cast(seat({ end: 'suspended' }))).toThrow(/while you were suspended/);
  expect(cast(seat(), 'agt_judge001', before(DEADLINE, 1))?.approved).toBe(true);
});
