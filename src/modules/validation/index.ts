export type { DisputeEnd, DisputeTold, SeatTold } from './validation.events.js';
export { DisputesPresenter } from './disputes/disputes.presenter.js';
export type { DisputeView } from './disputes/disputes.view.js';
export { DisputesService } from './disputes/disputes.service.js';
export type { Dispute } from './domain/dispute.js';
export type { Vote } from './domain/cast-vote.js';
export { ValidationModule } from './validation.module.js';
export { VotesPresenter } from './votes/votes.presenter.js';
export type { ValidationView } from './votes/votes.view.js';
export { VotesService } from './votes/votes.service.js';

// For tests and scripts.
export { JUDGED_MAX, isReliable } from './domain/accuracy.js';
export { NEWCOMER_ASSIGNMENTS } from './domain/calibration.js';
export { castVote } from './domain/cast-vote.js';
export { type Change, type LockedJudgement, unchanged } from './domain/change.js';
export { conclude, goOn, hearDispute, passTime, vacate } from './domain/course.js';
export { DISPUTE_FEE, DISPUTE_PENALTY, type Outcome, openDispute } from './domain/dispute.js';
export { draw, drawSeed } from './domain/draw.js';
export { type Judgement, UNDECIDED, beginJudgement, dueAt } from './domain/judgement.js';
export { type Seat, firstPanel, isOfFive, isOpen, newSeat, seatsToBegin } from './domain/panel.js';
export { type SeatEnd, endOf, moneyFor } from './domain/rewards.js';
export {
  type Candidate,
  DISPUTE_REPUTATION_MIN,
  RECORD_CREATORS_MIN,
  SILENCES_MAX,
  type SoftConflict,
  selectValidators,
} from './domain/select-validators.js';
export { SETTINGS_DEFAULT, type Settings } from './domain/settings.js';
export {
  BENCH_OF_FIVE,
  BENCH_OF_THREE,
  type Ballot,
  type Bench,
  ESCALATED_BENCH,
  ROUNDS_MAX,
  decide,
  decideByFive,
} from './domain/verdict.js';
