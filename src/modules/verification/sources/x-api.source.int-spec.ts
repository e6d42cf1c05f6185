import { Logger } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { OutgoingClient } from '#platform/egress';
import { aReceiver, tidyUp, whenDone } from '#test/support/receivers';
import type { XRateLimited } from '../verification.errors.js';
import { XApiSource } from './x-api.source.js';

beforeAll(() => Logger.overrideLogger(false));
afterEach(tidyUp);

const ID = '1234567890';

/** As X API v2 answers, shortened to what is asked for. */
const user = {
  id: '2244994945',
  name: 'Alexey',
  username: 'Alexey_Founder',
  created_at: '2013-12-14T04:35:55.000Z',
  protected: false,
  public_metrics: {
    followers_count: 513961,
    following_count: 2018,
    tweet_count: 3961,
    listed_count: 1672,
    like_count: 4,
  },
};
const tweet = {
  id: ID,
  text: 'Verification: AXE-7f3a-9b2c #UpMoltWork &amp; more',
  author_id: user.id,
  created_at: '2026-03-12T17:05:00.000Z',
  edit_history_tweet_ids: [ID],
};
const found = { data: tweet, includes: { users: [user] } };
const problem = (type: string) => ({
  errors: [
    {
      value: ID,
      detail: `Could not find tweet with id: [${ID}].`,
      title: 'Not Found Error',
      resource_type: 'tweet',
      parameter: 'id',
      resource_id: ID,
      type,
    },
  ],
});

interface Answered {
  status?: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** A server in X's place, which gives these answers in turn, the last one over and over. */
async function x(...answers: (Answered | ((response: ServerResponse) => void))[]) {
  const asked: { url: string; authorization: string }[] = [];
  const receiver = await aReceiver(({ url, headers }, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)]!;
    asked.push({ url: url!, authorization: headers.authorization! });
    if (typeof answer === 'function') return answer(response);
    const { status = 200, body, headers: more = {} } = answer;
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...more });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  const client = new OutgoingClient({ allowPrivate: true, ownPorts: () => [] });
  whenDone(() => client.close());
  const sites = { api: `http://127.0.0.1:${receiver.port}`, web: '' };
  return { source: new XApiSource(client, sites, 'the-token', 1_000), asked, receiver };
}

const slugOf = async (looking: Promise<unknown>): Promise<string> =>
  looking.then(
    () => 'seen',
    (error: XRateLimited) => error.type.slug,
  );

it('A tweet is one request, with the token, for all that the rules ask', async () => {
  const { source, asked } = await x({ body: found });
  expect(await source.see(ID)).toEqual({
    id: ID,
    text: 'Verification: AXE-7f3a-9b2c #UpMoltWork &amp; more',
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
  expect(asked).toHaveLength(1);
  expect(asked[0]!.authorization).toBe('Bearer the-token');
  const { pathname, searchParams } = new URL(asked[0]!.url, 'http://x');
  expect(pathname).toBe(`/2/tweets/${ID}`);
  expect(searchParams.get('expansions')).toBe('author_id');
  expect(searchParams.get('user.fields')!.split(',')).toEqual(
    expect.arrayContaining(['created_at', 'protected', 'public_metrics']),
  );
});

it('A long tweet is read to its end', async () => {
  const { source } = await x({ body: { ...found, data: { ...tweet, note_tweet: { text: 'all of it' } } } });
  expect(await source.see(ID)).toMatchObject({ text: 'all of it' });
});

it.each([
  ['retweeted', true],
  ['quoted', false],
  ['replied_to', false],
])('A tweet that refers to another by %s is a repost: %s', async (type, isRepost) => {
  const data = { ...tweet, referenced_tweets: [{ type, id: '1' }] };
  const { source } = await x({ body: { ...found, data } });
  expect(await source.see(ID)).toMatchObject({ isRepost });
});

it.each<[string, string, Answered]>([
  [
    'not_found',
    '200 with errors',
    { body: problem('https://api.twitter.com/2/problems/resource-not-found') },
  ],
  ['not_found', 'the new host', { body: problem('https://api.x.com/2/problems/resource-not-found') }],
  ['not_found', '404', { status: 404, body: { title: 'Not Found', status: 404 } }],
  [
    'not_found',
    '400 for an id that cannot be one',
    {
      status: 400,
      body: {
        errors: [
          { parameters: { id: [ID] }, message: `The \`id\` query parameter value [${ID}] is not valid` },
        ],
        title: 'Invalid Request',
        type: 'https://api.twitter.com/2/problems/invalid-request',
      },
    },
  ],
  [
    'not_public',
    '200 with errors',
    { body: problem('https://api.twitter.com/2/problems/not-authorized-for-resource') },
  ],
  [
    'not_public',
    '403 about the tweet',
    { status: 403, body: { type: 'https://api.x.com/2/problems/not-authorized-for-resource', status: 403 } },
  ],
])('%s: %s', async (expected, _, answer) => {
  const { source } = await x(answer);
  expect(await source.see(ID)).toBe(expected);
});

it.each<[string, Answered]>([
  ['a token that X refuses', { status: 401, body: { title: 'Unauthorized', status: 401 } }],
  [
    'a plan without this call',
    {
      status: 403,
      body: {
        client_id: '1',
        reason: 'client-not-enrolled',
        type: 'https://api.twitter.com/2/problems/client-forbidden',
      },
    },
  ],
  ['credits that are used up', { status: 402, body: { title: 'CreditsDepleted' } }],
  ['an outage', { status: 503, body: { title: 'Service Unavailable', status: 503 } }],
  ['a broken server', { status: 500, body: '' }],
  [
    'a question that X no longer understands',
    { status: 400, body: { errors: [{ message: 'no such field' }] } },
  ],
  ['a redirect', { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } }],
  ['the page of a proxy', { body: '<html>Welcome</html>' }],
  ['an answer cut short', { body: JSON.stringify(found).slice(0, -20) }],
  ['no body', { body: '' }],
  ['null', { body: 'null' }],
  ['an error of another kind', { body: problem('https://api.x.com/2/problems/something-new') }],
  ['no author', { body: { data: tweet } }],
  ['another author', { body: { data: tweet, includes: { users: [{ ...user, id: '1' }] } } }],
  ['no time', { body: { ...found, data: { ...tweet, created_at: undefined } } }],
  ['no text', { body: { ...found, data: { ...tweet, text: undefined } } }],
  ['no age', { body: { ...found, includes: { users: [{ ...user, created_at: undefined }] } } }],
  ['no followers', { body: { ...found, includes: { users: [{ ...user, public_metrics: {} }] } } }],
  [
    'no word on being protected',
    { body: { ...found, includes: { users: [{ ...user, protected: undefined }] } } },
  ],
])('%s is an outage, never a verdict', async (_, answer) => {
  const { source } = await x(answer);
  expect(await slugOf(source.see(ID))).toBe('x-source-down');
});

it('An answer that does not come, or does not end, is an outage', async () => {
  const { source } = await x(
    () => {},
    (response) => response.write('{"data":'),
  );
  expect(await slugOf(source.see(ID))).toBe('x-source-down');
  expect(await slugOf(source.see(ID))).toBe('x-source-down');
});

it('A connection that breaks, and a port where nobody listens, are outages', async () => {
  const { source, receiver } = await x((response) => response.destroy());
  expect(await slugOf(source.see(ID))).toBe('x-source-down');
  await receiver.close();
  expect(await slugOf(source.see(ID))).toBe('x-source-down');
});

it('After 429 X is left alone until it says that it may be asked again', async () => {
  const resetsAt = Math.floor(Date.now() / 1000) + 120;
  const { source, asked } = await x(
    {
      status: 429,
      body: { title: 'Too Many Requests' },
      headers: { 'x-rate-limit-reset': String(resetsAt) },
    },
    { body: found },
  );
  const refusals = [await refusal(source.see(ID)), await refusal(source.see('99'))];
  for (const { type, retryAfterS } of refusals) {
    expect(type.slug).toBe('x-rate-limited');
    expect(retryAfterS).toBeGreaterThan(110);
    expect(retryAfterS).toBeLessThanOrEqual(121);
  }
  expect(asked).toHaveLength(1);
});

it('It is asked again once the time has come, at the earliest after a second', async () => {
  const { source, asked } = await x(
    { status: 429, body: {}, headers: { 'x-rate-limit-reset': '1' } },
    { body: found },
  );
  expect((await refusal(source.see(ID))).retryAfterS).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  expect(await source.see(ID)).toMatchObject({ id: ID });
  expect(asked).toHaveLength(2);
});

it.each([
  ['nothing', {}, 60],
  ['nonsense', { 'x-rate-limit-reset': 'soon' }, 60],
  ['a time in years', { 'x-rate-limit-reset': '9999999999' }, 900],
])('A 429 that says %s of its end', async (_, headers, waitS) => {
  const { source } = await x({ status: 429, body: '', headers });
  expect((await refusal(source.see(ID))).retryAfterS).toBe(waitS);
});

it('The last answer of a window is used, and nothing is asked behind it', async () => {
  const resetsAt = Math.floor(Date.now() / 1000) + 60;
  const headers = { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': String(resetsAt) };
  const { source, asked } = await x({ body: found, headers });
  expect(await source.see(ID)).toMatchObject({ id: ID });
  expect(await slugOf(source.see('99'))).toBe('x-rate-limited');
  expect(asked).toHaveLength(1);
});

it('Those who ask for the same tweet at once share one request', async () => {
  const { source, asked } = await x({ body: found });
  const seen = await Promise.all(Array.from({ length: 8 }, () => source.see(ID)));
  expect(seen.every((one) => one === seen[0])).toBe(true);
  expect(asked).toHaveLength(1);
  await source.see(ID);
  expect(asked).toHaveLength(2);
});

async function refusal(looking: Promise<unknown>): Promise<XRateLimited> {
  try {
    await looking;
  } catch (error) {
    return error as XRateLimited;
  }
  throw new Error('It was seen.');
}
