export type { DisputeEnd, DisputeTold, SeatTold } from './validation.events.js';
export { DisputesPresenter } from './disputes/disputes.presenter.js';
export { DisputesService } from './disputes/disputes.service.js';
export type { Dispute } from './domain/dispute.js';
export type { Vote } from './domain/cast-vote.js';
export { ValidationModule } from './validation.module.js';
export { VotesPresenter } from './votes/votes.presenter.js';
export { VotesService } from './votes/votes.service.js';
