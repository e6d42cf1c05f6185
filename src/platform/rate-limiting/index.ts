export { limitUnrouted } from './limit-unrouted.js';
export { Limited, LimiterGuard } from './limiter.guard.js';
export { LimiterModule } from './rate-limiting.module.js';
export { RequestLimits } from './request-limits.js';
