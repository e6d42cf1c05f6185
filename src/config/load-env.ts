import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { existsSync } from 'node:fs';
import { BadEnvironment, Env } from './env.js';

/** Reads and checks the environment. An empty value is the same as none; a blank would else count as the number 0. */
export function loadEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const known = Object.keys(new Env());
  const set = Object.entries(source).filter(([name, value]) => known.includes(name) && value?.trim() !== '');
  const env = plainToInstance(Env, Object.fromEntries(set), { exposeDefaultValues: true });
  const mistakes = [...wrongValues(env, source), ...wrongTogether(env)];
  if (mistakes.length > 0) throw new BadEnvironment(mistakes);
  return env;
}

/** `.env` is read where it lies in the working directory; what the shell says wins. */
export function readDotEnv(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}

/** One line for each value; of several rules that it breaks the one that stands first says most. */
function wrongValues(env: Env, source: NodeJS.ProcessEnv): string[] {
  return validateSync(env).map(({ property, constraints }) => {
    const rule = Object.values(constraints ?? {}).at(-1) ?? 'is wrong';
    return `${property}: ${rule.replace(`${property} `, '')}${shown(property, source[property])}`;
  });
}

function wrongTogether(env: Env): string[] {
  const production = env.NODE_ENV === 'production';
  const mistakes: string[] = [];
  for (const name of ['API_KEY_PEPPER', 'ENCRYPTION_KEY', 'SIGNING_KEY'] as const) {
    if (production && !env[name])
      mistakes.push(`${name}: required in production; make one with \`openssl rand -hex 32\`.`);
  }
  if (production && !env.DATABASE_URL && !env.ALLOW_SANDBOX) {
    mistakes.push('DATABASE_URL: required in production; the embedded PostgreSQL is for development.');
  }
  if (production && env.X_SOURCE === 'sandbox' && !env.ALLOW_SANDBOX) {
    mistakes.push('X_SOURCE: the sandbox verifies anybody; in production it needs ALLOW_SANDBOX=true.');
  }
  if (env.ALLOW_PRIVATE_WEBHOOKS && production && !env.ALLOW_SANDBOX) {
    mistakes.push('ALLOW_PRIVATE_WEBHOOKS: refused in production unless ALLOW_SANDBOX=true.');
  }
  if (env.DATABASE_OWNER_URL && !env.DATABASE_URL) {
    mistakes.push('DATABASE_OWNER_URL: means nothing without DATABASE_URL.');
  }
  if (env.X_SOURCE === 'api' && !env.X_BEARER_TOKEN) {
    mistakes.push('X_BEARER_TOKEN: required when X_SOURCE is api.');
  }
  return mistakes;
}

/** Places may be shown; secrets and URLs, which carry passwords, may not. */
const shown = (name: string, value: unknown): string =>
  /KEY|PEPPER|TOKEN|URL/.test(name) ? '' : ` (it is ${JSON.stringify(value)})`;
