import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Browser, BrowserType, Locator, Page } from 'playwright-core';
import { SECOND_MS } from '#kernel/clock';
import type { Sighting, XAccount } from '../domain/tweet.js';
import { XRateLimited, XSourceDown } from '../verification.errors.js';
import { accountIn } from './profile-schema.js';
import { TweetSource } from './tweet-source.js';
import type { XSites } from './x-sites.js';

/** A browser takes hundreds of megabytes: more of them at once would cost the server more than the tweets are worth. */
const AT_ONCE_MAX = 2;
const BUSY_S = 5;
const PAGE_TIMEOUT_MS = 15 * SECOND_MS;

const MISSING = '[data-testid="error-detail"]';
const PROFILE = 'script[data-testid="UserProfileSchema-test"]';
/** Not the text of a tweet that is quoted inside. */
const OWN_TEXT = '[data-testid="tweetText"]:not([role="link"] [data-testid="tweetText"])';

/** What X's pages are made of is no interface: whatever is not where it should be is "cannot be read", never "good". */
export class BrowserSource extends TweetSource implements OnApplicationShutdown {
  private readonly logger = new Logger('XBrowser');
  private readonly open = new Set<Browser>();
  private busy = 0;

  constructor(
    private readonly chromium: BrowserType,
    private readonly executablePath: string,
    private readonly sites: XSites,
    private readonly timeoutMs = PAGE_TIMEOUT_MS,
  ) {
    super();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.open].map((browser) => browser.close()));
  }

  protected async look(id: string): Promise<Sighting> {
    if (this.busy === AT_ONCE_MAX) throw new XRateLimited(BUSY_S);
    this.busy++;
    try {
      return await this.withPage((page) => this.read(page, id));
    } catch (error) {
      this.logger.error({ msg: 'a tweet could not be read from its page', tweetId: id, error });
      throw new XSourceDown({ cause: error });
    } finally {
      this.busy--;
    }
  }

  private async read(page: Page, id: string): Promise<Sighting> {
    await page.goto(`${this.sites.web}/i/status/${id}`, { waitUntil: 'domcontentloaded' });
    const link = page.locator(`a[href$="/status/${id}"]:has(time)`);
    const tweet = page.locator('article').filter({ has: link });
    await tweet.or(page.locator(MISSING)).first().waitFor({ state: 'attached' });
    if ((await tweet.count()) === 0) return 'not_found';
    const own = tweet.first().locator(link).first();
    const handle = handleIn(await own.getAttribute('href'));
    const postedAt = new Date((await own.locator('time').getAttribute('datetime')) ?? Number.NaN);
    if (Number.isNaN(postedAt.getTime())) throw new Unlike('a time');
    const text = await textIn(tweet.first());
    const author = await this.profile(page, handle);
    // The page of a repost is that of the tweet it repeats, under its author's name.
    return { id, text, postedAt, isRepost: false, author };
  }

  /** Age and followers stand nowhere else. */
  private async profile(page: Page, handle: string): Promise<XAccount> {
    await page.goto(`${this.sites.web}/${handle}`, { waitUntil: 'domcontentloaded' });
    const schema = page.locator(PROFILE).first();
    await schema.waitFor({ state: 'attached' });
    const account = accountIn((await schema.textContent()) ?? '', handle);
    if (!account) throw new Unlike('the account');
    return account;
  }

  /** A browser for each look: nothing of one page stays for the next, and a crash ends one look. */
  private async withPage<T>(read: (page: Page) => Promise<T>): Promise<T> {
    const browser = await this.chromium.launch({
      executablePath: this.executablePath,
      headless: true,
      args: [`--host-resolver-rules=${this.onlyX()}`],
      // Chromium refuses its own sandbox to root.
      chromiumSandbox: process.getuid?.() !== 0,
      timeout: this.timeoutMs,
      // The program ends by its own rules.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    this.open.add(browser);
    try {
      const context = await browser.newContext({ serviceWorkers: 'block', acceptDownloads: false });
      context.setDefaultTimeout(this.timeoutMs);
      return await read(await context.newPage());
    } finally {
      this.open.delete(browser);
      await browser.close();
    }
  }

  /** Whatever a page wants to load, and wherever it is redirected, no other host resolves. */
  private onlyX(): string {
    const hosts = [
      new URL(this.sites.web).hostname,
      '*.x.com',
      'twitter.com',
      '*.twitter.com',
      '*.twimg.com',
    ];
    return ['MAP * ~NOTFOUND', ...hosts.map((host) => `EXCLUDE ${host}`)].join(', ');
  }
}

class Unlike extends Error {
  constructor(what: string) {
    super(`The page does not show ${what} where it used to.`);
    this.name = 'Unlike';
  }
}

function handleIn(href: string | null): string {
  const handle = /\/(\w{1,15})\/status\//.exec(href ?? '')?.[1];
  if (handle === undefined) throw new Unlike('an author');
  return handle;
}

/** A tweet may be a picture alone. */
async function textIn(tweet: Locator): Promise<string> {
  const text = tweet.locator(OWN_TEXT);
  return (await text.count()) === 0 ? '' : ((await text.first().textContent()) ?? '');
}
