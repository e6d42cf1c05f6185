import { gzipSync } from 'node:zlib';
import { TasksService } from '#modules/tasks';
import { Relay } from '#platform/messaging';
import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import { accept, aPlacedBid, aPostedTask, anAcceptedBid, grant, submit } from '../builders/tasks.js';
import { dispute, judges, panelOf, submittedWork, vote } from '../builders/validation.js';
import type { Answer, Json } from '../support/api.js';
import { anApp, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';

const PUBLIC_URL = 'https://market.example.com';
const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const RLO = '\u202e';

/** Everything that an agent may try on who looks at its texts. */
const HOSTILE = [
  '<script>alert(1)</script><img src=x onerror=alert(2)>',
  '[click](javascript:alert(3)) [data](data:text/html,x) <https://ok.example.com>',
  '![picture](https://tracker.example.com/p.png) https://user@evil.example.com/',
  `"><svg onload=alert(4)> ${RLO}evil </script><!-- ]]>`,
  'w'.repeat(15_000),
].join('\n\n');

describe('The pages', () => {
  let app: TestApp;
  let creator: TestAgent;
  let worker: TestAgent;
  let open: Json;
  let done: Json;
  beforeAll(async () => {
    app = await anApp({ PUBLIC_URL });
    creator = await aVerifiedAgent(app, { name: `Quill ${RLO}</title><script>x</script>` });
    worker = await aVerifiedAgent(app, { name: 'Vellum', description: HOSTILE.slice(0, 5000) });
    await grant(app, creator, 10_000);
    const fields = { title: `Write "it" <b>now</b> ${RLO}`, description: HOSTILE, price_points: 100 };
    open = await aPostedTask(app, creator, fields);
    await aPlacedBid(app, worker, open.id, { proposed_approach: 'The approach is sealed', price_points: 77 });
    done = await anAcceptedBid(app, creator, worker, { ...fields, validation_required: false });
    await submit(app, worker, done.id, { result_content: HOSTILE, result_url: 'https://gist.example.com/1' });
    await app.nest.get(Relay).drained();
  });
  afterAll(() => app.close());

  const page = (path: string, headers: Record<string, string> = {}): Promise<Answer<undefined>> =>
    app.api.get(path, { headers: { ...BROWSER, ...headers } });
  const paths = (): string[] => [
    '/',
    '/tasks',
    `/tasks/${open.id}`,
    `/tasks/${done.id}`,
    '/agents',
    `/agents/${worker.id}`,
    `/agents/${creator.id}`,
    '/stats',
    '/docs/guide',
  ];
  const kB = (text: string | Buffer): number => gzipSync(text).length / 1024;

  it('answer with HTML, a strict policy and one address', async () => {
    for (const path of paths()) {
      const { status, headers, text } = await page(path);
      expect([path, status, headers.get('content-type')]).toEqual([path, 200, 'text/html; charset=utf-8']);
      const policy = headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).not.toContain('unsafe');
      expect(text).toContain(`<link rel="canonical" href="${PUBLIC_URL}${path}"/>`);
      expect(text).toMatch(/<meta property="og:title" content="[^"]+"\/>/);
      expect(text).not.toMatch(/ style="|<style|javascript:alert\(\d\)["']/);
    }
  });

  it('stay within their budgets, and load nothing but one style, one script and one font', async () => {
    const { text } = await page('/');
    const assets = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
    expect(assets.map((path) => path.split('/').at(-1)!).toSorted()).toEqual([
      'app.css',
      'app.js',
      'icon.svg',
      'inter.woff2',
    ]);
    const limits: Record<string, number> = { 'app.css': 10, 'app.js': 5, 'inter.woff2': 50 };
    for (const path of assets) {
      const response = await fetch(app.baseUrl + path, { headers: { 'accept-encoding': 'identity' } });
      expect(response.headers.get('cache-control')).toContain('immutable');
      const body = Buffer.from(await response.arrayBuffer());
      const limit = limits[path.split('/').at(-1)!] ?? 5;
      expect(path.endsWith('.woff2') ? body.length / 1024 : kB(body)).toBeLessThanOrEqual(limit);
    }
    for (const path of paths()) expect(kB((await page(path)).text)).toBeLessThanOrEqual(15);
  });

  it('are packed for who takes it, and not sent again unchanged', async () => {
    const first = await page('/docs/guide', { 'accept-encoding': 'gzip' });
    expect(first.headers.get('content-encoding')).toBe('gzip');
    const again = await page('/docs/guide', {
      'accept-encoding': 'gzip',
      'if-none-match': first.headers.get('etag')!,
    });
    expect([again.status, again.text]).toEqual([304, '']);
    const plain = await page('/docs/guide', { 'accept-encoding': 'identity' });
    expect(plain.headers.get('content-encoding')).toBeNull();
  });

  it('are never refused for a query', async () => {
    const queries = [
      'q[x]=1&q=2&category=nope&status=%00',
      'min_price=-1&max_price=1e9&sort=x&cursor=zzz',
      'cursor=WyJuZXdlc3QiLDFd&limit=99999',
      `q=${'x'.repeat(5000)}`,
      'q=%00%ff%F0%28%8C%28&verified=maybe&specialization=%3Cscript%3E',
      'board=&period=forever&role=thief&__proto__=1&constructor=2',
      '?&&==&%',
    ];
    for (const path of [...paths(), '/robots.txt', '/sitemap.xml', '/llms.txt'])
      for (const query of queries)
        expect([path, query, (await page(`${path}?${query}`)).status]).toEqual([path, query, 200]);
  });

  it('know a forgiven cursor for the beginning, to which nothing leads back', async () => {
    for (const path of ['/tasks', '/agents', `/agents/${creator.id}`])
      expect((await page(`${path}?cursor=zzz`)).text).not.toContain('First page');
    const { next_cursor } = (await app.api.get('/v1/tasks?limit=1')).body;
    expect((await page(`/tasks?cursor=${next_cursor}`)).text).toContain('First page');
  });

  it('filter by category, status, price and words', async () => {
    await aPostedTask(app, creator, { category: 'video', title: 'Cut the launch film', price_points: 400 });
    await app.nest.get(Relay).drained();
    const shows = async (query: string): Promise<boolean> =>
      (await page(`/tasks?${query}`)).text.includes('Cut the launch film');
    expect(
      await Promise.all(['category=video', 'status=open', 'min_price=300', 'q=film'].map(shows)),
    ).not.toContain(false);
    expect(
      await Promise.all(['category=content', 'status=completed', 'max_price=300', 'q=lighthouse'].map(shows)),
    ).not.toContain(true);
  });

  it('show what agents wrote as text, isolated, with links that nobody vouches for', async () => {
    for (const path of [`/tasks/${open.id}`, `/tasks/${done.id}`, `/agents/${worker.id}`]) {
      const { text } = await page(path);
      expect(text).not.toMatch(/<script>(alert|x)|<img|<svg onload|onerror=alert\(2\)>(?!;)/);
      const links = [...text.matchAll(/<a [^>]*href="([^"]*)"[^>]*>/g)];
      for (const [tag, href] of links) {
        expect(href).toMatch(/^(https?:\/\/|\/|#)/);
        if (href!.startsWith('http')) expect(tag).toContain('rel="nofollow ugc noopener noreferrer"');
      }
      expect(links.map(([, href]) => href)).not.toContain('https://user@evil.example.com/');
      const [, head] = /<head>([\s\S]*?)<\/head>/.exec(text)!;
      expect(head).not.toContain(RLO);
      expect(text).toContain('data-untrusted="');
    }
    const { text } = await page(`/tasks/${open.id}`);
    expect(text).toContain('<bdi class="said">Write &quot;it&quot; &lt;b&gt;now&lt;/b&gt;');
  });

  it('show of an agent that only posts what it posted, and of the platform no record', async () => {
    const posted = (await page(`/agents/${creator.id}`)).text;
    expect(posted).toMatch(/aria-current="true">Posted/);
    expect(posted).toContain(`href="/tasks/${open.id}"`);
    expect((await page(`/agents/${creator.id}?role=executor`)).text).toContain('has not won a bid so far');
    const platform = (await page('/agents/agt_system')).text;
    expect(platform).toContain('UpMoltWork Platform');
    expect(platform).not.toMatch(/Work approved|At the end of each/);
  });

  it('tell a long history by its end, and a forgotten one by what the task remembers', async () => {
    const { id } = await anAcceptedBid(app, creator, worker, {
      validation_required: false,
      price_points: 10,
    });
    await queryAs(
      app.database.ownerUrl,
      `INSERT INTO outbox (id, name, subject, audience, public, data, at, position)
       SELECT 'evt_flood' || n, 'task.progress', '${id}', '{}', true, '{"percent": null, "message": "Busy"}', now(),
              (SELECT max(position) FROM outbox) + n FROM generate_series(1, 300) AS n`,
    );
    await submit(app, worker, id, { result_content: 'Done.' });
    await app.nest.get(Relay).drained();
    expect((await page(`/tasks/${id}`)).text).toMatch(
      /Posted, and its price put in escrow[\s\S]*Bid accepted[\s\S]*Busy[\s\S]*Completed/,
    );
    await queryAs(app.database.ownerUrl, `DELETE FROM outbox WHERE subject = '${id}'`);
    expect((await page(`/tasks/${id}`)).text).toMatch(
      /Posted, and its price put in escrow[\s\S]*Bid accepted[\s\S]*Result submitted[\s\S]*Completed/,
    );
  });

  it('follow a task from before it was read, so that nothing happens in between unseen', async () => {
    const task = await aPostedTask(app, creator, { price_points: 10 });
    const placed = await aPlacedBid(app, worker, task.id);
    await app.nest.get(Relay).drained();
    const tasks = app.nest.get(TasksService);
    const get = tasks.get.bind(tasks);
    jest.spyOn(tasks, 'get').mockImplementationOnce(async (id) => {
      const found = await get(id);
      await accept(app, creator, task.id, placed.id);
      await app.nest.get(Relay).drained();
      return found;
    });
    const { text } = await page(`/tasks/${task.id}`);
    const [, followed] = /data-live="([^"]+)"/.exec(text)!;
    const { body } = await app.api.get(followed!);
    expect(body.data.map(({ event }: Json) => event)).toContain('task.bid_accepted');
  });

  it('keep the seal of bids, and show them after the accept', async () => {
    const sealed = (await page(`/tasks/${open.id}`)).text;
    expect(sealed).toContain('Sealed until one is accepted');
    expect(sealed).not.toMatch(/The approach is sealed|>77</);
    const shown = (await page(`/tasks/${done.id}`)).text;
    expect(shown).toContain('I outline first, then write.');
    expect(shown).toMatch(/Paid to the executor[\s\S]*?95/);
  });

  it('show the votes from the verdict on, and what was said in a dispute', async () => {
    const all = await judges(app, 6);
    const { taskId, submissionId } = await submittedWork(app, creator, worker, { price_points: 100 });
    const panel = await panelOf(app, submissionId, all);
    const feedback = 'All criteria are met <b>indeed</b>';
    await vote(app, panel[0]!, submissionId, true, { feedback });
    expect((await page(`/tasks/${taskId}`)).text).not.toContain('All criteria are met');
    await vote(app, panel[1]!, submissionId, true);
    const decided = (await page(`/tasks/${taskId}`)).text;
    expect(decided).toContain('All criteria are met &lt;b&gt;indeed&lt;/b&gt;');
    expect(decided).toContain(`href="/agents/${panel[0]!.id}"`);
    expect((await dispute(app, creator, taskId)).status).toBe(201);
    expect((await page(`/tasks/${taskId}`)).text).toMatch(
      /Being heard[\s\S]*against the approval[\s\S]*Every criterion is met/,
    );
  });

  it('say to programs what they are about', async () => {
    const { text } = await page(`/tasks/${open.id}`);
    const [, data] = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(text)!;
    expect(JSON.parse(data!)).toMatchObject({
      '@type': 'Demand',
      name: 'Write "it" <b>now</b>',
      url: `${PUBLIC_URL}/tasks/${open.id}`,
    });
    expect((await page('/robots.txt')).text).toContain(`Sitemap: ${PUBLIC_URL}/sitemap.xml`);
    const sitemap = (await page('/sitemap.xml')).text;
    for (const path of ['/', '/tasks', `/tasks/${done.id}`, `/agents/${worker.id}`])
      expect(sitemap).toContain(`<loc>${PUBLIC_URL}${path}</loc>`);
    expect((await page('/llms.txt')).text).toContain(`${PUBLIC_URL}/openapi.json`);
    expect((await page('/favicon.ico')).headers.get('content-type')).toBe('image/svg+xml');
  });

  it('refuse people with a page, and programs with a document', async () => {
    for (const path of [
      '/tasks/tsk_nothere1',
      '/agents/agt_nothere1',
      '/nowhere',
      '/assets/x/none.js',
      '/tasks/%00',
    ]) {
      const { status, headers, text } = await page(path);
      expect([path, status, headers.get('content-type')]).toEqual([path, 404, 'text/html; charset=utf-8']);
      expect(headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(text).toContain('There is nothing here');
      expect(text).toContain('content="noindex"');
      const program = await app.api.get(path);
      expect([program.status, program.headers.get('content-type')]).toEqual([
        404,
        'application/problem+json',
      ]);
    }
    for (const path of ['/v1/tasks/tsk_nothere1', '/public/nothing', '/v1/nothing'])
      expect((await page(path)).headers.get('content-type')).toBe('application/problem+json');
  });
});
