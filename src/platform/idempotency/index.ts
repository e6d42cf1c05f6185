export { AnonymousIdempotentRequest, IdempotentRequest, type Once, OnceRunner } from './once.js';
