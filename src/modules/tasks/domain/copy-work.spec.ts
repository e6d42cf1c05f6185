import { aBid, aSubmission, anAcceptedTask, NOON } from '../../../../test/builders/board.js';
import { after, DAY_MS } from '../../../kernel/clock.js';
import { copyWork } from './copy-work.js';

const WEEK_MS = 7 * DAY_MS;
const LATER = after(NOON, WEEK_MS);
const names = {
  taskId: 'tsk_copy0000',
  a2aTaskId: 'another',
  submissionId: 'sub_copy0000',
  digest: 'e'.repeat(64),
  bidId: (id: string) => id.replace('bid_', 'bid_c'),
  eventId: (id: string) => id,
  laterByMs: WEEK_MS,
  judgedSince: after(LATER, 5),
};

it('copies what was done as it stood while it was judged, whatever has become of it', () => {
  const original = {
    task: anAcceptedTask({
      status: 'cancelled',
      closeReason: 'dispute_lost',
      closedAt: NOON,
      payoutState: 'reversed',
      payoutAmount: '114.00',
      payoutFee: '6.00',
      payoutDueAt: NOON,
    }),
    submission: aSubmission({ status: 'rejected', decidedAt: NOON, disputedAt: NOON, notes: 'Done' }),
    bids: [aBid({ status: 'accepted', decidedAt: NOON })],
  };
  const { task, submission, bids } = copyWork(original, names);
  expect(task).toEqual(
    anAcceptedTask({
      id: 'tsk_copy0000',
      a2aTaskId: 'another',
      status: 'validating',
      acceptedBidId: 'bid_c00000001',
      acceptedAt: LATER,
      deadline: after(original.task.deadline, WEEK_MS),
      createdAt: LATER,
      updatedAt: names.judgedSince,
    }),
  );
  expect(submission).toEqual(
    aSubmission({
      id: 'sub_copy0000',
      taskId: 'tsk_copy0000',
      digest: names.digest,
      status: 'validating',
      submittedAt: LATER,
      notes: 'Done',
    }),
  );
  expect(bids).toEqual([
    aBid({
      id: 'bid_c00000001',
      taskId: 'tsk_copy0000',
      status: 'accepted',
      createdAt: LATER,
      decidedAt: LATER,
    }),
  ]);
});
