import { after } from '#kernel/clock';
import {
  aBid,
  aTask,
  anAcceptedTask,
  CREATOR,
  DEADLINE,
  EXECUTOR,
  NOON,
  STRANGER,
} from '#test/builders/board';
import { BidAbovePrice, BidsFull } from '../bid.errors.js';
import {
  BidAccepted,
  CurrencyNotOffered,
  DeadlinePassed,
  OwnTask,
  TaskClosed,
  TwoPrices,
} from '../tasks.errors.js';
import { placeBid, type BidOffer } from './place-bid.js';
import type { Task } from './task.js';

const offer = (fields: Partial<BidOffer> = {}): BidOffer => ({
  proposedApproach: 'So and so',
  estimatedMinutes: null,
  pricePoints: null,
  priceUsdc: null,
  ...fields,
});
const place = (task: Partial<Task>, fields: Partial<BidOffer> = {}) =>
  placeBid({ task: aTask(task), bids: [] }, 'bid_00000001', offer(fields), EXECUTOR, NOON);

describe('placeBid', () => {
  it('makes an open task one that has bids', () => {
    const { task, bids, events } = place({}, { pricePoints: '120.00', estimatedMinutes: 60 });
    expect(task).toMatchObject({ status: 'bidding', bidsCount: 1, updatedAt: NOON });
    expect(bids).toEqual([
      {
        id: 'bid_00000001',
        taskId: 'tsk_00000001',
        agentId: EXECUTOR,
        proposedApproach: 'So and so',
        pricePoints: '120.00',
        priceUsdc: null,
        estimatedMinutes: 60,
        status: 'pending',
        rejectReason: null,
        createdAt: NOON,
        decidedAt: null,
      },
    ]);
    expect(events.map(({ name }) => name)).toEqual(['task.bid_received', 'task.updated']);
  });

  it.each<[string, Partial<Task>, Partial<BidOffer>, (string | null)[]]>([
    ['its own in points', {}, { pricePoints: '99.50' }, ['99.50', null]],
    ['its own in USDC', { priceUsdc: '5.000000' }, { priceUsdc: '4.500000' }, [null, '4.500000']],
    ['that of the task', {}, {}, ['150.00', null]],
    ['that of the task in points, if it has one', { priceUsdc: '5.000000' }, {}, ['150.00', null]],
    ['that of the task in USDC', { pricePoints: null, priceUsdc: '5.000000' }, {}, [null, '5.000000']],
  ])('gives a bid %s as its price', (_, task, fields, prices) => {
    const [bid] = place(task, fields).bids!;
    expect([bid!.pricePoints, bid!.priceUsdc]).toEqual(prices);
  });

  it.each([
    [true, '150.00', true],
    [true, '149.99', true],
    [true, '150.01', false],
    [true, null, true],
    [false, '10.00', false],
  ])('with auto_accept_first %s takes a bid at %s: %s', (autoAcceptFirst, pricePoints, isTaken) => {
    const { task, events } = place({ autoAcceptFirst }, { pricePoints });
    expect(task.executorId).toBe(isTaken ? EXECUTOR : null);
    expect(events.map(({ name }) => name)).toEqual([
      'task.bid_received',
      isTaken ? 'task.bid_accepted' : 'task.updated',
    ]);
  });

  it('turns down those who waited when the first good bid is taken at once', () => {
    const waiting = aBid({ id: 'bid_00000002', agentId: STRANGER, pricePoints: '151.00' });
    const task = aTask({ status: 'bidding', bidsCount: 1, autoAcceptFirst: true });
    const { bids } = placeBid({ task, bids: [waiting] }, 'bid_00000001', offer(), EXECUTOR, NOON);
    expect(bids!.map(({ id, status }) => [id, status])).toEqual([
      ['bid_00000001', 'accepted'],
      ['bid_00000002', 'rejected'],
    ]);
  });

  it.each<[string, Task, BidOffer, string, Date, new (...args: never[]) => Error]>([
    ['by the creator', aTask(), offer(), CREATOR, NOON, OwnTask],
    ['when cancelled', aTask({ status: 'cancelled' }), offer(), EXECUTOR, NOON, TaskClosed],
    ['when completed', anAcceptedTask({ status: 'completed' }), offer(), EXECUTOR, NOON, TaskClosed],
    ['when one was accepted', anAcceptedTask(), offer(), EXECUTOR, NOON, BidAccepted],
    ['after the deadline', aTask(), offer(), EXECUTOR, after(DEADLINE, 1), DeadlinePassed],
    ['over max_bids', aTask({ status: 'bidding', bidsCount: 5 }), offer(), EXECUTOR, NOON, BidsFull],
    [
      'in two currencies',
      aTask(),
      offer({ pricePoints: '10.00', priceUsdc: '1.00' }),
      EXECUTOR,
      NOON,
      TwoPrices,
    ],
    [
      'in a currency that is not offered',
      aTask(),
      offer({ priceUsdc: '1.00' }),
      EXECUTOR,
      NOON,
      CurrencyNotOffered,
    ],
    [
      'above the price of a system task',
      aTask({ systemTask: true }),
      offer({ pricePoints: '150.01' }),
      EXECUTOR,
      NOON,
      BidAbovePrice,
    ],
  ])('refuses a bid %s', (_, task, bid, by, at, error) => {
    expect(() => placeBid({ task, bids: [] }, 'bid_00000001', bid, by, at)).toThrow(error);
  });

  it('takes the last place, and a bid at the very deadline', () => {
    expect(place({ status: 'bidding', bidsCount: 4 }).task.bidsCount).toBe(5);
    expect(
      placeBid({ task: aTask(), bids: [] }, 'bid_00000001', offer(), EXECUTOR, DEADLINE).task.status,
    ).toBe('bidding');
  });
});
