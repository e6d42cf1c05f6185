export { DELTAS, type Cause } from './domain/deltas.js';
export { ReputationService } from './reputation.service.js';
export { ReputationModule, ReputationSandboxModule } from './reputation.module.js';

// For tests and scripts.
export { applied, asScore, causeOfSeat } from './domain/deltas.js';
export { type News, changesIn, completionsIn } from './reputation.news.js';
export { ReputationSubscriber } from './reputation.subscriber.js';
