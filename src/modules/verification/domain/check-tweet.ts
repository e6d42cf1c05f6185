import { after, before, DAY_MS, periodStart, SECOND_MS } from '#kernel/clock';
import {
  AccountTooYoung,
  CodeMissing,
  HashtagMissing,
  TooFewFollowers,
  TweetBeforeChallenge,
  TweetNotFound,
  TweetNotPublic,
  TweetTooOld,
  WrongAuthor,
} from '../verification.errors.js';
import { codesIn } from './challenge.js';
import type { Sighting, Tweet, XAccount } from './tweet.js';

/** Rules §2.6. */
const TWEET_AGE_MAX_MS = DAY_MS;
const ACCOUNT_AGE_MIN_MS = 30 * DAY_MS;
const FOLLOWERS_MIN = 10;

/** As X itself reads hashtags: in any case, whole, not in the middle of a word. */
const HASHTAG = /(?<![\p{L}\p{M}\p{N}_&])[#＃]UpMoltWork(?![\p{L}\p{M}\p{N}_])/iu;

/** What the agent was asked to show, and by whom. */
export interface Asked {
  handle: string;
  at: Date;
  isCode: (candidate: string) => boolean;
}

/** The tweet, if it proves that the handle's owner stands behind the agent; otherwise throws the first rule that it breaks. */
export function checkTweet(seen: Sighting, asked: Asked, now: Date): Tweet {
  if (seen === 'not_found') throw new TweetNotFound();
  if (seen === 'not_public' || seen.author.isProtected) throw new TweetNotPublic();
  checkAuthorship(seen, asked.handle);
  checkText(seen, asked);
  checkTime(seen, asked, now);
  checkAccount(seen.author, now);
  return seen;
}

function checkAuthorship({ author, isRepost }: Tweet, handle: string): void {
  if (author.handle.toLowerCase() !== handle) throw new WrongAuthor(author.handle, handle);
  // Else whoever gets the owner to repost a tweet would have it speak for an agent that it does not know.
  if (isRepost) throw new WrongAuthor(undefined, handle);
}

function checkText({ text }: Tweet, { isCode }: Asked): void {
  if (!codesIn(text).some((candidate) => isCode(candidate))) throw new CodeMissing();
  if (!HASHTAG.test(text)) throw new HashtagMissing();
}

function checkTime({ postedAt }: Tweet, asked: Asked, now: Date): void {
  if (postedAt <= before(now, TWEET_AGE_MAX_MS)) throw new TweetTooOld(postedAt);
  // X tells whole seconds, so a tweet of the challenge's own second may seem older than it.
  if (postedAt < periodStart(asked.at, SECOND_MS)) throw new TweetBeforeChallenge(postedAt, asked.at);
}

function checkAccount({ createdAt, followers }: XAccount, now: Date): void {
  const oldEnoughAt = after(createdAt, ACCOUNT_AGE_MIN_MS);
  if (now <= oldEnoughAt) throw new AccountTooYoung(oldEnoughAt);
  if (followers < FOLLOWERS_MIN) throw new TooFewFollowers(followers, FOLLOWERS_MIN);
}
