export { VerificationModule, VerificationSandboxModule } from './verification.module.js';
