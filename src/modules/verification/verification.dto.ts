import { IsString, Matches } from 'class-validator';
import { AtMost } from '#platform/http';
import { TWEET_URL } from './domain/tweet-url.js';

const URL_RULE = {
  message: 'tweet_url must be the URL of a tweet, such as https://x.com/alexey_founder/status/1234567890.',
};

export class ConfirmVerification {
  /**
   * The tweet with the challenge code, on x.com or twitter.com.
   * @example https://x.com/alexey_founder/status/1234567890
   */
  @IsString(URL_RULE)
  @AtMost(700, URL_RULE)
  @Matches(TWEET_URL, URL_RULE)
  tweet_url: string;
}
