import { Env } from './env.js';
import { Settings } from './settings.js';

const settings = (env: Partial<Env>): Settings =>
  new Settings(
    Object.assign(new Env(), env),
    '',
    '',
    { apiKeyPepper: '', encryption: '', signing: '' },
    undefined,
  );

describe('Tweets are read', () => {
  const token = { X_BEARER_TOKEN: 'token' };
  const production = { NODE_ENV: 'production' } as const;

  it.each<[Settings['tweetSource'], string, Partial<Env>]>([
    ['sandbox', 'on a laptop', {}],
    ['api', 'where there is a token', token],
    ['api', 'in production with a token', { ...production, ...token }],
    ['browser', 'as was said', { ...production, ...token, X_SOURCE: 'browser' }],
    ['sandbox', 'as was said, whatever else there is', { ...token, X_SOURCE: 'sandbox' }],
    ['sandbox', 'in production, where the sandbox is allowed', { ...production, ALLOW_SANDBOX: true }],
    [undefined, 'nowhere in production, while nobody says where', production],
  ])('from %s %s', (source, _, env) => {
    expect(settings(env).tweetSource).toBe(source);
  });
});
