import { Logger } from '@nestjs/common';
import { chromium } from 'playwright-core';
import { describeWithChromium, theChromium } from '#test/support/chromium';
import { aReceiver, tidyUp } from '#test/support/receivers';
import type { XRateLimited } from '../verification.errors.js';
import { BrowserSource } from './browser.source.js';

beforeAll(() => Logger.overrideLogger(false));
afterEach(tidyUp);

const ID = '1234567890';

interface Shown {
  id?: string;
  handle?: string;
  at?: string;
  text?: string;
  quoted?: string;
}

/** An article as X renders it, reduced to what tells one thing from another. */
const article = ({
  id = ID,
  handle = 'Alexey_Founder',
  at = '2026-03-12T17:05:00.000Z',
  text,
  quoted,
}: Shown) => `
  <article data-testid="tweet" role="article">
    <div data-testid="User-Name"><a href="/${handle}" role="link">Alexey</a><a href="/${handle}" role="link">@${handle}</a></div>
    ${text === undefined ? '' : `<div data-testid="tweetText" lang="en">${text}</div>`}
    ${quoted === undefined ? '' : `<div role="link" tabindex="0"><div data-testid="tweetText">${quoted}</div><time datetime="2020-01-01T00:00:00.000Z">2020</time></div>`}
    <a href="/${handle}/status/${id}" role="link"><time datetime="${at}">5:05 PM</time></a>
  </article>`;

const profileSchema = (changes: Record<string, unknown> = {}) => ({
  '@context': 'http://schema.org',
  '@type': 'ProfilePage',
  dateCreated: '2013-12-14T04:35:55.000Z',
  mainEntity: {
    '@type': 'Person',
    additionalName: 'Alexey_Founder',
    givenName: 'Alexey',
    identifier: '2244994945',
    interactionStatistic: [
      { '@type': 'InteractionCounter', name: 'Follows', userInteractionCount: 513961 },
      { '@type': 'InteractionCounter', name: 'Friends', userInteractionCount: 2018 },
      { '@type': 'InteractionCounter', name: 'Tweets', userInteractionCount: 3961 },
    ],
  },
  ...changes,
});

const profile = (schema: object) =>
  `<script type="application/ld+json" data-testid="UserProfileSchema-test">${JSON.stringify(schema)}</script>`;

/** X fills its pages by script, after they have loaded. */
const page = (
  content: string,
  { rendersAfterMs = 50, head = '' } = {},
) => `<!doctype html><meta charset="utf-8">${head}
  <body><div id="react-root"></div><template id="t">${content}</template><script>
    setTimeout(() => document.body.append(document.getElementById('t').content.cloneNode(true)), ${rendersAfterMs});
  </script></body>`;

/** A server in the place of x.com. */
async function x(pages: Record<string, string>, timeoutMs = 20_000) {
  const { port, requests } = await aReceiver(({ url }, response) => {
    const content = pages[url!];
    if (content?.startsWith('to ')) return response.writeHead(302, { location: content.slice(3) }).end();
    response.writeHead(content === undefined ? 404 : 200, { 'content-type': 'text/html' });
    return response.end(content ?? 'nothing here');
  });
  const sites = { api: '', web: `http://127.0.0.1:${port}` };
  const source = new BrowserSource(chromium, theChromium(), sites, timeoutMs);
  return { source, requests };
}

const refusal = (looking: Promise<unknown>): Promise<XRateLimited> =>
  looking.then(
    () => Promise.reject(new Error('It was seen.')),
    (error: XRateLimited) => error,
  );

const TEXT = 'Verification: <span>AXE-7f3a-9b2c</span> <a href="/hashtag/UpMoltWork">#UpMoltWork</a>';

describeWithChromium('With a real Chromium', () => {
  jest.setTimeout(60_000);

  it('a tweet is read from its page, and its author from the profile', async () => {
    const { source } = await x({
      [`/i/status/${ID}`]: page(article({ text: TEXT })),
      '/Alexey_Founder': page('', { head: profile(profileSchema()) }),
    });
    expect(await source.see(ID)).toEqual({
      id: ID,
      text: 'Verification: AXE-7f3a-9b2c #UpMoltWork',
      postedAt: new Date('2026-03-12T17:05:00Z'),
      isRepost: false,
      author: {
        id: '2244994945',
        handle: 'Alexey_Founder',
        createdAt: new Date('2013-12-14T04:35:55Z'),
        followers: 513961,
        isProtected: false,
      },
    });
  });

  it('it is that tweet, not one it answers, is answered by or quotes', async () => {
    const thread = [
      article({ id: '1', handle: 'stranger', text: 'the question' }),
      article({ id: `9${ID}`, handle: 'stranger', text: 'whose id ends alike, but is another' }),
      article({ text: 'the answer', quoted: 'somebody else: AXE-7f3a-9b2c #UpMoltWork' }),
      article({ id: '3', handle: 'stranger', text: 'the applause' }),
    ].join('');
    const { mainEntity, ...older } = profileSchema();
    const { source } = await x({
      [`/i/status/${ID}`]: page(thread),
      '/Alexey_Founder': page('', { head: profile({ ...older, author: mainEntity }) }),
    });
    const seen = await source.see(ID);
    expect(seen).toMatchObject({
      text: 'the answer',
      author: { handle: 'Alexey_Founder', followers: 513961 },
    });
  });

  it('a tweet that is only a quotation has no words of its own', async () => {
    const { source } = await x({
      [`/i/status/${ID}`]: page(article({ quoted: 'AXE-7f3a-9b2c #UpMoltWork' })),
      '/Alexey_Founder': page('', { head: profile(profileSchema()) }),
    });
    expect(await source.see(ID)).toMatchObject({ text: '' });
  });

  it('what X says is not there is not found', async () => {
    const sorry = '<div data-testid="error-detail">Hmm...this page doesn’t exist.</div>';
    const { source } = await x({ [`/i/status/${ID}`]: page(sorry) });
    expect(await source.see(ID)).toBe('not_found');
  });

  it('a page that shows neither, such as a wall to log in, is no verdict', async () => {
    const { source } = await x({ [`/i/status/${ID}`]: page('<h1>Log in to X</h1>') }, 2_000);
    expect((await refusal(source.see(ID))).type.slug).toBe('x-source-down');
  });

  it.each<[string, object]>([
    ['no age', profileSchema({ dateCreated: undefined })],
    ['an age that is none', profileSchema({ dateCreated: 'long ago' })],
    ['no account', profileSchema({ mainEntity: undefined })],
    [
      'no followers',
      profileSchema({ mainEntity: { ...profileSchema().mainEntity, interactionStatistic: [] } }),
    ],
    ['no id', profileSchema({ mainEntity: { ...profileSchema().mainEntity, identifier: undefined } })],
    [
      'somebody else',
      profileSchema({ mainEntity: { ...profileSchema().mainEntity, additionalName: 'other' } }),
    ],
  ])('a profile that shows %s is no verdict', async (_, schema) => {
    const { source } = await x({
      [`/i/status/${ID}`]: page(article({ text: TEXT })),
      '/Alexey_Founder': page('', { head: profile(schema) }),
    });
    expect((await refusal(source.see(ID))).type.slug).toBe('x-source-down');
  });

  it('a page reaches no host but X, neither by itself nor by a redirect', async () => {
    const secret = await aReceiver((_, response) => response.end('secret'));
    const other = `http://localhost:${secret.port}/`;
    const head = `<link rel="stylesheet" href="${other}a"><script src="/bounce"></script>
      <script>fetch('${other}b', { mode: 'no-cors' })</script>`;
    const { source, requests } = await x({
      [`/i/status/${ID}`]: page(article({ text: TEXT }), { head }),
      '/Alexey_Founder': page('', { head: profile(profileSchema()) }),
      '/bounce': `to ${other}c`,
    });
    expect(await source.see(ID)).toMatchObject({ id: ID });
    expect(requests.map(({ url }) => url)).toEqual(expect.arrayContaining(['/bounce', '/Alexey_Founder']));
    expect(secret.requests).toEqual([]);
  });

  it('a third look at the same time is asked to come again', async () => {
    const { source } = await x(
      Object.fromEntries([
        ...['11', '12', '13'].map((id) => [`/i/status/${id}`, page(article({ id, text: id }))]),
        ['/Alexey_Founder', page('', { head: profile(profileSchema()) })],
      ]),
    );
    const looks = ['11', '12'].map((id) => source.see(id));
    const refused = await refusal(source.see('13'));
    expect([refused.type.slug, refused.retryAfterS]).toEqual(['x-rate-limited', 5]);
    expect(await Promise.all(looks)).toMatchObject([{ text: '11' }, { text: '12' }]);
    expect(await source.see('13')).toMatchObject({ text: '13' });
  });

  it('shutting down ends a look that is under way', async () => {
    const { source, requests } = await x(
      { [`/i/status/${ID}`]: page('never', { rendersAfterMs: 1e6 }) },
      60_000,
    );
    const looking = refusal(source.see(ID));
    while (requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await source.onApplicationShutdown();
    expect((await looking).type.slug).toBe('x-source-down');
  });
});

it('A program that is no browser is an outage', async () => {
  const source = new BrowserSource(chromium, '/bin/false', { api: '', web: 'http://127.0.0.1:1' }, 5_000);
  expect((await refusal(source.see(ID))).type.slug).toBe('x-source-down');
});
