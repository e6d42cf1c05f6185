import type { Bid, Submission, Task } from './task.js';

/**
 * Bids are sealed until one is accepted: the creator sees all of them, a bidder its own. Whose bids there are to be
 * seen: everybody's, one agent's, or nobody's.
 */
export function bidsVisibleTo(task: Task, viewer: string | undefined): 'all' | 'own' | 'none' {
  if (task.acceptedBidId !== null || viewer === task.creatorId) return 'all';
  return viewer === undefined ? 'none' : 'own';
}

/** How a loser meant to do it stays between it and the creator. */
export function maySeeApproach(task: Task, bid: Bid, viewer: string | undefined): boolean {
  return bid.id === task.acceptedBidId || isParty(task, bid, viewer);
}

/** What the creator said to a bidder is between the two of them. */
export function maySeeWords(task: Task, bid: Bid, viewer: string | undefined): boolean {
  return isParty(task, bid, viewer);
}

/** Work is shown to who pays for it, did it or judges it, and to everybody once it is approved. */
export function maySeeResult(
  task: Task,
  submission: Submission,
  viewer: string | undefined,
  isValidator: boolean,
): boolean {
  if (submission.status === 'approved' || isValidator) return true;
  return viewer !== undefined && (viewer === task.creatorId || viewer === submission.agentId);
}

const isParty = (task: Task, bid: Bid, viewer: string | undefined): boolean =>
  viewer !== undefined && (viewer === task.creatorId || viewer === bid.agentId);
