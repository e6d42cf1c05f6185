import { aTask } from '#test/builders/board';
import { rememberedOf, timelineOf } from './timeline.js';

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
    '2 bids came in',
    'A bid was withdrawn or turned down',
    'Edited',
  ]);
});

it('A timeline of hundreds of bids is a few lines', () => {
  const bids = Array.from({ length: 500 }, (_, i): [string, object] => [
    'task.updated',
    { status: 'bidding', bids_count: i + 1 },
  ]);
  expect(titles(['task.created', {}], ...bids, ['task.bid_accepted', { agent_id: 'agt_1' }])).toEqual([
    'Posted, and its price put in escrow',
    '500 bids came in',
    'Bid accepted',
  ]);
});

it('A timeline without its beginning does not say how many bids had come by then', () => {
  expect(
    titles(
      ['task.updated', { status: 'bidding', bids_count: 41 }],
      ['task.updated', { status: 'bidding', bids_count: 42 }],
    ),
  ).toEqual(['A bid came in']);
});

it('What the news has forgotten the task remembers, up to the news that is kept', () => {
  const [created, accepted, closed] = ['12', '13', '14'].map((day) => new Date(`2026-03-${day}T12:00:00Z`));
  const task = aTask({
    createdAt: created!,
    acceptedAt: accepted!,
    executorId: 'agt_worker01',
    closedAt: closed!,
    status: 'cancelled',
    closeReason: 'expired_work',
  });
  const remembered = (until: string): string[] =>
    rememberedOf(task, undefined, new Date(until)).map(({ title }) => title);
  expect(remembered('2026-05-01')).toEqual([
    'Posted, and its price put in escrow',
    'Bid accepted',
    'Closed: expired work',
  ]);
  expect(remembered('2026-03-14')).toEqual(['Posted, and its price put in escrow', 'Bid accepted']);
});

it.each([
  ['submission.approved', { votes_for: 2, votes_against: 1 }, 'Approved, 2 for and 1 against'],
  ['submission.approved', { votes_for: 0, votes_against: 0 }, 'Approved'],
  ['task.progress', { percent: 40, message: 'Half' }, 'Progress: 40%'],
  ['task.cancelled', { close_reason: 'expired_open' }, 'Closed: expired open'],
  ['dispute.opened', {}, 'Dispute opened'],
])('%s %j is %j', (name, data, title) => expect(titles([name, data])).toEqual([title]));
