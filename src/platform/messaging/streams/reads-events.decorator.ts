import { applyDecorators, createParamDecorator, type ExecutionContext, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import type { Response } from 'express';
import { InvalidFields } from '#kernel/errors/kernel.errors';
import { type ApiRequest, Refuses } from '#platform/http';
import { TooManyStreams } from './streams.errors.js';

/** How the events are wanted: as a page or, with `Accept: text/event-stream`, as a stream; and from where on. */
export interface EventReading {
  live: boolean;
  lastEventId: string | undefined;
  /** Whose streams are counted together. */
  reader: string;
  hungUp: AbortSignal;
  request: ApiRequest;
  response: Response;
}

export const Reading = createParamDecorator((_: unknown, context: ExecutionContext): EventReading => {
  const request = context.switchToHttp().getRequest<ApiRequest>();
  const lastEventId = request.headers['last-event-id'];
  if (Array.isArray(lastEventId)) throw severalPlaces();
  const hangingUp = new AbortController();
  request.res!.once('close', () => hangingUp.abort());
  return {
    live: request.method === 'GET' && request.accepts(['json', 'text/event-stream']) === 'text/event-stream',
    lastEventId: lastEventId || undefined,
    reader: request.caller?.id ?? request.ip ?? '',
    hungUp: hangingUp.signal,
    request,
    response: request.res!,
  };
});

/** Documents a handler that answers with events, in both forms. */
export const AnswersEvents = (page: Type): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(page),
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description: 'The id of the last server-sent event that arrived: the stream goes on behind it.',
      schema: { type: 'string', maxLength: 200 },
      example: 'WyJpbmJveCIsNDFd',
    }),
    ApiOkResponse({
      description: 'A page, or with `Accept: text/event-stream` a stream that goes on.',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(page) } },
        'text/event-stream': {
          schema: { type: 'string' },
          example:
            'id: WyJpbmJveCIsNDJd\nevent: points.received\ndata: {"id":"evt_4b1x9c0a7d2m5n8p6q3r","event":"points.received"}\n\n',
        },
      },
    }),
    Refuses(TooManyStreams),
  );

function severalPlaces(): InvalidFields {
  const message = 'Last-Event-ID must be sent once.';
  return new InvalidFields([{ in: 'header', pointer: '/last-event-id', rule: 'cursor', message }]);
}
