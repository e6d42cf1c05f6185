import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { strongEtag, sendText, type Written } from '#platform/http';

/** A document is half a megabyte, and each name of this server has its own: a flood of names keeps nothing. */
const KEPT_MAX = 12;

const written = (text: string): Written => ({ text, etag: strongEtag(text) });

/**
 * The module of Nest writes the documents anew for every request. Here each is written and packed once for each base
 * address, and answered with an ETag from then on.
 */
export function keptByBase(baseOf: (request: Request) => string): RequestHandler {
  const kept = new Map<string, { type: string; document: Written }>();
  return (request: Request, response: Response, next: NextFunction): void => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const key = `${baseOf(request)} ${request.baseUrl}${request.path}`;
    const known = kept.get(key);
    if (known) {
      response.setHeader('Content-Type', known.type);
      return sendText(response, known.document);
    }
    const send = response.send.bind(response);
    response.send = (body: unknown): Response => {
      if (typeof body !== 'string' || response.statusCode !== 200) return send(body);
      if (kept.size >= KEPT_MAX) kept.clear();
      const type = response.getHeader('Content-Type') as string;
      const entry = { type, document: written(body) };
      kept.set(key, entry);
      sendText(response, entry.document);
      return response;
    };
    next();
  };
}

const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui-standalone-preset.js': 'text/javascript; charset=utf-8',
};

/** The scripts and styles of Swagger UI: two megabytes, read and packed once, half a megabyte on the wire. */
export function packedFiles(): RequestHandler {
  const kept = new Map<string, Promise<Written>>();
  return (request, response, next) => {
    const name = request.path.slice(1);
    const type = FILES[name];
    if (type === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return next();
    const file = kept.get(name) ?? readFile(path.join(folder(), name), 'utf8').then(written);
    kept.set(name, file);
    file.then((body) => {
      response.setHeader('Content-Type', type).setHeader('Cache-Control', 'no-cache');
      sendText(response, body);
    }, next);
  };
}

/** The package is a dependency of Nest's module, so it is looked for from there. */
function folder(): string {
  const module = createRequire(import.meta.url).resolve('@nestjs/swagger');
  return path.dirname(createRequire(module).resolve('swagger-ui-dist/package.json'));
}
