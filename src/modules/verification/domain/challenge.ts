import { after, HOUR_MS } from '#kernel/clock';

/** Rules §2.5: so that codes are not stockpiled. */
const VALID_MS = 24 * HOUR_MS;

/** What an agent was asked to post. The code itself is kept nowhere. */
export interface Challenge {
  agentId: string;
  codeHash: Buffer;
  createdAt: Date;
  expiresAt: Date;
  /** Why the last tweet did not do. */
  lastError: string | null;
}

export const newChallenge = (agentId: string, codeHash: Buffer, now: Date): Challenge => ({
  agentId,
  codeHash,
  createdAt: now,
  expiresAt: after(now, VALID_MS),
  lastError: null,
});

export const hasExpired = ({ expiresAt }: Challenge, now: Date): boolean => now >= expiresAt;

/** `AXE-7f3a-9b2c` from four bytes of chance. */
export function challengeCode(chance: Buffer): string {
  const [, head, tail] = /^(.{4})(.{4})$/.exec(chance.toString('hex'))!;
  return `AXE-${head}-${tail}`;
}

/** Whatever in a text could be a code, exactly as one is written. */
export const codesIn = (text: string): string[] =>
  text.match(/(?<!\w)AXE-[0-9a-f]{4}-[0-9a-f]{4}(?!\w)/g) ?? [];
