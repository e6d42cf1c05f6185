import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Settings } from '#config/settings';
import { Clock, MINUTE_MS, SECOND_MS } from '#kernel/clock';
import { AgentsService } from '#modules/agents';
import { Wakeups } from '#platform/messaging';
import { DeliveryStore, type OwedDelivery } from '../persistence/delivery.store.js';
import { EndpointStore, type Turn, type TurnEnd } from '../persistence/endpoint.store.js';
import { BatchedWrites } from './batched-writes.js';
import { DELIVERIES_PER_TURN, EndpointTurns } from './endpoint-turns.js';

export const WEBHOOKS_CHANNEL = 'webhooks';

/** Turns at a time in one process. A turn is little more than an open connection. */
const PLACES = { well: 200, failing: 100 };
const POLL_MS = SECOND_MS;
/** How long a request that is under way may keep the server from stopping. */
const LAST_WORD_MS = 300;
const SETTLE_MAX_MS = 2 * MINUTE_MS;

/** Gives turns to endpoints that are owed something, as long as there are any: at a wake-up, and once a second. */
@Injectable()
export class DeliveryPump implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Webhooks');
  private readonly holder = randomUUID();
  private readonly ends: BatchedWrites<TurnEnd>;
  private readonly turns = new Map<Promise<void>, { failing: boolean }>();
  private readonly stop = new AbortController();
  private looking: Promise<void> | undefined;
  private kicked = false;
  private running = false;
  private poll: NodeJS.Timeout | undefined;
  private forgetWakeup = (): void => {};

  constructor(
    private readonly endpoints: EndpointStore,
    private readonly deliveries: DeliveryStore,
    private readonly endpointTurns: EndpointTurns,
    private readonly agents: AgentsService,
    private readonly wakeups: Wakeups,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {
    // Every request that is under way listens; that many are no leak.
    setMaxListeners(0, this.stop.signal);
    this.ends = new BatchedWrites((ends) => this.endpoints.release(this.holder, ends));
  }

  onApplicationBootstrap(): void {
    if (this.settings.env.ROLE === 'api') return;
    this.running = true;
    this.forgetWakeup = this.wakeups.on(WEBHOOKS_CHANNEL, () => this.kick());
    this.poll = setInterval(() => this.kick(), POLL_MS).unref();
    this.kick();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.running = false;
    this.forgetWakeup();
    clearInterval(this.poll);
    await this.looking;
    const last = Promise.all(this.turns.keys());
    await Promise.race([last, sleep(LAST_WORD_MS)]);
    this.stop.abort();
    await last;
  }

  kick(): void {
    this.kicked = true;
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
      if (this.kicked && this.running) this.kick();
    });
  }

  /** Resolves when nothing is due any more that was due at this time, whichever process does it. */
  async settled(at: Date): Promise<void> {
    const giveUpAt = Date.now() + SETTLE_MAX_MS;
    for (;;) {
      const due = await this.endpoints.nextDue();
      if (!due || due > at || !this.running) return;
      if (Date.now() > giveUpAt) throw new Error('Webhooks that are due do not get done.');
      this.kick();
      await sleep(5);
    }
  }

  private async look(): Promise<void> {
    while (this.kicked && this.running) {
      this.kicked = false;
      try {
        this.kicked = (await this.giveTurns()) > 0;
      } catch (error) {
        this.logger.error({ msg: 'webhooks could not be looked up', error });
      }
    }
  }

  private async giveTurns(): Promise<number> {
    const at = this.clock.now();
    const places = this.freePlaces();
    if (places.well + places.failing === 0) return 0;
    const turns = await this.endpoints.claim(at, this.holder, places);
    if (turns.length === 0) return 0;
    const ids = turns.map(({ agentId }) => agentId);
    const [addresses, owed] = await Promise.all([
      this.agents.webhookOf(ids),
      this.deliveries.owed(ids, at, DELIVERIES_PER_TURN),
    ]);
    const owedTo = new Map<string, OwedDelivery[]>(ids.map((id) => [id, []]));
    for (const delivery of owed) owedTo.get(delivery.agentId)!.push(delivery);
    for (const turn of turns) this.begin(turn, addresses.get(turn.agentId), owedTo.get(turn.agentId)!);
    return turns.length;
  }

  private freePlaces(): typeof PLACES {
    const failing = [...this.turns.values()].filter((turn) => turn.failing).length;
    const well = this.turns.size - failing;
    return { well: Math.max(0, PLACES.well - well), failing: Math.max(0, PLACES.failing - failing) };
  }

  private begin(
    turn: Turn,
    address: Parameters<EndpointTurns['take']>[1],
    owed: readonly OwedDelivery[],
  ): void {
    const taken = this.endpointTurns
      .take(turn, address, owed, this.stop.signal)
      .then((end) => this.ends.add(end))
      // Its lease runs out, and then somebody takes the turn again.
      .catch((error: unknown) => this.logger.error({ msg: 'a turn failed', agentId: turn.agentId, error }))
      .finally(() => {
        this.turns.delete(taken);
        if (this.running) this.kick();
      });
    this.turns.set(taken, { failing: turn.failing });
  }
}
