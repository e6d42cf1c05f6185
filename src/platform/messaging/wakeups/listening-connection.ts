import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { Signal } from '#platform/concurrency';

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
/** A peer that vanished without a word is noticed by a question that gets no answer. */
const HEARTBEAT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 5_000;

export type SessionQuery = <Row>(sql: string, params?: unknown[]) => Promise<Row[]>;

/**
 * The one connection of a process that stays open: it listens, says what `wake()` says, and holds the locks that
 * show who is present. It must not go through a pooler that shares sessions, for all three belong to the session.
 */
export class ListeningConnection {
  private session: Session | undefined;
  private retry: NodeJS.Timeout | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private stopped = true;
  /** LISTENs under way: until they are done something on their channel could be missed. */
  private unheard = 0;
  private retryMs = FIRST_RETRY_MS;
  private readonly channels = new Map<string, Signal<[payload: string]>>();
  private readonly preparations = new Set<(query: SessionQuery) => Promise<unknown>>();
  private readonly reconnected = new Signal('reconnected');
  private readonly logger = new Logger('ListeningConnection');

  constructor(private readonly url: string) {}

  get connected(): boolean {
    return this.session !== undefined && this.unheard === 0;
  }

  /** Connects once. Where that fails the process starts without, and it goes on trying. */
  async start(): Promise<void> {
    if (!this.stopped) return;
    this.stopped = false;
    await this.connect();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    clearInterval(this.heartbeat);
    const session = this.session;
    this.session = undefined;
    await session?.client.end();
  }

  /** Hears a channel from now on; while connected, from the end of a LISTEN on. */
  listen(channel: string, listener: (payload: string) => void): () => void {
    const known = this.channels.get(channel);
    if (known) return known.on(listener);
    const signal = new Signal<[string]>(channel);
    this.channels.set(channel, signal);
    if (this.session) void this.listenLate(this.session, channel);
    return signal.on(listener);
  }

  /** Runs on every new session before it counts as connected, and now if there is one: locks belong here. */
  async prepareSession(prepare: (query: SessionQuery) => Promise<unknown>): Promise<() => void> {
    this.preparations.add(prepare);
    const session = this.session;
    // A session that lacks what it should have is given up; the next one is prepared from its start.
    if (session) await prepare(session.query).catch(() => this.lose(session));
    return () => void this.preparations.delete(prepare);
  }

  readonly query: SessionQuery = <Row>(sql: string, params?: unknown[]) => {
    if (!this.session) return Promise.reject(new Error('The listening connection is down.'));
    return this.session.query<Row>(sql, params);
  };

  onReconnected(listener: () => void): () => void {
    return this.reconnected.on(listener);
  }

  private async connect(retried = false): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      application_name: 'upmoltwork wake-ups',
      connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
    });
    const session = new Session(client);
    let lost = false;
    const lose = (): void => {
      lost = true;
      this.lose(session);
    };
    client.on('error', lose);
    client.on('end', lose);
    client.on('notification', ({ channel, payload }) => this.channels.get(channel)?.emit(payload ?? ''));
    try {
      await client.connect();
      for (const prepare of this.preparations) await prepare(session.query);
      const listened = new Set<string>();
      // Channels that are added meanwhile belong to this session too.
      while (listened.size < this.channels.size) {
        for (const channel of this.channels.keys()) {
          if (!listened.has(channel)) await session.listen(channel);
          listened.add(channel);
        }
      }
      if (lost) throw new Error('The connection was lost while it was prepared.');
    } catch (error) {
      this.giveUp(client, error);
      return;
    }
    await this.adopt(session, retried);
  }

  private async adopt(session: Session, retried: boolean): Promise<void> {
    if (this.stopped) return session.client.end();
    this.session = session;
    this.retryMs = FIRST_RETRY_MS;
    this.heartbeat = setInterval(() => void this.askForLife(session), HEARTBEAT_MS).unref();
    if (!retried) return;
    this.logger.log({ msg: 'listening again' });
    this.reconnected.emit();
  }

  private lose(session: Session): void {
    if (this.session !== session) return;
    this.session = undefined;
    clearInterval(this.heartbeat);
    this.giveUp(session.client, new Error('lost'));
  }

  private giveUp(client: Client, error: unknown): void {
    void client.end().catch(() => undefined);
    if (this.stopped) return;
    // Replicas that lost the same server must not all come back in the same moment.
    const waitMs = this.retryMs * (0.5 + Math.random() / 2);
    this.logger.warn({ msg: 'not listening', error: String(error), retryMs: Math.round(waitMs) });
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.connect(true), waitMs).unref();
  }

  private async listenLate(session: Session, channel: string): Promise<void> {
    this.unheard++;
    try {
      await session.listen(channel);
    } catch {
      this.lose(session);
    } finally {
      this.unheard--;
    }
  }

  private async askForLife(session: Session): Promise<void> {
    try {
      await session.query('select 1');
    } catch {
      this.lose(session);
    }
  }
}

/** One statement at a time: the driver gives up its own queue in its next version. */
class Session {
  private last: Promise<unknown> = Promise.resolve();

  constructor(readonly client: Client) {}

  readonly query: SessionQuery = async <Row>(sql: string, params?: unknown[]) => {
    const asked = this.last.then(() => this.client.query(sql, params));
    this.last = asked.catch(() => undefined);
    const { rows } = await asked;
    return rows as Row[];
  };

  listen(channel: string): Promise<unknown> {
    return this.query(`listen ${this.client.escapeIdentifier(channel)}`);
  }
}
