export { DELTAS, type Cause } from './domain/deltas.js';
export { ReputationService } from './reputation.service.js';
export { ReputationModule, ReputationSandboxModule } from './reputation.module.js';
