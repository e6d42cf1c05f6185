import { BadEnvironment } from '#config/env';
import { UnusableDatabase } from '#platform/database';

/** What a person can mend is one line each; anything else keeps its stack. */
export function whyItCannotStart(error: unknown): string {
  if (error instanceof BadEnvironment) {
    return ['The environment is wrong:', ...error.mistakes.map((mistake) => `  ${mistake}`)].join('\n');
  }
  const reason = mendable(error);
  if (reason !== undefined) return `UpMoltWork cannot start: ${reason}`;
  return `UpMoltWork cannot start: ${error instanceof Error ? error.stack : String(error)}`;
}

/** Errors whose message is already the line to read. */
const READABLE = new Set([
  'AssetsMissing',
  'CannotStartPostgres',
  'ChildCannotStart',
  'UnusableSchemaFiles',
  'UnusableSecrets',
]);

function mendable(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (READABLE.has(error.name)) return error.message;
  if (error instanceof UnusableDatabase) return `${error.variable}: ${firstWords(error.cause as Error)}`;
  // Node's own ERR_… codes mark mistakes in the program.
  if (!('code' in error) || String(error.code).startsWith('ERR_')) return undefined;
  const { syscall, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (syscall === 'listen' || syscall === 'bind') {
    const place = `port ${port} of ${address ?? 'this machine'}`;
    if (error.code === 'EADDRINUSE') return `${place} is taken by another program. Set PORT to another one.`;
    if (error.code === 'EACCES') return `${place} is for root alone. Set PORT to one above 1023.`;
    if (error.code === 'EADDRNOTAVAIL') return `${address} is no address of this machine. Correct HOST.`;
  }
  return firstWords(error);
}

/** A name with several addresses fails with several errors and no message of its own. */
function firstWords(error: Error): string {
  if (error.message !== '') return error.message;
  const causes: unknown[] = error instanceof AggregateError ? error.errors : [];
  return (
    causes.map((cause) => (cause instanceof Error ? cause.message : String(cause))).join('; ') || error.name
  );
}
