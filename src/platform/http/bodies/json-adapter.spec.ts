import { Controller, Get, Header, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { strongEtag } from '../answers/etag.js';
import { JsonAdapter } from './json-adapter.js';

const SAID = { text: 'ä 🤖 \u2028', list: [1, null, { at: new Date(0) }], left_out: undefined };

const sized = (length: number): object => ({ text: 'ä 🤖'.repeat(length / 7) });
const LARGE = sized(9_000);
const HUGE = sized(400_000);

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
  @Get('large')
  large(): object {
    return LARGE;
  }
  @Get('huge')
  huge(): object {
    return HUGE;
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

  /** Without Node's fetch, which asks for packed answers and unpacks them by itself. */
  const asked = (path: string, headers: Record<string, string>, method = 'GET') =>
    new Promise<{ status?: number; headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
      request(`${ours}${path}`, { method, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      })
        .on('error', reject)
        .end();
    });

  describe.each([
    ['/large', JSON.stringify(LARGE)],
    ['/huge', JSON.stringify(HUGE)],
  ])('that is long, %s,', (path, text) => {
    it.each([
      ['br', 'gzip, deflate, br', brotliDecompressSync],
      ['br', '*', brotliDecompressSync],
      ['gzip', 'gzip', gunzipSync],
      ['gzip', 'gzip, br;q=0', gunzipSync],
      [undefined, undefined, (body: Buffer) => body],
      [undefined, 'identity', (body: Buffer) => body],
      [undefined, 'deflate, gzip;q=0', (body: Buffer) => body],
    ])('comes as %s to who accepts %s', async (coding, accepted, unpacked) => {
      const accepts: Record<string, string> = accepted === undefined ? {} : { 'accept-encoding': accepted };
      const { status, headers, body } = await asked(path, accepts);
      expect([status, headers['content-encoding'], headers.vary]).toEqual([200, coding, 'Accept-Encoding']);
      expect(unpacked(body).toString()).toBe(text);
      expect(headers['content-length']).toBe(String(body.length));
      const etag = strongEtag(text);
      expect(headers.etag).toBe(coding ? `${etag.slice(0, -1)}-${coding}"` : etag);

      const head = await asked(path, accepts, 'HEAD');
      expect({ ...head.headers, date: '' }).toEqual({ ...headers, date: '' });
      expect(head.body).toHaveLength(0);
      const same = await asked(path, { ...accepts, 'if-none-match': headers.etag! });
      expect([same.status, same.headers.etag, same.headers.vary]).toEqual([
        304,
        headers.etag,
        'Accept-Encoding',
      ]);
      expect(same.headers['content-encoding']).toBeUndefined();
      // The bytes of one coding are not those of another.
      const other = await asked(path, { ...accepts, 'if-none-match': `${etag.slice(0, -1)}-zip"` });
      expect(other.status).toBe(200);
    });
  });

  it('stays as it is when it is short', async () => {
    const { headers } = await asked('/view', { 'accept-encoding': 'br' });
    expect([headers['content-encoding'], headers.vary]).toEqual([undefined, undefined]);
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
