export { WebhooksModule } from './webhooks.module.js';

// For tests and scripts.
export { signatureHeaders } from './signing/signatures.js';
