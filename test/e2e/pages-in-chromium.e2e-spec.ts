import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { Relay } from '#platform/messaging';
import { insertMarket } from '../../scripts/bench/web/many-days.js';
import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import {
  accept,
  aPlacedBid,
  aPostedTask,
  anAcceptedBid,
  grant,
  progress,
  submit,
} from '../builders/tasks.js';
import type { Json } from '../support/api.js';
import { anApp, type TestApp } from '../support/app.js';
import { describeWithChromium, theChromium } from '../support/chromium.js';

/** To be looked at: each page in each of its shapes, made anew by every run. */
const SCREENS = path.resolve('.data/screens');
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const RLO = '\u202e';

const SHAPES = {
  light: { colorScheme: 'light', viewport: { width: 1360, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1360, height: 900 } },
  'phone-390': { colorScheme: 'light', viewport: { width: 390, height: 844 } },
} as const satisfies Record<string, BrowserContextOptions>;

const HOSTILE = [
  '<script>window.harmed = true</script><img src="https://evil.example.com/x.png" onerror="window.harmed = true">',
  `[click](javascript:window.harmed=true) ${RLO}gnorw si txet siht`,
  '![picture](https://tracker.example.com/pixel.png)',
  'w'.repeat(18_000),
].join('\n\n');

describeWithChromium('The pages in a browser', () => {
  let app: TestApp;
  let browser: Browser;
  let creator: TestAgent;
  let worker: TestAgent;
  let done: Json;
  let hostile: Json;
  beforeAll(async () => {
    mkdirSync(SCREENS, { recursive: true });
    app = await anApp();
    browser = await chromium.launch({
      executablePath: theChromium(),
      chromiumSandbox: process.getuid?.() !== 0,
    });
    await fill(app);
    creator = await aVerifiedAgent(app, { name: 'Moltwright Works', specializations: ['content'] });
    worker = await aVerifiedAgent(app, { name: 'ContentBot-3000', description: 'I write **blog posts**.' });
    await grant(app, creator, 5_000);
    const terms = { validation_required: false, price_points: 150 };
    done = await anAcceptedBid(app, creator, worker, { title: 'Explain x402 micropayments', ...terms });
    await progress(app, worker, done.id, { percent: 60, message: 'Two of three examples run.' });
    await submit(app, worker, done.id, {
      result_content: '# x402\n\nA server that wants to be paid says so.',
    });
    hostile = await anAcceptedBid(app, creator, worker, {
      title: `${'W'.repeat(180)} ${RLO}`,
      description: HOSTILE,
      acceptance_criteria: ['x'.repeat(500), '<b>bold</b>'],
      ...terms,
    });
    await submit(app, worker, hostile.id, { result_content: HOSTILE, notes: HOSTILE.slice(0, 2_000) });
    await app.nest.get(Relay).drained();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  /** Whatever a page does wrong while it is open. */
  async function opened(
    url: string,
    options: BrowserContextOptions,
  ): Promise<{ page: Page; wrong: string[] }> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) wrong.push(message.text());
    });
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(app.baseUrl)) wrong.push(`asked ${request.url()}`);
    });
    await page.goto(app.baseUrl + url, { waitUntil: 'load' });
    return { page, wrong };
  }

  const violationsOn = async (page: Page): Promise<string[]> => {
    await page.evaluate(AXE);
    return page.evaluate(`axe.run().then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | ')))`);
  };
  const overflowOf = (page: Page): Promise<number> =>
    page.evaluate('Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)');

  const pages: Record<string, () => string> = {
    landing: () => '/',
    tasks: () => '/tasks?status=completed&sort=price',
    task: () => `/tasks/${done.id}`,
    'task-hostile': () => `/tasks/${hostile.id}`,
    agents: () => '/agents?board=earnings&period=30d',
    agent: () => `/agents/${worker.id}`,
    economy: () => '/stats',
    guide: () => '/docs/guide',
  };

  it.each(Object.keys(pages).flatMap((name) => Object.keys(SHAPES).map((shape) => [name, shape] as const)))(
    '%s, %s: no error, no other host, no overflow, nothing that axe finds',
    async (name, shape) => {
      const { page, wrong } = await opened(pages[name]!(), SHAPES[shape as keyof typeof SHAPES]);
      await page.screenshot({ path: path.join(SCREENS, `${name}-${shape}.png`), fullPage: true });
      expect(await violationsOn(page)).toEqual([]);
      expect(await overflowOf(page)).toBe(0);
      expect(await page.evaluate('window.harmed')).toBeUndefined();
      expect(wrong).toEqual([]);
      await page.context().close();
    },
  );

  it('shows what was refused as a page of its own', async () => {
    const { page } = await opened('/tasks/tsk_nothere1', SHAPES.light);
    await page.screenshot({ path: path.join(SCREENS, 'error-light.png'), fullPage: true });
    expect(await page.locator('h1').textContent()).toBe('There is nothing here');
    expect(await violationsOn(page)).toEqual([]);
    await page.context().close();
  });

  it('filters without script, by a form', async () => {
    const { page, wrong } = await opened('/tasks', { ...SHAPES.light, javaScriptEnabled: false });
    await page.check('input[name=category][value=video]');
    await page.fill('input[name=min_price]', '50');
    await page.click('text=Apply filters');
    const { searchParams } = new URL(page.url());
    expect([searchParams.get('category'), searchParams.get('min_price')]).toEqual(['video', '50']);
    const categories = await page.locator('#results tbody td:first-child > span').allTextContents();
    expect(categories.length).toBeGreaterThan(0);
    expect(categories.filter((text) => !text.startsWith('Video'))).toEqual([]);
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('filters with script, in place, and back again', async () => {
    const { page, wrong } = await opened('/tasks', SHAPES.light);
    await page.evaluate('window.stayed = true');
    const all = await page.locator('[role=status]').textContent();
    await page.check('input[name=status][value=disputed]');
    await page.waitForURL('**/tasks?status=disputed');
    await page.getByText('Remove filter').waitFor({ state: 'attached' });
    expect(await page.locator('[role=status]').textContent()).not.toBe(all);
    await page.fill('input[name=q]', 'testimonials');
    await page.waitForURL('**q=testimonials**');
    expect(await page.evaluate('document.activeElement.name')).toBe('q');
    await page.goBack();
    await page.goBack();
    await page.locator('[role=status]', { hasText: all! }).waitFor();
    expect(await page.isChecked('input[name=status][value=""]')).toBe(true);
    expect(await page.evaluate('window.stayed')).toBe(true);
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('has one way back from each choice, also when the field is left afterwards', async () => {
    const { page, wrong } = await opened('/tasks', SHAPES.light);
    const before = await page.evaluate('history.length');
    await page.locator('input[name=q]').pressSequentially('testimonials');
    await page.waitForURL('**q=testimonials**');
    const again = page.waitForResponse('**q=testimonials**');
    await page.locator('input[name=q]').blur();
    await again;
    await page.waitForLoadState('networkidle');
    expect(await page.evaluate('history.length')).toBe((before as number) + 1);
    await page.goBack();
    await page.waitForURL('**/tasks');
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('follows a task while it is looked at', async () => {
    const task = await aPostedTask(app, creator, { title: 'Followed', price_points: 20 });
    const { page, wrong } = await opened(`/tasks/${task.id}`, SHAPES.light);
    await page.getByText('Live').waitFor();
    const placed = await aPlacedBid(app, worker, task.id);
    await page.getByText('A bid came in').waitFor();
    await accept(app, creator, task.id, placed.id);
    await page.getByText('Bid accepted').waitFor();
    expect(await page.locator('header').getByText('In progress').count()).toBe(1);
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('follows nothing in the background, and looks again when it is looked at', async () => {
    const task = await aPostedTask(app, creator, { title: 'Left for a while', price_points: 20 });
    const { page, wrong } = await opened(`/tasks/${task.id}`, SHAPES.light);
    const hide = (isHidden: boolean): Promise<void> =>
      page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`);
    const closed = page.waitForEvent('requestfailed', (request) => request.url().includes('/events'));
    await hide(true);
    await closed;
    await aPlacedBid(app, worker, task.id);
    await hide(false);
    await page.getByText('A bid came in').waitFor();
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('keeps a chosen theme, and tells what a chart shows at a point', async () => {
    const { page, wrong } = await opened('/stats', SHAPES.light);
    await page.click('[aria-label^="Switch between"]');
    await page.reload();
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    const chart = page.locator('[data-chart]').first();
    await chart.hover();
    expect(await page.locator('.tip:visible').textContent()).toMatch(/^[A-Z][a-z]{2} \d+ {2}Supply [\d,]+/);
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('shows a client another way than an agent', async () => {
    const { page } = await opened('/', { ...SHAPES.light, javaScriptEnabled: false });
    expect(await page.locator('#posting').isVisible()).toBe(false);
    await page.getByText("I'm a client").click();
    expect(await page.locator('#posting').isVisible()).toBe(true);
    expect(await page.locator('#register').isVisible()).toBe(false);
    await page.context().close();
  });
});

async function fill({ database }: TestApp): Promise<void> {
  const superuser = new pg.Client(database.superuserUrl);
  await superuser.connect();
  await insertMarket(superuser, { agents: 120, tasks: 900, now: new Date() });
  await superuser.end();
}
