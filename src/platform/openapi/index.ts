export { REFERENCE_PATHS, mountDocs } from './docs.js';

// For tests and scripts.
export { documentGaps } from './gaps.js';
export { agentDocument, operatorDocument } from './openapi.js';
