import { randomBytes } from 'node:crypto';
import { chownSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DataHome } from './data-home.js';

export type ServerRole = 'app' | 'owner' | 'superuser';
export const ROLE_NAMES = {
  app: 'upmoltwork_app',
  owner: 'upmoltwork_owner',
  superuser: 'postgres',
} as const satisfies Record<ServerRole, string>;

/** What makes this server ours: kept in `database.json`, so that every process of the folder finds it. */
export interface ServerIdentity {
  readonly port?: number;
  readonly passwords: Readonly<Record<ServerRole, string>>;
}

export function inventIdentity(): ServerIdentity {
  return { passwords: { app: inventPassword(), owner: inventPassword(), superuser: inventPassword() } };
}

/** 192 random bits, in letters that need no escaping in a URL or in SQL. */
const inventPassword = (): string => randomBytes(24).toString('base64url');

/** Undefined when there is none or it cannot be understood: then the passwords are set anew. */
export function readIdentity(home: DataHome): ServerIdentity | undefined {
  try {
    const read = JSON.parse(readFileSync(fileOf(home), 'utf8')) as Partial<ServerIdentity>;
    const complete = (['app', 'owner', 'superuser'] as const).every((role) => read.passwords?.[role]);
    return complete ? (read as ServerIdentity) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all, also when the power goes. */
export function saveIdentity(home: DataHome, identity: ServerIdentity): void {
  const draft = `${fileOf(home)}.draft`;
  writeFileSync(draft, `${JSON.stringify(identity, undefined, 2)}\n`, { mode: 0o600, flush: true });
  giveToOwnerOf(home, draft);
  renameSync(draft, fileOf(home));
}

/** Root may start what a user has made; that user must be able to start it again. */
export function giveToOwnerOf(home: DataHome, file: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(home.folder);
  chownSync(file, uid, gid);
}

const fileOf = (home: DataHome): string => path.join(home.folder, 'database.json');
