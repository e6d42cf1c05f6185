import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Env } from './env.js';
import type { Keys } from './settings.js';

/** What somebody has to restore before the program can start; the message is one line for that person. */
export class UnusableSecrets extends Error {
  override readonly name = 'UnusableSecrets';
}

/** Why none may be made where the file is missing: says what to restore. */
export type WhyNoneIsMade = (file: string, missing: readonly (keyof Keys)[]) => string;

/**
 * The keys of an installation: from the environment, or made at the first start and kept in the data folder. A
 * lost key file would make every API key and webhook secret unreadable, so it lies with the data it belongs to.
 */
export function keysFor(env: Env, whyNoneIsMade?: WhyNoneIsMade): Keys {
  if (env.API_KEY_PEPPER && env.ENCRYPTION_KEY && env.SIGNING_KEY) {
    return { apiKeyPepper: env.API_KEY_PEPPER, encryption: env.ENCRYPTION_KEY, signing: env.SIGNING_KEY };
  }
  const file = path.join(env.DATA_DIR, 'keys.json');
  if (whyNoneIsMade && !existsSync(file)) throw new UnusableSecrets(whyNoneIsMade(file, missingIn(env)));
  const kept = keptKeys(file);
  const keys: Keys = {
    apiKeyPepper: env.API_KEY_PEPPER ?? kept.apiKeyPepper,
    encryption: env.ENCRYPTION_KEY ?? kept.encryption,
    signing: env.SIGNING_KEY ?? kept.signing,
  };
  for (const name of ['apiKeyPepper', 'encryption', 'signing'] as const)
    if (!keys[name]) throw new UnusableSecrets(`${file} holds no key for ${name}; restore it from a backup.`);
  return keys;
}

export interface FirstOperator {
  key: string | undefined;
  keptIn?: string;
  /** Just now, so that it is shown, once. */
  made: boolean;
}

/** The first operator's key. In production it is given or there is none; elsewhere it is made and kept. */
export function operatorKeyFor(env: Env): FirstOperator {
  if (env.OPERATOR_KEY || env.NODE_ENV === 'production') return { key: env.OPERATOR_KEY, made: false };
  const keptIn = path.join(env.DATA_DIR, 'operator.key');
  if (existsSync(keptIn)) return { key: readFileSync(keptIn, 'utf8').trim(), keptIn, made: false };
  const fresh = `opk_${randomBytes(32).toString('hex')}`;
  const key = keepOnce(keptIn, `${fresh}\n`).trim();
  return { key, keptIn, made: key === fresh };
}

function keptKeys(file: string): Keys {
  if (existsSync(file)) return readKeys(file);
  const key = (): string => randomBytes(32).toString('hex');
  const fresh: Keys = { apiKeyPepper: key(), encryption: key(), signing: key() };
  return JSON.parse(keepOnce(file, `${JSON.stringify(fresh, null, 2)}\n`)) as Keys;
}

function readKeys(file: string): Keys {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Keys;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new UnusableSecrets(`${file} is damaged; restore it from a backup.`, { cause });
  }
}

const missingIn = (env: Env): (keyof Keys)[] => [
  ...(env.API_KEY_PEPPER ? [] : (['apiKeyPepper'] as const)),
  ...(env.ENCRYPTION_KEY ? [] : (['encryption'] as const)),
  ...(env.SIGNING_KEY ? [] : (['signing'] as const)),
];

/** Two processes may start at once: the first one's file stays, and both read that. */
function keepOnce(file: string, content: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  // Not named by the process id: in two containers that share the folder it is the same.
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  // On the disk before it has its name, so that a power cut leaves no empty file of keys.
  writeFileSync(draft, content, { mode: 0o600, flush: true });
  try {
    // Unlike a rename, a link never replaces a file that another process has just made.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return readFileSync(file, 'utf8');
}
