import type { TestApp } from '../support/app.js';
import type { TestAgent } from './agents.js';

export interface Challenge {
  code: string;
  template: string;
}

/** Asks for a challenge over HTTP. */
export async function aChallenge(app: TestApp, { key }: TestAgent): Promise<Challenge> {
  const { status, body, text } = await app.api.post('/v1/verification/initiate', undefined, { key });
  if (status !== 200) throw new Error(`Initiating answered ${status}: ${text}`);
  return { code: body.challenge_code, template: body.tweet_template };
}

/** Posts on the sandbox's X and answers the tweet's URL. */
export async function aTweet(
  app: TestApp,
  handle: string,
  text: string,
  fields: { created_at?: string } = {},
): Promise<string> {
  const { status, body, text: answer } = await app.api.post('/sandbox/x/tweets', { handle, text, ...fields });
  if (status !== 201) throw new Error(`Posting answered ${status}: ${answer}`);
  return body.tweet_url;
}

/** Sets up an account of the sandbox's X. */
export async function anXAccount(
  app: TestApp,
  handle: string,
  fields: { created_at?: string; followers?: number; protected?: boolean } = {},
): Promise<void> {
  const { status, text } = await app.api.post('/sandbox/x/accounts', { handle, ...fields });
  if (status !== 201) throw new Error(`Setting up answered ${status}: ${text}`);
}
