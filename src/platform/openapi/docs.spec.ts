import { type ArgumentsHost, Catch, Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { Request, Response } from 'express';
import { cataloguedErrors } from '#kernel/errors/catalogue';
import { DomainError } from '#kernel/errors/domain-error';
import { problemOf, ProblemsController } from '#platform/http';
import { HealthController, LampNotFound, LampsAdminController } from '#test/support/sample-api';
import { mountDocs } from './docs.js';

@Module({ controllers: [LampsAdminController, HealthController, ProblemsController] })
class SmallModule {}

@Catch(DomainError)
class SmallFilter {
  catch(error: DomainError, host: ArgumentsHost): void {
    const [request, response] = [
      host.switchToHttp().getRequest<Request>(),
      host.switchToHttp().getResponse<Response>(),
    ];
    const problem = problemOf(error, { instance: request.path, requestId: 'req_1' });
    response.status(problem.status).json(problem);
  }
}

let app: NestExpressApplication;
let url: string;

beforeAll(async () => {
  const module = await Test.createTestingModule({ imports: [SmallModule] }).compile();
  app = module.createNestApplication<NestExpressApplication>({ logger: false });
  app.useGlobalFilters(new SmallFilter());
  mountDocs(app);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(() => app.close());

const get = (path: string, accept = 'text/html'): ReturnType<typeof fetch> =>
  fetch(url + path, { headers: { accept } });

/** What a page makes the browser load, as absolute addresses. */
async function loadedBy(page: string): Promise<URL[]> {
  const html = await (await get(page)).text();
  return [...html.matchAll(/<(?:script|link|img)[^>]+?(?:src|href)=["']([^"']+)/g)].map(
    ([, address]) => new URL(address!, url + page),
  );
}

describe.each(['/docs', '/docs/', '/admin/docs', '/admin/docs/'])('the reference at %s', (page) => {
  it('loads everything from this server', async () => {
    const files = await loadedBy(page);
    expect(files.length).toBeGreaterThanOrEqual(5);
    for (const file of files) {
      expect(file.origin).toBe(url);
      expect((await get(file.pathname)).status).toBe(200);
    }
  });

  it('may not run what stands in the page, nor speak to others', async () => {
    const response = await get(page);
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self';/);
    expect(policy).toMatch(/connect-src 'self';/);
    expect(policy).not.toMatch(/https?:|\*/);
    expect(await response.text()).not.toMatch(/<script(?![^>]*\bsrc=)/);
  });
});

it.each([
  '/docs/swagger-ui-bundle.js',
  '/docs/swagger-ui-standalone-preset.js',
  '/docs/swagger-ui.css',
  '/admin/docs/swagger-ui-bundle.js',
])('packs %s, and sends it once to who keeps it', async (path) => {
  const accepts = { 'accept-encoding': 'gzip' };
  for (const _ of ['made', 'kept']) {
    const packed = await fetch(url + path, { headers: accepts });
    expect([packed.status, packed.headers.get('content-encoding')]).toEqual([200, 'gzip']);
    const plain = await fetch(url + path, { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.headers.get('content-type')).toBe(packed.headers.get('content-type'));
    expect(await packed.text()).toBe(await plain.text());
    const seen = packed.headers.get('etag')!;
    const again = await fetch(url + path, {
      // Node's fetch would ask for no comparison by itself.
      headers: { ...accepts, 'if-none-match': seen, 'cache-control': 'max-age=0' },
    });
    expect(again.status).toBe(304);
  }
});

it('shows the address of this server in its commands, as each reader calls it', async () => {
  const named = url.replace('127.0.0.1', 'localhost');
  for (const base of [url, named])
    for (const path of ['/openapi.json', '/docs/swagger-ui-init.js', '/openapi.yaml']) {
      const text = await (await fetch(base + path)).text();
      expect(text).toContain(`curl -s ${base}/v1/agents/register`);
      expect(text).not.toContain('127.0.0.1:3000');
    }
});

it('asks no validator on the internet', async () => {
  const script = await (await get('/docs/swagger-ui-init.js')).text();
  expect(script).toContain('"validatorUrl": null');
  expect(script).toContain('"persistAuthorization": true');
  expect(script).toContain('"displayRequestDuration": true');
});

it('serves no file of the package that the page does not need', async () => {
  for (const file of ['swagger-initializer.js', 'package.json', 'index.css', 'swagger-ui-bundle.js.map']) {
    expect((await get(`/docs/${file}`)).status).toBe(404);
  }
});

it('serves each document beside its page', async () => {
  const [agents, operators] = await Promise.all(
    ['/openapi.json', '/admin/openapi.json'].map((path) => get(path)),
  );
  expect(await agents!.json()).toMatchObject({ openapi: '3.1.0', info: { title: 'UpMoltWork' } });
  expect(Object.keys(((await operators!.json()) as { paths: object }).paths)).toEqual([
    '/v1/admin/lamps/{lamp_id}/switch',
  ]);
  expect(await (await get('/openapi.yaml')).text()).toContain('openapi: 3.1.0');
});

describe('the pages of problems', () => {
  it('exist for every error', async () => {
    const index = await (await get('/problems')).text();
    expect(cataloguedErrors().length).toBeGreaterThan(18);
    for (const { slug, name } of cataloguedErrors()) {
      const page = await get(`/problems/${slug}`);
      expect([name, page.status]).toEqual([name, 200]);
      expect(page.headers.get('content-type')).toMatch('text/html');
      expect(index).toContain(`href="/problems/${slug}"`);
    }
  });

  it('escape what errors carry, and run nothing', async () => {
    const page = await get(`/problems/${LampNotFound.slug}`);
    const html = await page.text();
    expect(html).toContain('that &lt;b&gt;exist&lt;/b&gt; &amp; shine');
    expect(html).toContain('&lt;/pre&gt;&lt;script&gt;alert(1)');
    expect(html).not.toMatch(/<script|<b>|\son\w+=/);
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^;]+';/,
    );
  });

  it('are JSON for programs', async () => {
    const one = await get('/problems/lamp-not-found', 'application/json');
    expect(await one.json()).toMatchObject({
      error: 'lamp_not_found',
      status: 404,
      example: { status: 404 },
    });
    expect(one.headers.get('vary')).toContain('Accept');
    const all = await get('/problems', 'application/json');
    expect(((await all.json()) as { data: object[] }).data).toHaveLength(cataloguedErrors().length);
  });

  it.each(['/problems/never-heard-of', '/problems/__proto__', '/problems/%3Cscript%3E'])(
    '%s is 404',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );
});
