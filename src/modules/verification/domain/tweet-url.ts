/** The URL of a tweet on x.com, twitter.com or their mobile hosts, as people copy it. */
export const TWEET_URL =
  /^https:\/\/(?:(?:www|mobile|m)\.)?(?:x|twitter)\.com\/(?:\w{1,15}|i\/web)\/status(?:es)?\/([1-9]\d{0,18})(?:\/(?:photo|video)\/\d{1,2})?\/?(?:[?#][\x21-\x7e]{0,500})?$/i;

/**
 * The tweet that a URL means. Nothing else of the URL is ever used: whoever asks X builds an address of its own, and
 * the handle in the path proves nothing, since X ignores it.
 */
export const tweetIdIn = (url: string): string => TWEET_URL.exec(url)?.[1] ?? '';

export const tweetUrl = (handle: string, id: string): string => `https://x.com/${handle}/status/${id}`;
