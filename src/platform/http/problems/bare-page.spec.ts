import { Logger } from '@nestjs/common';
import { RouteNotFound } from '#kernel/errors/kernel.errors';
import type { ApiRequest } from '../api-request.js';
import { ErrorPages } from './error-pages.js';
import { problemOf } from './problem.js';

describe('An error page that cannot be drawn', () => {
  it('is a bare one that loads, runs and reveals nothing', () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    const pages = new ErrorPages();
    pages.drawnBy(() => {
      throw new Error('There are no styles at /srv/app.');
    });
    const request = { method: 'GET', path: '/<b>', accepts: () => 'html' } as unknown as ApiRequest;
    const problem = problemOf(new RouteNotFound('GET', '/<b>'), { instance: '/', requestId: 'req_1' });
    const page = pages.pageFor(problem, request)!;
    expect(page.html).toContain('<h1>404 Route not found</h1>');
    expect(page.html).toContain('There is no GET /&lt;b&gt;.');
    expect(page.html).toContain('req_1');
    expect(page.html).not.toMatch(/<(?:script|link|img|style)|\/srv\/app/);
    expect(page.policy).toMatch(/^default-src 'none'/);
    expect(logged).toHaveBeenCalledTimes(1);
    logged.mockRestore();
  });
});
