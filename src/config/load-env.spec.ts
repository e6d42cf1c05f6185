import { BadEnvironment, Env } from './env.js';
import { loadEnv } from './load-env.js';
import { Settings } from './settings.js';

function mistakes(source: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadEnv(source);
    return [];
  } catch (error) {
    if (error instanceof BadEnvironment) return error.mistakes;
    throw error;
  }
}

const KEY = 'k'.repeat(32);
const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://app:pw@db/upmoltwork',
  API_KEY_PEPPER: KEY,
  ENCRYPTION_KEY: KEY,
  SIGNING_KEY: KEY,
};

describe('The environment', () => {
  it('may be empty', () => {
    expect(loadEnv({})).toEqual(new Env());
  });

  it('is read as the types that it stands for', () => {
    const env = loadEnv({ PORT: '8080', TRUST_PROXY: '1', RATE_LIMIT_FACTOR: '0.5', ALLOW_SANDBOX: 'true' });
    expect(env).toMatchObject({ PORT: 8080, TRUST_PROXY: 1, RATE_LIMIT_FACTOR: 0.5, ALLOW_SANDBOX: true });
  });

  it.each(['', ' ', '\t'])('that is %j is the same as none, for every value', (nothing) => {
    const source = Object.fromEntries(Object.keys(new Env()).map((name) => [name, nothing]));
    expect(loadEnv(source)).toEqual(new Env());
  });

  it('may say things that are none of our business', () => {
    expect(loadEnv({ PATH: '/bin', port: '1', __proto__x: '1' })).toEqual(new Env());
  });

  it.each<Record<string, string>>([
    { PORT: '3000.5' },
    { PORT: '70000' },
    { PORT: '-1' },
    { PORT: 'http' },
    { PUBLIC_URL: 'api.example.org' },
    { PUBLIC_URL: 'ftp://example.org' },
    { TRUST_PROXY: 'true' },
    { TRUST_PROXY: '11' },
    { DATABASE_URL: 'mysql://db/x' },
    { DATABASE_READ_URL: 'nonsense' },
    { REDIS_URL: 'http://redis' },
    { NODE_ENV: 'prod' },
    { ROLE: 'web' },
    { WEB_CONCURRENCY: '0' },
    { WEB_CONCURRENCY: 'all' },
    { LOG_FORMAT: 'xml' },
    { LOG_LEVEL: 'info' },
    { RATE_LIMIT_FACTOR: '-1' },
    { RATE_LIMIT_FACTOR: 'NaN' },
    { RATE_LIMIT_FACTOR: 'Infinity' },
    { API_KEY_PEPPER: 'short' },
    { ENCRYPTION_KEY: 'short' },
    { SIGNING_KEY: 'short' },
    { OPERATOR_KEY: 'opk_short' },
    { OPERATOR_KEY: `axe_${KEY}` },
    { X_SOURCE: 'twitter' },
    { X402_MODE: 'on' },
    { ALLOW_SANDBOX: 'yes' },
    { ALLOW_SANDBOX: 'TRUE' },
    { ALLOW_PRIVATE_WEBHOOKS: '1' },
  ])('that says %j is one mistake, in one line that begins with its name', (source) => {
    const [name] = Object.keys(source);
    const found = mistakes(source);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${name}: \\S.*$`));
    expect(found[0]!.split(name!)).toHaveLength(2);
  });

  it('is told all its mistakes at once, a line each', () => {
    const source = { PORT: 'x', ROLE: 'y', SIGNING_KEY: 'z' };
    expect(mistakes(source)).toHaveLength(3);
    expect(() => loadEnv(source)).toThrow(/^PORT: .*\nROLE: .*\nSIGNING_KEY: .*$/);
  });

  it('shows a value that is no secret, on one line whatever stands in it', () => {
    expect(mistakes({ PORT: 'abc' })[0]).toMatch(/whole|integer/);
    expect(mistakes({ PORT: 'abc' })[0]).toContain('"abc"');
    expect(mistakes({ ROLE: 'a\nb' })[0]).not.toContain('\n');
  });

  it.each([
    'API_KEY_PEPPER',
    'ENCRYPTION_KEY',
    'SIGNING_KEY',
    'OPERATOR_KEY',
    'DATABASE_URL',
    'DATABASE_OWNER_URL',
    'DATABASE_READ_URL',
    'REDIS_URL',
  ])('never shows %s, which is a secret or carries one', (name) => {
    const shown = mistakes({ [name]: 'hunter2' }).join('\n');
    expect(shown).toContain(name);
    expect(shown).not.toContain('hunter2');
  });

  it('takes the names that containers give each other', () => {
    const source = { DATABASE_URL: 'postgres://u:p%40ss@my_db:5432/x', REDIS_URL: 'redis://my_redis:6379/0' };
    expect(loadEnv(source)).toMatchObject(source);
    expect(mistakes({ DATABASE_URL: 'postgresql://u@[::1]/x', REDIS_URL: 'rediss://localhost' })).toEqual([]);
  });

  it.each([
    ['postgres://u:p@%2Fvar%2Frun%2Fpostgresql:5433/x', []],
    ['postgres://u@%2fvar%2frun%2fpostgresql/x', []],
    ['postgres://u@/var/run/postgresql/x', ['DATABASE_URL']],
    ['mysql://u@%2Fvar%2Frun%2Fmysql/x', ['DATABASE_URL']],
  ])('takes a Unix socket in the place of a host: %s', (url, names) => {
    expect(mistakes({ DATABASE_URL: url }).map((line) => line.split(':')[0])).toEqual(names);
  });
});

describe('What must be said together', () => {
  const about = (source: NodeJS.ProcessEnv): string[] => mistakes(source).map((line) => line.split(':')[0]!);

  it.each([
    ['an owner without an application', { DATABASE_OWNER_URL: 'postgres://db/x' }, ['DATABASE_OWNER_URL']],
    ['the X API without a token', { X_SOURCE: 'api' }, ['X_BEARER_TOKEN']],
    ['the X API with an empty token', { X_SOURCE: 'api', X_BEARER_TOKEN: '' }, ['X_BEARER_TOKEN']],
    ['the X API with a token', { X_SOURCE: 'api', X_BEARER_TOKEN: 't' }, []],
  ])('%s', (_, source, names) => {
    expect(about(source)).toEqual(names);
  });

  it.each([
    ['everything', {}, []],
    ['no pepper', { API_KEY_PEPPER: '' }, ['API_KEY_PEPPER']],
    [
      'no key at all',
      { API_KEY_PEPPER: '', ENCRYPTION_KEY: undefined, SIGNING_KEY: '' },
      ['API_KEY_PEPPER', 'ENCRYPTION_KEY', 'SIGNING_KEY'],
    ],
    ['a short key', { SIGNING_KEY: 'short' }, ['SIGNING_KEY']],
    ['no database', { DATABASE_URL: '' }, ['DATABASE_URL']],
    ['the embedded database, in a sandbox', { DATABASE_URL: '', ALLOW_SANDBOX: 'true' }, []],
    ['the stand-in of X', { X_SOURCE: 'sandbox' }, ['X_SOURCE']],
    ['the stand-in of X, in a sandbox', { X_SOURCE: 'sandbox', ALLOW_SANDBOX: 'true' }, []],
    ['private webhooks', { ALLOW_PRIVATE_WEBHOOKS: 'true' }, ['ALLOW_PRIVATE_WEBHOOKS']],
    ['private webhooks, in a sandbox', { ALLOW_PRIVATE_WEBHOOKS: 'true', ALLOW_SANDBOX: 'true' }, []],
    ['keys, in a sandbox too', { API_KEY_PEPPER: '', ALLOW_SANDBOX: 'true' }, ['API_KEY_PEPPER']],
  ])('in production with %s', (_, change, names) => {
    expect(about({ ...PRODUCTION, ...change })).toEqual(names);
  });
});

describe('What follows from the environment', () => {
  const settings = (source: NodeJS.ProcessEnv): Settings =>
    new Settings(loadEnv(source), 'a', 'b', { apiKeyPepper: KEY, encryption: KEY, signing: KEY }, undefined);

  it.each([
    [{}, true, true],
    [PRODUCTION, false, false],
    [{ ...PRODUCTION, ALLOW_SANDBOX: 'true' }, true, true],
    [{ ALLOW_PRIVATE_WEBHOOKS: 'false' }, true, false],
    [{ ...PRODUCTION, ALLOW_PRIVATE_WEBHOOKS: 'false' }, false, false],
  ])('case %#: the sandbox, and webhooks to private addresses', (source, sandbox, privateWebhooks) => {
    expect(settings(source)).toMatchObject({ sandbox, privateWebhooks });
  });
});
