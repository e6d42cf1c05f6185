import { Injectable, Logger } from '@nestjs/common';
import type { ApiRequest } from '../api-request.js';
import { barePage, type ErrorPage } from './bare-page.js';
import type { ProblemDocument } from './problem.js';

type Draw = (problem: ProblemDocument, request: ApiRequest) => ErrorPage;

/** Where programs are answered, whatever they say that they like. */
const FOR_PROGRAMS = [
  '/v1',
  '/public',
  '/api',
  '/sandbox',
  '/a2a',
  '/mcp',
  '/.well-known',
  '/health',
  '/metrics',
  '/openapi.json',
  '/openapi.yaml',
  '/admin',
];

/** Refusals for people. The module that renders pages provides them; without it everybody gets the problem document. */
@Injectable()
export class ErrorPages {
  private readonly logger = new Logger('ErrorPages');
  private draw: Draw | undefined;

  drawnBy(draw: Draw): void {
    this.draw = draw;
  }

  /** Undefined for programs: only who would rather have HTML than JSON is a person. */
  pageFor(problem: ProblemDocument, request: ApiRequest): ErrorPage | undefined {
    const { method, path } = request;
    if (!this.draw || (method !== 'GET' && method !== 'HEAD') || isForPrograms(path)) return undefined;
    if (request.accepts(['json', 'html']) !== 'html') return undefined;
    try {
      return this.draw(problem, request);
    } catch (error) {
      this.logger.error({ msg: 'an error page could not be drawn', requestId: request.requestId, error });
      return barePage(problem);
    }
  }
}

const isForPrograms = (path = '/'): boolean =>
  FOR_PROGRAMS.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
