import { StreamableFile } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Response } from 'express';
import { sendJson } from '../answers/packed-answers.js';
import { writtenFor } from '../answers/shared-answers.js';

/**
 * Express looks up settings, parses the content type that it has set itself, copies the text and sends it in two
 * pieces. For an answer of ours all of that comes to the same each time, so it is written here; texts, streams and
 * what has a type of its own are left to Express.
 */
export class JsonAdapter extends ExpressAdapter {
  override reply(response: Response, body: unknown, statusCode?: number): unknown {
    if (!isView(body) || response.hasHeader('Content-Type'))
      return super.reply(response, body, statusCode) as unknown;
    if (statusCode !== undefined) response.statusCode = statusCode;
    sendJson(response, writtenFor(body));
    return response;
  }
}

const isView = (body: unknown): body is object =>
  typeof body === 'object' &&
  body !== null &&
  !(body instanceof Error || body instanceof StreamableFile || ArrayBuffer.isView(body));
