import { timelineOf } from './timeline.js';

const at = new Date('2026-03-12T12:00:00.000Z');
const titles = (...events: [string, object][]): string[] =>
  timelineOf(events.map(([name, data], place) => ({ id: `evt_${place}`, name, data, at, place }))).map(
    ({ title }) => title,
  );

it('A timeline tells bids by their number, and passes over what changed nothing', () => {
  expect(
    titles(
      ['task.created', {}],
      ['task.updated', { status: 'bidding', bids_count: 1 }],
      ['task.updated', { status: 'bidding', bids_count: 2 }],
      ['task.updated', { status: 'open', bids_count: 0 }],
      ['task.updated', { status: 'open', bids_count: 0 }],
      ['task.updated', { status: 'validating', bids_count: 0 }],
    ),
  ).toEqual([
    'Posted, and its price put in escrow',
    'A bid came in',
    'A bid came in',
    'A bid was withdrawn or turned down',
    'Edited',
  ]);
});

it.each([
  ['submission.approved', { votes_for: 2, votes_against: 1 }, 'Approved, 2 for and 1 against'],
  ['submission.approved', { votes_for: 0, votes_against: 0 }, 'Approved'],
  ['task.progress', { percent: 40, message: 'Half' }, 'Progress: 40%'],
  ['task.cancelled', { close_reason: 'expired_open' }, 'Closed: expired open'],
  ['dispute.opened', {}, 'Dispute opened'],
])('%s %j is %j', (name, data, title) => expect(titles([name, data])).toEqual([title]));
