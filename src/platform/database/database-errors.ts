import { types } from 'node:util';

/** PostgreSQL's and the driver's errors, by what they mean to us. */
interface DriverError extends Error {
  code?: string;
  constraint?: string;
  syscall?: string;
}

const RACE_LOST = new Set(['40001', '40P01', '55P03']);
const CONNECTION_GONE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  '25P03',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);
const OUT_OF_ROOM = new Set(['53000', '53100', '53200', '58030']);
/** Of a Unix socket: there is none while the server starts, and no room in its queue for a moment. */
const SOCKET_GONE = new Set(['ENOENT', 'EAGAIN']);
/** The driver reports these without a code; TypeORM gives a transaction up whose connection was lost in between. */
const CONNECTION_GONE_TEXT =
  /^(Connection terminated|timeout exceeded when trying to connect|Client (has encountered|was closed)|Query runner already released)/;

/** Serialization failure, deadlock, lock timeout: the same work may succeed when run again. */
export const isRaceLost = (error: unknown): boolean => RACE_LOST.has(codeOf(error) ?? '');

export const isStatementTimeout = (error: unknown): boolean => codeOf(error) === '57014';

/** No connection of a pool came free in time, or none could be made in it. */
export const isWaitTooLong = (error: unknown): boolean =>
  types.isNativeError(error) && error.message === 'timeout exceeded when trying to connect';

/** The disk is full, or memory: nothing of it was done, and nothing will be before somebody makes room. */
export const isOutOfRoom = (error: unknown): boolean => OUT_OF_ROOM.has(codeOf(error) ?? '');

export const isUnreachable = (error: unknown): boolean =>
  types.isNativeError(error) &&
  (CONNECTION_GONE.has(codeOf(error) ?? '') ||
    (codeOf(error)?.startsWith('08') ?? false) ||
    (driverError(error)?.syscall === 'connect' && SOCKET_GONE.has(codeOf(error) ?? '')) ||
    CONNECTION_GONE_TEXT.test(error.message));

/** The id that was drawn is somebody's already, or two made the same row at once: who starts over draws or finds another. */
export const isKeyTaken = (error: unknown): boolean => violatedUnique(error)?.endsWith('_pkey') ?? false;

/** The constraint a duplicate ran into; stores turn it into a rule's name. */
export function violatedUnique(error: unknown): string | undefined {
  return codeOf(error) === '23505' ? driverError(error)?.constraint : undefined;
}

/** What a function or trigger of ours raised, by its code. */
export const isRaised = (error: unknown, code: string): boolean => codeOf(error) === code;

function codeOf(error: unknown): string | undefined {
  return driverError(error)?.code;
}

/** TypeORM wraps what the driver threw. */
function driverError(error: unknown): DriverError | undefined {
  if (!types.isNativeError(error)) return undefined;
  const inner = (error as { driverError?: DriverError }).driverError;
  return inner ?? error;
}
