import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import type { Settings } from './config/settings.js';
import type { Extension } from './extensions/extension.js';
import { AccessGuard } from './kernel/http/access.guard.js';
import { mountDocs, REFERENCE_PATHS } from './kernel/http/docs.js';
import { strongEtag } from './kernel/http/etag.js';
import { BodyGuard } from './kernel/http/body-limit.js';
import { answerBrokenRequests } from './kernel/http/broken-requests.js';
import { JsonAdapter } from './kernel/http/json-adapter.js';
import { InputPipe } from './kernel/http/input.pipe.js';
import { limitUnrouted } from './kernel/http/limiter/limit-unrouted.js';
import { LimiterGuard } from './kernel/http/limiter/limiter.guard.js';
import { RequestLimits } from './kernel/http/limiter/request-limits.js';
import { preparing } from './kernel/http/middleware.js';
import { OpenBodies } from './kernel/http/open-bodies.js';
import { ProblemFilter } from './kernel/http/problem.filter.js';
import { RouteRules } from './kernel/http/route-rules.js';
import { limitTimes } from './kernel/http/server-times.js';
import { accessLog } from './kernel/observe/access-log.middleware.js';
import { HttpMetrics } from './kernel/observe/http-metrics.js';
import { StructuredLogger } from './kernel/observe/structured-logger.js';
import { ApiKeyGuard } from './modules/agents/index.js';

/** The whole application, ready to listen: used by main and by the tests alike. */
export async function createApp(
  settings: Settings,
  extensions?: readonly Extension[],
): Promise<NestExpressApplication> {
  const { LOG_FORMAT, LOG_LEVEL, RATE_LIMIT_FACTOR, TRUST_PROXY } = settings.env;
  const logger = new StructuredLogger({ format: LOG_FORMAT, level: LOG_LEVEL });
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.with(settings, extensions),
    new JsonAdapter(),
    {
      logger,
      bodyParser: false,
      abortOnError: false,
    },
  );
  app.disable('x-powered-by');
  app.set('etag', strongEtag);
  app.set('trust proxy', TRUST_PROXY);
  app.use(accessLog(app.get(HttpMetrics), logger), preparing(new OpenBodies(RATE_LIMIT_FACTOR)));
  // Who calls, whether it may call so often, whether it may do this and send so much: in this order, cheapest refusal first.
  app.useGlobalGuards(
    app.get(ApiKeyGuard),
    app.get(LimiterGuard),
    app.get(AccessGuard),
    new BodyGuard(app.get(RouteRules)),
  );
  app.useGlobalPipes(new InputPipe());
  app.useGlobalFilters(app.get(ProblemFilter));
  // The reference is answered before any guard, and before what charges the unrouted.
  app.use(REFERENCE_PATHS, limitUnrouted(app.get(RequestLimits)));
  mountDocs(app, settings.env.PUBLIC_URL);
  const server = app.getHttpServer();
  answerBrokenRequests(server);
  limitTimes(server);
  return app;
}
