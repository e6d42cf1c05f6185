import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings';
import { after, Clock, SECOND_MS } from '#kernel/clock';
import { AgentsService, type WebhookAddress } from '#modules/agents';
import { UnitOfWork } from '#platform/database';
import { Metrics } from '#platform/observability';
import { Breakers } from '../domain/breaker.js';
import {
  isEndpointTrouble,
  isUnreachable,
  type Outcome,
  verdictOn,
  verdictOnPing,
  type Verdict,
} from '../domain/retry-plan.js';
import { emptyUntil, FULL_BUCKET, refilled } from '../domain/token-bucket.js';
import { type AttemptResult, DeliveryStore, type OwedDelivery } from '../persistence/delivery.store.js';
import type { Turn, TurnEnd } from '../persistence/endpoint.store.js';
import { signedBody } from '../signing/payload.js';
import { NO_EVENT, PING } from '../webhooks.events.js';
import { BatchedWrites } from './batched-writes.js';
import { EndpointOff } from './endpoint-off.js';
import { type Sent, WebhookSender } from './webhook-sender.js';

/** An endpoint gets this many in one turn, then the next endpoint has its turn. */
export const DELIVERIES_PER_TURN = 8;
const IN_FLIGHT_MAX = 2;
/** Past it a turn starts nothing more: a slow endpoint keeps its place no longer than one request takes. */
const TURN_MS = 3 * SECOND_MS;

/** Sends one endpoint what it is owed, and decides what becomes of each delivery and of the endpoint. */
@Injectable()
export class EndpointTurns {
  private readonly breakers = new Breakers();
  private readonly results: BatchedWrites<AttemptResult>;
  private readonly attempts;
  /** Spreads retries that would otherwise come together; in the sandbox the clock is moved to the very second. */
  private readonly chance: () => number;

  constructor(
    private readonly agents: AgentsService,
    private readonly deliveries: DeliveryStore,
    private readonly sender: WebhookSender,
    private readonly endpointOff: EndpointOff,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    settings: Settings,
    metrics: Metrics,
  ) {
    this.results = new BatchedWrites((results) => this.deliveries.finish(results));
    this.chance = settings.sandbox ? () => 0 : Math.random;
    this.attempts = metrics.counter('webhook_attempts_total', 'Webhook requests, by what became of them.', [
      'verdict',
    ]);
  }

  async take(
    turn: Turn,
    address: WebhookAddress | undefined,
    owed: readonly OwedDelivery[],
    signal: AbortSignal,
  ): Promise<TurnEnd> {
    const bucket = refilled(turn.bucket ?? FULL_BUCKET(this.clock.now()), this.clock.now());
    const end: TurnEnd = { agentId: turn.agentId, bucket, failing: turn.failing };
    if (!address?.secrets || address.status === 'disabled') await this.skipAll(turn.agentId, address);
    else if (address.status === 'verifying') await this.ping(address, address.secrets, owed, end, signal);
    else await this.sendEach(address, address.secrets, owed, end, signal);
    return end;
  }

  private async sendEach(
    address: WebhookAddress,
    secrets: readonly string[],
    owed: readonly OwedDelivery[],
    end: TurnEnd,
    signal: AbortSignal,
  ): Promise<void> {
    const { host, endpoint } = breakersOf(address);
    const startedAt = performance.now();
    const queue = [...owed];
    const next = (): OwedDelivery | undefined => {
      if (queue.length === 0 || end.notBefore || signal.aborted) return undefined;
      if (performance.now() - startedAt > TURN_MS) return undefined;
      end.notBefore =
        emptyUntil(end.bucket) ?? this.breakers.blockedUntil([host, endpoint], this.clock.now());
      if (end.notBefore) return undefined;
      end.bucket = { ...end.bucket, tokens: end.bucket.tokens - 1 };
      return queue.shift();
    };
    const lane = async (): Promise<void> => {
      for (let delivery = next(); delivery; delivery = next()) {
        const isWell = await this.attempt(delivery, address, secrets, signal);
        if (isWell === undefined) return;
        end.failing = !isWell;
        // A failing endpoint goes to the end of the line; its other deliveries wait for its next turn.
        if (!isWell) queue.length = 0;
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT_MAX }, lane));
  }

  /** An endpoint that is being verified gets its ping alone, whatever the breaker says: it is the probe. */
  private async ping(
    address: WebhookAddress,
    secrets: readonly string[],
    owed: readonly OwedDelivery[],
    end: TurnEnd,
    signal: AbortSignal,
  ): Promise<void> {
    await this.skipAll(address.agentId, address);
    // Asked for several times, the last one counts: it was asked for with the address as it is.
    for (const delivery of owed.filter(({ event }) => event === PING)) {
      const isWell = await this.attempt(delivery, address, secrets, signal);
      if (isWell === undefined) return;
      end.failing = !isWell;
    }
  }

  /** Whether the endpoint is well; undefined when the attempt was given up. */
  private async attempt(
    delivery: OwedDelivery,
    address: WebhookAddress,
    secrets: readonly string[],
    signal: AbortSignal,
  ): Promise<boolean | undefined> {
    const { eventId: id, payload, signatures, event } = delivery;
    const body = signedBody(payload, signatures);
    const sent = await this.sender.send({ url: address.url, id, body, secrets }, signal);
    this.learn(address, sent?.outcome);
    if (!sent) return undefined;
    const tries = delivery.tries + 1;
    const verdict =
      event === PING ? verdictOnPing(sent.outcome) : verdictOn(sent.outcome, tries, this.chance);
    this.attempts.inc({ verdict: verdict.kind });
    await this.results.add(this.resultOf(delivery, tries, sent, verdict));
    await this.conclude(delivery, address, verdict);
    return verdict.kind === 'delivered';
  }

  /** Only a host to which no connection can be made is held back for everybody on it. */
  private learn(address: WebhookAddress, outcome: Outcome | undefined): void {
    const { host, endpoint } = breakersOf(address);
    if (!outcome || isUnreachable(outcome)) this.breakers.nothingLearnt(endpoint);
    else if (isEndpointTrouble(outcome)) this.breakers.failed(endpoint, this.clock.now());
    else this.breakers.succeeded(endpoint);
    if (!outcome) this.breakers.nothingLearnt(host);
    else if (isUnreachable(outcome)) this.breakers.failed(host, this.clock.now());
    else this.breakers.succeeded(host);
  }

  private resultOf(delivery: OwedDelivery, tries: number, sent: Sent, verdict: Verdict): AttemptResult {
    const { attempt } = sent;
    const base = { ...attempt, rowId: delivery.rowId, tries };
    if (verdict.kind !== 'retry') return { ...base, state: verdict.kind, nextAttemptAt: null };
    // From the failure on, less a second: a test that saw the request and moves the clock cannot know our last milliseconds.
    const failedAt = after(attempt.at, Math.max(0, attempt.ms - SECOND_MS));
    return { ...base, state: 'pending', nextAttemptAt: after(failedAt, verdict.afterMs) };
  }

  /** What an attempt means for the endpoint. */
  private async conclude(delivery: OwedDelivery, address: WebhookAddress, verdict: Verdict): Promise<void> {
    if (verdict.kind === 'failed') {
      const failedEvent = delivery.event === PING ? undefined : delivery.eventId;
      await this.endpointOff.disable(address, verdict.reason, failedEvent);
    } else if (verdict.kind === 'delivered' && delivery.event === PING) {
      await this.work.run((tx) =>
        this.agents.setWebhookStatus(tx, address.agentId, { url: address.url, status: 'active' }),
      );
    }
  }

  /** There is nothing to send to, or nothing to sign with; a ping still counts while one is awaited. */
  private async skipAll(agentId: string, address: WebhookAddress | undefined): Promise<void> {
    if (address && address.status !== 'disabled' && !address.secrets)
      return this.endpointOff.unreadable(address);
    const except = address?.status === 'verifying' ? PING : NO_EVENT;
    await this.work.run((tx) => this.deliveries.skip(tx, agentId, except, this.clock.now()));
  }
}

/**
 * Another URL of the same agent begins anew. Scheme and port belong to the host: otherwise an agent that names the wrong
 * ones would hold back agents that name the right ones.
 */
const breakersOf = ({ agentId, url }: WebhookAddress): { host: string; endpoint: string } => ({
  host: new URL(url).origin,
  endpoint: `${agentId} ${url}`,
});
