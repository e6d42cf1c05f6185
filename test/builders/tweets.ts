import type { TestApp } from '../support/app.js';

export interface Challenge {
  code: string;
  template: string;
}

/** Asks for a challenge over HTTP. */
export async function aChallenge(app: TestApp, { key }: { key: string }): Promise<Challenge> {
  const { status, body, text } = await app.api.post<{ challenge_code: string; tweet_template: string }>(
    '/v1/verification/initiate',
    undefined,
    { key },
  );
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
  const posted = await app.api.post<{ tweet_url: string }>('/sandbox/x/tweets', { handle, text, ...fields });
  if (posted.status !== 201) throw new Error(`Posting answered ${posted.status}: ${posted.text}`);
  return posted.body.tweet_url;
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
