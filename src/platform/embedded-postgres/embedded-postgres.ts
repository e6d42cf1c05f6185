import { statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { bringUp, type RunningServer, type ServerPlan } from './bring-up.js';
import { CannotStartPostgres } from './cannot-start-postgres.js';
import { logOf, openDataHome, socketFolderOf } from './data-home.js';
import { preparePostgresBinaries } from './postgres-binaries.js';
import { stopPostmaster } from './postmaster.js';
import { DATABASE } from './provision-database.js';
import { ROLE_NAMES, type ServerRole } from './server-identity.js';
import { withStartLock } from './start-lock.js';

export { CannotStartPostgres } from './cannot-start-postgres.js';

export interface EmbeddedServer {
  /** The folder that holds cluster, log and passwords. */
  readonly dataDir: string;
  /** The data do not lie where they were asked to: tell the user where. */
  readonly moved: boolean;
  /** The superuser is for tests and administration only. */
  url(role: ServerRole, database?: string): string;
  /** Stops the server, unless others use it. Never fails, and takes a few seconds at most. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** The folder above the cluster. */
  readonly home: string;
  /** For data that are thrown away: nothing is flushed to the disk. */
  readonly fast?: boolean;
  /** So many at a time, of all programs together; a server that is running already has its own number. */
  readonly sessions?: number;
  /** Wished for; another one is taken when it is busy, and kept from then on. */
  readonly port?: number;
  readonly log?: (line: string) => void;
  /** Ends the start. */
  readonly signal?: AbortSignal;
}

/**
 * A PostgreSQL for those who have none: the binaries of an npm package, started and watched over by ourselves.
 * All processes of one home share one server; the last to leave stops it, and one that was killed leaves it
 * running for the next.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const home = openDataHome(options.home);
  const binaries = preparePostgresBinaries(home);
  const { fast = false, sessions = 100, port: preferredPort } = options;
  const plan = { home, binaries, fast, sessions, preferredPort };
  const server = new SupervisedServer(plan, options.log ?? console.warn);
  await server.enter(options.signal);
  return server;
}

const START_MS_MAX = 120_000;
const PAUSE_MS = { first: 100, longest: 5_000 };
/** A server that lived this long did not die of its start: the next pause is short again. */
const STEADY_AFTER_MS = 30_000;
const LEAVE_MS_MAX = 2_000;
/** The sessions that this program has just closed are still being taken down by the server. */
const CLOSING_SESSIONS_MS = 300;

class SupervisedServer implements EmbeddedServer {
  private running: RunningServer;
  private upSince = 0;
  private pauseMs = PAUSE_MS.first;
  private readonly leaving = new AbortController();
  private recovery: Promise<void> | undefined;
  private left: Promise<void> | undefined;

  constructor(
    private readonly plan: ServerPlan,
    private readonly log: (line: string) => void,
  ) {}

  get dataDir(): string {
    return this.plan.home.folder;
  }

  get moved(): boolean {
    return this.plan.home.moved;
  }

  url(role: ServerRole, database = DATABASE): string {
    const { identity, port } = this.running;
    const host = this.socketFolder(port) ?? '127.0.0.1';
    return `postgres://${ROLE_NAMES[role]}:${identity.passwords[role]}@${encodeURIComponent(host)}:${port}/${database}`;
  }

  /** A query through it costs a quarter less than through the port. A server that an older program started has none. */
  private socketFolder(port: number): string | undefined {
    const folder = socketFolderOf(this.plan.home);
    return folder !== undefined && isSocket(path.join(folder, `.s.PGSQL.${port}`)) ? folder : undefined;
  }

  stop(): Promise<void> {
    this.left ??= this.leave();
    return this.left;
  }

  async enter(cancelled?: AbortSignal, samePort?: number): Promise<void> {
    const tooLong = AbortSignal.timeout(START_MS_MAX);
    const signals = [this.leaving.signal, tooLong, ...(cancelled ? [cancelled] : [])];
    try {
      this.running = await bringUp(this.plan, AbortSignal.any(signals), samePort);
    } catch (error) {
      if (!tooLong.aborted) throw error;
      throw new CannotStartPostgres(
        `PostgreSQL was not up after ${START_MS_MAX / 1_000} s; see ${logOf(this.plan.home)}`,
      );
    }
    this.upSince = Date.now();
    this.watch(this.running.presence);
  }

  /** The session ends in the moment in which the server dies, whoever started it and whatever killed it. */
  private watch(presence: Client): void {
    presence.once('end', () => {
      if (!this.leaving.signal.aborted) this.recovery = this.recover();
    });
    // Whoever forgets to stop the server must still be able to end.
    (presence as ReferencedClient).unref();
  }

  private async recover(): Promise<void> {
    const { port } = this.running;
    const lostAt = Date.now();
    if (lostAt - this.upSince > STEADY_AFTER_MS) this.pauseMs = PAUSE_MS.first;
    let reason: string | undefined;
    while (await this.pause()) {
      try {
        await this.enter(undefined, port);
        this.log(
          `PostgreSQL was lost; it is back on port ${this.running.port} after ${Date.now() - lostAt} ms`,
        );
        return;
      } catch (error) {
        if (this.leaving.signal.aborted) return;
        const { message } = error as Error;
        if (message !== reason) this.log(`PostgreSQL was lost and is not back yet: ${message}`);
        reason = message;
      }
    }
  }

  /** False when we are leaving. */
  private async pause(): Promise<boolean> {
    const { signal } = this.leaving;
    await sleep(this.pauseMs, undefined, { signal }).catch(() => undefined);
    this.pauseMs = Math.min(this.pauseMs * 2, PAUSE_MS.longest);
    return !signal.aborted;
  }

  private async leave(): Promise<void> {
    this.leaving.abort();
    const deadline = AbortSignal.timeout(LEAVE_MS_MAX);
    await Promise.race([this.recovery, sleep(LEAVE_MS_MAX, undefined, { ref: false })]);
    const { home, binaries } = this.plan;
    const { presence } = this.running;
    (presence as ReferencedClient).ref();
    try {
      await withStartLock(home.folder, deadline, async () => {
        if (await isLast(presence)) await stopPostmaster(home, binaries, LEAVE_MS_MAX);
        await presence.end();
      });
    } catch {
      // A server that could not be stopped runs on, and the next start adopts it.
      presence.end().catch(() => undefined);
    }
  }
}

const isSocket = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isSocket() ?? false;

/** Two methods that the types of pg leave out. */
type ReferencedClient = Client & { ref(): void; unref(): void };

async function isLast(presence: Client): Promise<boolean> {
  const deadline = Date.now() + CLOSING_SESSIONS_MS;
  for (;;) {
    const { rows } = await presence.query<{ others: number }>(
      `select count(*)::int as others from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    if (rows[0]?.others === 0) return true;
    if (Date.now() > deadline) return false;
    await sleep(10);
  }
}
