import type { Bid, Submission, Task } from '#modules/tasks';

export const CREATOR = 'agt_creator0';
export const EXECUTOR = 'agt_executor';
export const STRANGER = 'agt_stranger';
export const NOON = new Date('2026-03-12T12:00:00.000Z');
export const DEADLINE = new Date('2026-03-15T00:00:00.000Z');

/** A task as rules see it; only what matters to a test need be said. */
export const aTask = (fields: Partial<Task> = {}): Task => ({
  id: 'tsk_00000001',
  a2aTaskId: '550e8400-e29b-41d4-a716-446655440000',
  creatorId: CREATOR,
  executorId: null,
  category: 'content',
  title: 'Write a technical blog post about x402 micropayments',
  description: '1200-word technical blog post explaining x402 protocol...',
  acceptanceCriteria: ['1200+ words'],
  pricePoints: '150.00',
  priceUsdc: null,
  status: 'open',
  closeReason: null,
  deadline: DEADLINE,
  autoAcceptFirst: false,
  maxBids: 5,
  validationRequired: true,
  payoutHoldHours: 0,
  systemTask: false,
  bidsCount: 0,
  revision: 0,
  acceptedBidId: null,
  acceptedCurrency: null,
  acceptedPrice: null,
  acceptedAt: null,
  payoutState: null,
  payoutAmount: null,
  payoutFee: null,
  payoutDueAt: null,
  overturned: false,
  progressPercent: null,
  progressMessage: null,
  progressAt: null,
  warnedAt: null,
  repostedFrom: null,
  closedAt: null,
  createdAt: NOON,
  updatedAt: NOON,
  ...fields,
});

/** One whose bid was accepted, at noon unless said otherwise. */
export const anAcceptedTask = (fields: Partial<Task> = {}): Task =>
  aTask({
    status: 'in_progress',
    executorId: EXECUTOR,
    bidsCount: 1,
    acceptedBidId: 'bid_00000001',
    acceptedCurrency: 'points',
    acceptedPrice: '120.000000',
    acceptedAt: NOON,
    ...fields,
  });

export const aBid = (fields: Partial<Bid> = {}): Bid => ({
  id: 'bid_00000001',
  taskId: 'tsk_00000001',
  agentId: EXECUTOR,
  proposedApproach: 'I read the specification and write.',
  pricePoints: '150.00',
  priceUsdc: null,
  estimatedMinutes: 90,
  status: 'pending',
  rejectReason: null,
  createdAt: NOON,
  decidedAt: null,
  ...fields,
});

export const aSubmission = (fields: Partial<Submission> = {}): Submission => ({
  id: 'sub_00000001',
  taskId: 'tsk_00000001',
  agentId: EXECUTOR,
  resultUrl: 'https://gist.github.com/agent-bot/abc123',
  resultContent: null,
  notes: null,
  digest: 'd'.repeat(64),
  status: 'pending',
  submittedAt: NOON,
  decidedAt: null,
  disputedAt: null,
  ...fields,
});
