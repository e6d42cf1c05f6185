import { Controller, Get, Header, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import { strongEtag } from './etag.js';
import { JsonAdapter } from './json-adapter.js';

const SAID = { text: 'ä 🤖 \u2028', list: [1, null, { at: new Date(0) }], left_out: undefined };

@Controller()
class Answers {
  @Get('view')
  view(): object {
    return SAID;
  }
  @Get('list')
  list(): object {
    return [SAID, SAID];
  }
  @Post('made')
  made(): object {
    return SAID;
  }
  @Get('text')
  text(): string {
    return 'ä';
  }
  @Get('nothing')
  @HttpCode(204)
  nothing(): void {}
  @Get('null')
  none(): null {
    return null;
  }
  @Get('typed')
  @Header('Content-Type', 'application/ld+json')
  typed(): object {
    return SAID;
  }
}

@Module({ controllers: [Answers] })
class Sample {}

describe('An answer that is written by ourselves', () => {
  const apps: NestExpressApplication[] = [];
  const started = async (adapter: ExpressAdapter): Promise<string> => {
    const app = await NestFactory.create<NestExpressApplication>(Sample, adapter, { logger: false });
    app.set('etag', strongEtag);
    await app.listen(0, '127.0.0.1');
    apps.push(app);
    return `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  };
  let ours: string;
  let theirs: string;
  beforeAll(async () => {
    [ours, theirs] = [await started(new JsonAdapter()), await started(new ExpressAdapter())];
  });
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  const answer = async (url: string, init: RequestInit) => {
    const response = await fetch(url, init);
    const { date: _, ...headers } = Object.fromEntries(response.headers);
    return { status: response.status, headers, body: await response.text() };
  };
  const etagOf = async (path: string): Promise<string> =>
    (await fetch(`${theirs}${path}`)).headers.get('etag') ?? 'none';

  it.each([
    ['GET', '/view'],
    ['HEAD', '/view'],
    ['GET', '/list'],
    ['POST', '/made'],
    ['GET', '/text'],
    ['GET', '/nothing'],
    ['GET', '/null'],
    ['GET', '/typed'],
  ])('is what Express makes of %s %s', async (method, path) => {
    expect(await answer(`${ours}${path}`, { method })).toEqual(await answer(`${theirs}${path}`, { method }));
  });

  it.each([
    ['GET', '/view', 304],
    ['HEAD', '/view', 304],
    ['POST', '/made', 201],
  ])('is compared as Express does: %s %s', async (method, path, status) => {
    for (const seen of [await etagOf(method === 'POST' ? '/view' : path), '"other", W/"x"', '*']) {
      // Node's fetch would ask for no comparison by itself.
      const init = { method, headers: { 'if-none-match': seen, 'cache-control': 'max-age=0' } };
      const told = await answer(`${ours}${path}`, init);
      expect(told).toEqual(await answer(`${theirs}${path}`, init));
      if (!seen.startsWith('"other')) expect(told.status).toBe(status);
    }
  });
});
