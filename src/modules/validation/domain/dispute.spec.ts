import { after } from '#kernel/clock';
import {
  DISPUTE_VOTE_MS,
  lapse,
  openDispute,
  outcomeOf,
  resolve,
  type Dispute,
  type Outcome,
} from './dispute.js';

const AT = new Date('2026-03-12T12:00:00.000Z');
const file = (by: string, verdict: Outcome): Dispute => ({
  id: 'dsp_00000001',
  ...openDispute(
    {
      taskId: 'tsk_00000001',
      submissionId: 'sub_00000001',
      creatorId: 'agt_creator0',
      executorId: 'agt_executor',
      verdict,
    },
    by,
    'The criteria are met, see the tests.',
    AT,
  ),
});

it('is open for 72 hours', () => {
  expect(file('agt_executor', 'rejected')).toMatchObject({
    status: 'open',
    deadline: after(AT, DISPUTE_VOTE_MS),
  });
});

describe('the end', () => {
  it.each([
    { by: 'agt_executor', verdict: 'rejected', found: 'approved', status: 'won', loser: 'agt_creator0' },
    { by: 'agt_executor', verdict: 'rejected', found: 'rejected', status: 'lost', loser: 'agt_executor' },
    { by: 'agt_creator0', verdict: 'approved', found: 'rejected', status: 'won', loser: 'agt_executor' },
    { by: 'agt_creator0', verdict: 'approved', found: 'approved', status: 'lost', loser: 'agt_creator0' },
  ] as const)('$by contests $verdict, $found is found: $status', ({ by, verdict, found, status, loser }) => {
    const isWon = status === 'won';
    expect(resolve(file(by, verdict), found, 'panel', AT)).toMatchObject({
      loser,
      feeBack: isWon,
      overturned: isWon,
      dispute: { status, resolvedBy: 'panel', resolvedAt: AT },
    });
  });

  it('by silence leaves everything as it was and gives the fee back', () => {
    expect(lapse(file('agt_executor', 'rejected'), AT)).toMatchObject({
      overturned: false,
      feeBack: true,
      loser: null,
      dispute: { status: 'lost', resolvedBy: 'silence' },
    });
  });

  it('is told as whoever filed it sees it', () => {
    const contested = file('agt_creator0', 'approved');
    expect([outcomeOf(contested, 'won'), outcomeOf(contested, 'lost')]).toEqual(['rejected', 'approved']);
  });
});
