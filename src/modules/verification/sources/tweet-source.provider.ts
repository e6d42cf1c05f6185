import { Logger } from '@nestjs/common';
import { Settings } from '#config/settings';
import { OutgoingClient } from '#platform/egress';
import { SandboxTweets } from '../sandbox/sandbox-tweets.js';
import { SandboxXStore } from '../sandbox/sandbox-x.store.js';
import { BrowserSource } from './browser.source.js';
import { findChromium } from './chromium.js';
import { NoTweets, TweetSource } from './tweet-source.js';
import { XApiSource } from './x-api.source.js';
import { XSites } from './x-sites.js';

/** The source that the settings name, or the one that says that there is none. */
export const tweetSourceProvider = {
  provide: TweetSource,
  inject: [Settings, OutgoingClient, XSites, SandboxXStore],
  async useFactory(
    { tweetSource, env }: Settings,
    client: OutgoingClient,
    sites: XSites,
    sandbox: SandboxXStore,
  ): Promise<TweetSource> {
    switch (tweetSource) {
      case 'api':
        return new XApiSource(client, sites, env.X_BEARER_TOKEN!);
      case 'browser':
        return browserSource(env.CHROMIUM_PATH, sites);
      case 'sandbox':
        return new SandboxTweets(sandbox);
      case undefined:
        return new NoTweets();
    }
  },
};

/** Both the library and the browser may be missing; the rest of the program works without them. */
async function browserSource(named: string | undefined, sites: XSites): Promise<TweetSource> {
  const chromium = findChromium(named);
  const playwright = await import('playwright-core').catch(() => undefined);
  if (chromium && playwright) return new BrowserSource(playwright.chromium, chromium, sites);
  const missing = chromium
    ? 'playwright-core is not installed'
    : 'no Chromium at CHROMIUM_PATH or on the PATH';
  new Logger('XBrowser').error({ msg: 'nobody can be verified: X_SOURCE is browser', missing });
  return new NoTweets();
}
