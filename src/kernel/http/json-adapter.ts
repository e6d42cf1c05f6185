import { StreamableFile } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Response } from 'express';
import { writtenFor } from './shared-answers.js';

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
    const { text, etag } = writtenFor(body);
    const { req } = response;
    response.setHeader('ETag', etag);
    if (req.headers['if-none-match'] !== undefined && req.fresh) {
      response.statusCode = 304;
      return response.end();
    }
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.setHeader('Content-Length', Buffer.byteLength(text));
    return req.method === 'HEAD' ? response.end() : response.end(text);
  }
}

const isView = (body: unknown): body is object =>
  typeof body === 'object' &&
  body !== null &&
  !(body instanceof Error || body instanceof StreamableFile || ArrayBuffer.isView(body));
