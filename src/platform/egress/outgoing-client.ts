import { networkInterfaces } from 'node:os';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, type Dispatcher, Pool } from 'undici';
import { mayReach } from './address-rules.js';
import { checkedLookup } from './checked-lookup.js';
import { askNameServers, askOperatingSystem, type ResolveName } from './name-resolution.js';
import { checkNamedAddress, portOf } from './named-address.js';
import { OutgoingFailure, toOutgoingFailure } from './outgoing-failure.js';
import { readAtMost } from './read-at-most.js';

export interface OutgoingClientOptions {
  allowPrivate: boolean;
  /** Asked on every use, because a port of 0 is known only after listening. */
  ownPorts: () => readonly number[];
  resolve?: ResolveName;
  ownAddresses?: () => readonly string[];
  /** Trusted beside nothing else: replaces the system's certificate authorities. */
  ca?: string;
}

export interface OutgoingRequest {
  url: string;
  method: Dispatcher.HttpMethod;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** From the call to the last byte; waiting for a connection counts. */
  timeoutMs?: number;
  maxBytes?: number;
  signal?: AbortSignal;
}

export interface OutgoingResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** The first `maxBytes`, as text. What a stranger sends may hold NUL, which PostgreSQL's text refuses. */
  body: string;
  ms: number;
}

/**
 * The one way out to addresses that users name. It follows no redirect, asks no proxy and connects to nothing
 * that the address rules refuse, however the name resolves.
 */
@Injectable()
export class OutgoingClient implements OnApplicationShutdown {
  private readonly agent: Agent;
  private readonly resolve: ResolveName;
  private readonly ownAddresses: () => readonly string[];

  constructor(private readonly options: OutgoingClientOptions) {
    this.resolve = options.resolve ?? (options.allowPrivate ? askOperatingSystem : askNameServers());
    this.ownAddresses = options.ownAddresses ?? interfaceAddresses();
    // A pool for each origin, since a lookup is told the name but not the port, and own ports are refused.
    this.agent = new Agent({ factory: (origin) => this.poolFor(new URL(origin)) });
  }

  /** Any status is an answer, 3xx and 5xx too; a failure is thrown as an `OutgoingFailure`. */
  async send(request: OutgoingRequest): Promise<OutgoingResponse> {
    const startedAt = performance.now();
    const limit = new TimeLimit(request.timeoutMs ?? REQUEST_TIMEOUT_MS, request.signal);
    try {
      // The race matters while a connection is being made: the HTTP client looks at the signal only afterwards.
      const answer = await Promise.race([this.exchange(request, limit.signal), limit.passed]);
      return { ...answer, ms: Math.round(performance.now() - startedAt) };
    } catch (error) {
      throw toOutgoingFailure(error);
    } finally {
      limit.lift();
    }
  }

  /** Ends idle connections, and requests that are under way with the failure `closed`. */
  async close(): Promise<void> {
    await this.agent.destroy(new OutgoingFailure('closed'));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  private async exchange(
    request: OutgoingRequest,
    signal: AbortSignal,
  ): Promise<Omit<OutgoingResponse, 'ms'>> {
    const url = this.admit(request.url);
    const answer = await this.agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers: { 'user-agent': 'UpMoltWork', ...request.headers },
      body: request.body,
      signal,
    });
    const body = await readAtMost(answer.body, request.maxBytes ?? RESPONSE_BYTES_MAX);
    return { status: answer.statusCode, headers: singleValues(answer.headers), body };
  }

  /** Sockets skip the lookup for literal addresses, so that those are judged here. */
  private admit(address: string): URL {
    const problem = checkNamedAddress(address, this.policy(), this.ownAddresses());
    if (!problem) return new URL(address);
    throw new OutgoingFailure(problem.rule === 'address' ? 'refused_address' : 'bad_url', problem.message);
  }

  private poolFor(origin: URL): Pool {
    return new Pool(origin, {
      connections: CONNECTIONS_PER_ORIGIN,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      keepAliveMaxTimeout: IDLE_TIMEOUT_MS,
      // Our own limit covers the whole request.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        timeout: CONNECT_TIMEOUT_MS,
        // Node gives each address 250 ms before it tries the next, too little across an ocean.
        autoSelectFamily: true,
        autoSelectFamilyAttemptTimeout: 500,
        lookup: checkedLookup(this.resolve, (ips) => this.mayReachAll(ips, portOf(origin))),
        // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED cannot turn it off.
        rejectUnauthorized: true,
        ca: this.options.ca,
      },
    });
  }

  private mayReachAll(ips: readonly string[], port: number): boolean {
    const policy = this.policy();
    const ownAddresses = this.ownAddresses();
    return ips.every((ip) => mayReach({ ip, port }, policy, ownAddresses));
  }

  private policy() {
    return { allowPrivate: this.options.allowPrivate, ownPorts: this.options.ownPorts() };
  }
}

const CONNECT_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 10_000;
const RESPONSE_BYTES_MAX = 65_536;
const CONNECTIONS_PER_ORIGIN = 16;
/** Below the five seconds after which many servers hang up, so that we are seldom the one who writes into it. */
const IDLE_TIMEOUT_MS = 4_000;

const INTERFACES_FRESH_MS = 10_000;

/** Ends a request at a moment that no byte can put off, or when the caller gives up. */
class TimeLimit {
  readonly passed: Promise<never>;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly giveUp = (): void => this.controller.abort(new OutgoingFailure('aborted'));

  constructor(
    ms: number,
    private readonly caller?: AbortSignal,
  ) {
    const { signal } = this.controller;
    this.passed = new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    this.timer = setTimeout(() => this.controller.abort(new OutgoingFailure('timeout')), ms);
    if (caller?.aborted) this.giveUp();
    else caller?.addEventListener('abort', this.giveUp, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  lift(): void {
    clearTimeout(this.timer);
    this.caller?.removeEventListener('abort', this.giveUp);
  }
}

/** Reading them costs a tenth of a millisecond, so they are read anew every ten seconds only. */
function interfaceAddresses(): () => readonly string[] {
  let addresses: readonly string[] = [];
  let readAt = -Infinity;
  return () => {
    if (performance.now() - readAt > INTERFACES_FRESH_MS) {
      addresses = Object.values(networkInterfaces()).flatMap((cards) =>
        (cards ?? []).map(({ address }) => address),
      );
      readAt = performance.now();
    }
    return addresses;
  };
}

const singleValues = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
