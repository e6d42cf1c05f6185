import { after, before, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#kernel/clock';
import type { FailedCheck } from '../verification.errors.js';
import { checkTweet } from './check-tweet.js';
import type { Sighting, Tweet, XAccount } from './tweet.js';

const CODE = 'AXE-7f3a-9b2c';
const challengedAt = new Date('2026-03-12T17:00:00.700Z');
const now = after(challengedAt, HOUR_MS);
const asked = { handle: 'alexey_founder', at: challengedAt, isCode: (code: string) => code === CODE };

const good: Tweet = {
  id: '1234567890',
  text: `I'm registering my AI agent on @AgentExchange 🤖\n\nVerification: ${CODE}\n\n#UpMoltWork #AIAgents`,
  postedAt: after(challengedAt, 5 * MINUTE_MS),
  isRepost: false,
  author: {
    id: '42',
    handle: 'Alexey_Founder',
    createdAt: before(now, 400 * DAY_MS),
    followers: 10,
    isProtected: false,
  },
};
const tweet = (changes: Partial<Tweet>): Tweet => ({ ...good, ...changes });
const by = (changes: Partial<XAccount>): Tweet => tweet({ author: { ...good.author, ...changes } });

/** `good`, or the slug of the rule that it breaks. */
function verdict(seen: Sighting, at = now): string {
  try {
    return checkTweet(seen, asked, at) === seen ? 'good' : 'another tweet';
  } catch (error) {
    return (error as FailedCheck).type.slug;
  }
}

it.each<[string, string, Sighting]>([
  ['good', 'everything as asked', good],
  ['tweet-not-found', 'no such tweet', 'not_found'],
  ['tweet-not-public', 'hidden by X', 'not_public'],
  ['tweet-not-public', 'a protected account', by({ isProtected: true })],
  ['wrong-author', 'another handle', by({ handle: 'alexey_founder2' })],
  ['wrong-author', 'a repost by the right handle', tweet({ isRepost: true })],
  ['code-missing', 'no code', tweet({ text: '#UpMoltWork' })],
  ['code-missing', 'another code', tweet({ text: 'AXE-7f3a-9b2d #UpMoltWork' })],
  ['code-missing', 'the code in capitals', tweet({ text: `${CODE.toUpperCase()} #UpMoltWork` })],
  ['code-missing', 'the code as a part of a word', tweet({ text: `${CODE}0 #UpMoltWork` })],
  ['code-missing', 'the code behind a word', tweet({ text: `x${CODE} #UpMoltWork` })],
  ['good', 'two codes', tweet({ text: `AXE-0000-0000 ${CODE}, #UpMoltWork` })],
  ['hashtag-missing', 'no hashtag', tweet({ text: `${CODE} UpMoltWork` })],
  ['hashtag-missing', 'a longer hashtag', tweet({ text: `${CODE} #UpMoltWorker` })],
  ['hashtag-missing', 'a hashtag with a longer end', tweet({ text: `${CODE} #UpMoltWork_` })],
  ['hashtag-missing', 'a hash in the middle of a word', tweet({ text: `${CODE} a#UpMoltWork` })],
  ['good', 'the hashtag in small letters', tweet({ text: `${CODE} #upmoltwork` })],
  ['good', 'the hashtag before a full stop', tweet({ text: `#UpMoltWork. ${CODE}.` })],
  ['good', 'the wide hash of some keyboards', tweet({ text: `＃UpMoltWork ${CODE}` })],
  ['tweet-before-challenge', 'a minute early', tweet({ postedAt: before(challengedAt, MINUTE_MS) })],
  ['tweet-before-challenge', 'the second before', tweet({ postedAt: new Date('2026-03-12T16:59:59.000Z') })],
  ['good', 'the same second, as X tells it', tweet({ postedAt: new Date('2026-03-12T17:00:00.000Z') })],
  ['account-too-young', 'a new account', by({ createdAt: before(now, DAY_MS) })],
  ['account-too-young', 'an account of 30 days', by({ createdAt: before(now, 30 * DAY_MS) })],
  ['good', 'a second older than 30 days', by({ createdAt: before(now, 30 * DAY_MS + SECOND_MS) })],
  ['too-few-followers', 'nine followers', by({ followers: 9 })],
])('%s: %s', (expected, _, seen) => {
  expect(verdict(seen)).toBe(expected);
});

it('is too old at 24 hours, whenever it was asked for', () => {
  const late = after(good.postedAt, DAY_MS);
  expect(verdict(good, late)).toBe('tweet-too-old');
  expect(verdict(good, before(late, 1))).toBe('good');
});

it('names what is to be done first: who wrote it before what it says, the tweet before the account', () => {
  const all = { ...by({ handle: 'other', createdAt: now, followers: 0 }), text: '', postedAt: challengedAt };
  expect(verdict(all)).toBe('wrong-author');
  expect(verdict({ ...all, author: { ...all.author, handle: asked.handle } })).toBe('code-missing');
});

it('points at the field and tells what is missing', () => {
  try {
    checkTweet(by({ followers: 3 }), asked, now);
    throw new Error('It was good.');
  } catch (error) {
    const { fields, members } = error as FailedCheck;
    expect(members).toEqual({ followers: 3, needed: 10 });
    expect(fields).toEqual([
      {
        pointer: '/tweet_url',
        rule: 'too_few_followers',
        message: 'The X account has 3 followers and needs 10.',
      },
    ]);
  }
});
