export { DELTAS, type Cause } from './domain/deltas.js';
export { ReputationModule, ReputationSandboxModule } from './reputation.module.js';
