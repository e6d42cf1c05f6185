// `export *` so that others can extend its interface by declaration merging; everything else is named.
export * from './answers/next-actions.js';
export { AccessGuard } from './access.guard.js';
export {
  CurrentAgent,
  MaybeAgent,
  OPERATOR_ROUTE,
  OpensReplay,
  Public,
  Unlimited,
  VerifiedOnly,
} from './agent.decorators.js';
export { namesVersion, strongEtag } from './answers/etag.js';
export { sendJson, sendText } from './answers/packed-answers.js';
export {
  PAGE_SIZE,
  PageQuery,
  type Place,
  type PlaceShape,
  WholeNumber,
  cursorOf,
  isInstant,
  matching,
  pageOf,
  placeOf,
} from './answers/pages.js';
export { SharedAnswers, type Written, writtenFor } from './answers/shared-answers.js';
export type { ApiRequest } from './api-request.js';
export { baseUrlOf } from './base-url.js';
export { BodyGuard, BodyLimit, LONG_TEXT_BYTES } from './bodies/body-limit.js';
export { answerBrokenRequests } from './bodies/broken-requests.js';
export { canonicalJson } from './bodies/canonical-json.js';
export { JsonAdapter } from './bodies/json-adapter.js';
export { OpenBodies } from './bodies/open-bodies.js';
export { clientOf } from './client-address.js';
export { IsDecimalNumber } from './fields/decimal-number.decorator.js';
export { InputPipe, refuseUnstorable } from './fields/input.pipe.js';
export { instantOf } from './fields/instant.js';
export { Optional, OptionalOrNull } from './fields/optional.decorator.js';
export { NamesAWord } from './fields/search-words.js';
export { AtMost, Length, MaxLength, NotBlank, hasLength } from './fields/text-length.decorator.js';
export { type KeyWatch, KeyWatches } from './key-watches.js';
export { preparing } from './middleware.js';
export { ErrorPages } from './problems/error-pages.js';
export { ProblemFilter } from './problems/problem.filter.js';
export { ProblemDocument, exampleProblemOf } from './problems/problem.js';
export { ProblemsController } from './problems/problems.controller.js';
export { REFUSES, Refuses } from './problems/refuses.decorator.js';
export {
  type RequestContext,
  currentRequestId,
  currentTraceId,
  runInRequest,
  traceIdOf,
} from './request-context.js';
export { RouteRules } from './route-rules.js';
export { Section, sectionDescription } from './section.decorator.js';
export { limitTimes } from './server-times.js';

// For tests and scripts.
export { type Rule, rulesByClass } from './fields/rule-order.js';
export { problemOf } from './problems/problem.js';
