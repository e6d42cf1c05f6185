import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Settings } from '#config/settings';
import type { Extension } from '#extensions/extension';
import { ApiKeyGuard } from '#modules/agents';
import {
  AccessGuard,
  strongEtag,
  BodyGuard,
  answerBrokenRequests,
  JsonAdapter,
  InputPipe,
  preparing,
  OpenBodies,
  ProblemFilter,
  RouteRules,
  limitTimes,
} from '#platform/http';
import { accessLog, HttpMetrics, StructuredLogger } from '#platform/observability';
import { mountDocs, REFERENCE_PATHS } from '#platform/openapi';
import { limitUnrouted, LimiterGuard, RequestLimits } from '#platform/rate-limiting';
import { AppModule } from '../app.module.js';

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
