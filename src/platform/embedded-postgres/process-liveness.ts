import { readFileSync } from 'node:fs';

/** A zombie counts as dead: many containers have a PID 1 that never reaps, and `kill(pid, 0)` reaches it. */
export function isAlive(pid: number): boolean {
  const state = statOf(pid)?.state;
  return isKnown(pid) && state !== 'Z' && state !== 'X';
}

/** Does the system know this pid, be it a zombie's? */
export function isKnown(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * A name for a process that no later process bears, where the system tells: a restarted container gives the
 * same pid to another program, but never the same start.
 */
export const processName = (pid: number): string => `${pid}:${statOf(pid)?.startedAt ?? ''}`;

/** The arguments of a process, or undefined where the system does not tell (no /proc). */
export function argumentsOf(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return undefined;
  }
}

function statOf(pid: number): { state: string; startedAt: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: state!, startedAt: rest[18]! };
  } catch {
    return undefined;
  }
}
