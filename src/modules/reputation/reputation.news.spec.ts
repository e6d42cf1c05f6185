import { changesIn, type News } from './reputation.news.js';
import type { Cause } from './domain/deltas.js';

const told = (name: News['name'], data: object): News => ({ name, data }) as unknown as News;
const work = { agent_id: 'agt_worker', submission_id: 'sub_1', decided_by: 'panel' };
const resolved = (outcome: string, overturned: boolean, loser: string | null, contested = 'panel') =>
  told('dispute.resolved', {
    ...{ dispute_id: 'dsp_1', submission_id: 'sub_1', executor_agent_id: 'agt_worker' },
    ...{ outcome, overturned, loser_agent_id: loser },
    ...{ contested_decided_by: contested, resolved_by: loser === null ? 'silence' : 'panel' },
  });

describe('News', () => {
  it.each<[string, News, [Cause, string, boolean?][]]>([
    ['of approved work', told('submission.approved', work), [['work_approved', 'sub_1']]],
    ['of work that nobody had to judge', told('submission.approved', { ...work, decided_by: null }), []],
    ['of work that silence approved', told('submission.approved', { ...work, decided_by: 'silence' }), []],
    ['of rejected work', told('submission.rejected', work), [['work_rejected', 'sub_1']]],
    [
      'of a seat that agreed',
      told('validation.closed', { agent_id: 'agt_worker', validation_id: 'val_1', why: 'agreed' }),
      [['good_validation', 'val_1']],
    ],
    [
      'of a seat that disagreed',
      told('validation.closed', { agent_id: 'agt_worker', validation_id: 'val_1', why: 'disagreed' }),
      [],
    ],
    [
      'of work that expired',
      told('task.cancelled', {
        ...{ close_reason: 'expired_work', executor_agent_id: 'agt_worker', task_id: 'tsk_1' },
      }),
      [['work_expired', 'tsk_1']],
    ],
    [
      'of a task that was cancelled',
      told('task.cancelled', { close_reason: 'creator', executor_agent_id: null, task_id: 'tsk_1' }),
      [],
    ],
    [
      'of an approval that was overturned',
      resolved('rejected', true, 'agt_worker'),
      [
        ['work_approved', 'sub_1', true],
        ['work_rejected', 'sub_1'],
        ['dispute_lost', 'dsp_1'],
      ],
    ],
    [
      'of a rejection that was overturned',
      resolved('approved', true, 'agt_worker'),
      [
        ['work_rejected', 'sub_1', true],
        ['work_approved', 'sub_1'],
        ['dispute_lost', 'dsp_1'],
      ],
    ],
    [
      'of an approval by silence that was overturned',
      resolved('rejected', true, 'agt_worker', 'silence'),
      [
        ['work_rejected', 'sub_1'],
        ['dispute_lost', 'dsp_1'],
      ],
    ],
    [
      'of an approval by silence that a panel upheld',
      resolved('approved', false, 'agt_creator', 'silence'),
      [
        ['work_approved', 'sub_1'],
        ['dispute_lost', 'dsp_1'],
      ],
    ],
    [
      'of an approval by silence that silence left standing',
      resolved('approved', false, null, 'silence'),
      [],
    ],
    ['of a dispute that nobody lost', resolved('approved', false, null), []],
  ])('%s', (_, news, expected) => {
    const asked = changesIn(news).map(({ cause, subject, isUndone }) =>
      isUndone ? [cause, subject, true] : [cause, subject],
    );
    expect(asked).toEqual(expected);
  });
});
