export { VerificationModule, VerificationSandboxModule } from './verification.module.js';

// For tests and scripts.
export { findChromium } from './sources/chromium.js';
export { XSites } from './sources/x-sites.js';
