import { TWEET_URL, tweetIdIn, tweetUrl } from './tweet-url.js';

it.each([
  'https://x.com/alexey_founder/status/1234567890',
  'https://twitter.com/alexey_founder/status/1234567890',
  'https://www.x.com/alexey_founder/status/1234567890',
  'https://mobile.x.com/alexey_founder/status/1234567890',
  'https://mobile.twitter.com/alexey_founder/status/1234567890',
  'https://m.twitter.com/alexey_founder/status/1234567890',
  'https://X.com/Alexey_Founder/status/1234567890/',
  'https://x.com/alexey_founder/status/1234567890?s=20&t=abc',
  'https://x.com/alexey_founder/status/1234567890#m',
  'https://x.com/alexey_founder/status/1234567890/photo/1',
  'https://twitter.com/alexey_founder/statuses/1234567890',
  'https://x.com/i/status/1234567890',
  'https://x.com/i/web/status/1234567890',
])('%s is tweet 1234567890', (url) => {
  expect(tweetIdIn(url)).toBe('1234567890');
});

it.each([
  '',
  '1234567890',
  'x.com/alexey_founder/status/1234567890',
  'http://x.com/alexey_founder/status/1234567890',
  'ftp://x.com/alexey_founder/status/1234567890',
  'https://x.com.evil.example/alexey_founder/status/1234567890',
  'https://evilx.com/alexey_founder/status/1234567890',
  'https://x.com@evil.example/alexey_founder/status/1234567890',
  'https://x.com:8443/alexey_founder/status/1234567890',
  'https://user:pw@x.com/alexey_founder/status/1234567890',
  'https://x.com\\@evil.example/a/status/1234567890',
  'https://ｘ.com/alexey_founder/status/1234567890',
  'https://api.x.com/alexey_founder/status/1234567890',
  'https://x.com/alexey_founder/status/',
  'https://x.com/alexey_founder/status/0',
  'https://x.com/alexey_founder/status/12e3',
  'https://x.com/alexey_founder/status/1234567890123456789012',
  'https://x.com/alexey_founder/status/1234567890/../../../2/users',
  'https://x.com/alexey_founder/status/1234567890/likes',
  'https://x.com/a_handle_that_is_too_long/status/1234567890',
  'https://x.com/status/1234567890',
  'https://x.com//status/1234567890',
  ' https://x.com/alexey_founder/status/1234567890',
  'https://x.com/alexey_founder/status/1234567890\n',
  'https://x.com/alexey_founder/status/1234567890 https://evil.example',
  'https://x.com/alexey_founder/status/1234567890?a\u0000b',
])('%j is no URL of a tweet', (url) => {
  expect(TWEET_URL.test(url)).toBe(false);
});

it('is written as X writes it', () => {
  expect(tweetUrl('alexey_founder', '1234567890')).toBe('https://x.com/alexey_founder/status/1234567890');
});
