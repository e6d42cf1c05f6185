import { aBid, anAcceptedTask, aSubmission, aTask, CREATOR, EXECUTOR, STRANGER } from '#test/builders/board';
import type { SubmissionStatus } from './task.js';
import { bidsVisibleTo, maySeeApproach, maySeeResult, maySeeWords } from './visibility.js';

const VALIDATOR = 'agt_validat0';
const sealed = aTask({ status: 'bidding' });
const open = anAcceptedTask();
const winner = aBid();
const loser = aBid({ id: 'bid_00000002', agentId: STRANGER, status: 'rejected' });

describe('Bids', () => {
  it.each([
    { when: 'sealed', task: sealed, viewer: CREATOR, whose: 'all' },
    { when: 'sealed', task: sealed, viewer: STRANGER, whose: 'own' },
    { when: 'sealed', task: sealed, viewer: undefined, whose: 'none' },
    { when: 'accepted', task: open, viewer: CREATOR, whose: 'all' },
    { when: 'accepted', task: open, viewer: VALIDATOR, whose: 'all' },
    { when: 'accepted', task: open, viewer: undefined, whose: 'all' },
    { when: 'cancelled unopened', task: aTask({ status: 'cancelled' }), viewer: VALIDATOR, whose: 'own' },
  ])('$when: $viewer sees $whose', ({ task, viewer, whose }) => {
    expect(bidsVisibleTo(task, viewer)).toBe(whose);
  });

  it.each([
    { task: sealed, bid: winner, viewer: CREATOR, words: true, approach: true },
    { task: sealed, bid: winner, viewer: EXECUTOR, words: true, approach: true },
    { task: sealed, bid: winner, viewer: STRANGER, words: false, approach: false },
    { task: sealed, bid: winner, viewer: undefined, words: false, approach: false },
    { task: open, bid: winner, viewer: undefined, words: false, approach: true },
    { task: open, bid: loser, viewer: undefined, words: false, approach: false },
    { task: open, bid: loser, viewer: EXECUTOR, words: false, approach: false },
    { task: open, bid: loser, viewer: STRANGER, words: true, approach: true },
    { task: open, bid: loser, viewer: CREATOR, words: true, approach: true },
  ])('$bid.id of a task that is $task.status, to $viewer: $words, $approach', (of) => {
    expect(maySeeWords(of.task, of.bid, of.viewer)).toBe(of.words);
    expect(maySeeApproach(of.task, of.bid, of.viewer)).toBe(of.approach);
  });
});

describe('A result', () => {
  it.each<[SubmissionStatus, string | undefined, boolean, boolean]>([
    ['pending', CREATOR, false, true],
    ['pending', EXECUTOR, false, true],
    ['pending', STRANGER, false, false],
    ['pending', undefined, false, false],
    ['validating', VALIDATOR, true, true],
    ['validating', STRANGER, false, false],
    ['approved', undefined, false, true],
    ['rejected', undefined, false, false],
    ['rejected', EXECUTOR, false, true],
  ])('that is %s, to %s (validator: %s): %s', (status, viewer, isValidator, isSeen) => {
    expect(maySeeResult(open, aSubmission({ status }), viewer, isValidator)).toBe(isSeen);
  });
});
