import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { setMaxListeners } from 'node:events';
import { after, Clock, DAY_MS, HOUR_MS } from '#kernel/clock';
import { UnitOfWork } from '#platform/database';
import { OutgoingClient, OutgoingFailure } from '#platform/egress';
import { DueWork, type DueWorker } from '#platform/scheduling';
import { skillTagsIn } from '../domain/agent-card.js';
import { showCardTags } from '../domain/show-card-tags.js';
import { AgentStore } from '../persistence/agent.store.js';
import { CardStore, type CardLook, type CardToRead } from '../persistence/card.store.js';
import { RegistryService } from '../registry/registry.service.js';

const AT_ONCE = 10;
const READ_EVERY_MS = DAY_MS;
/** One that cannot be read is asked for ever more seldom. */
const RETRY_MS = [HOUR_MS, 6 * HOUR_MS, DAY_MS, 3 * DAY_MS, 7 * DAY_MS] as const;
/** Far longer than a request may take. */
const LEASE_MS = HOUR_MS;

/** Reads the cards of verified agents, so that they hear of tasks that suit their skills (rules §2.11). */
@Injectable()
@DueWork('agent-cards')
export class CardReading implements DueWorker, BeforeApplicationShutdown {
  private readonly logger = new Logger('AgentCards');
  private readonly stop = new AbortController();
  private reading: Promise<void> | undefined;

  constructor(
    private readonly agents: AgentStore,
    private readonly cards: CardStore,
    private readonly registry: RegistryService,
    private readonly work: UnitOfWork,
    private readonly client: OutgoingClient,
    private readonly clock: Clock,
  ) {
    // Every request that is under way listens; that many are no leak.
    setMaxListeners(0, this.stop.signal);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.reading?.catch(() => {});
  }

  nextDue(): Promise<Date | null> {
    return this.cards.nextDue();
  }

  async run(at: Date): Promise<void> {
    this.reading ??= this.readAll(at).finally(() => (this.reading = undefined));
    await this.reading;
  }

  private async readAll(at: Date): Promise<void> {
    while (!this.stop.signal.aborted) {
      const claimed = await this.cards.claim(at, after(at, LEASE_MS), AT_ONCE);
      if (claimed.length === 0) return;
      await Promise.all(claimed.map((card) => this.read(card)));
    }
  }

  private async read(card: CardToRead): Promise<void> {
    const { skills, error } = await this.ask(card.url);
    // It was given up because we stop, which says nothing about the card.
    if (this.stop.signal.aborted) return;
    const at = this.clock.now();
    const nextReadAt = after(at, skills ? READ_EVERY_MS : retryMs(card.failures));
    await this.work.run(async (tx) => {
      // First the agent, then its card: in the order of whoever follows one.
      const agent = await this.agents.lock(tx, card.agentId);
      const isCurrent = await this.cards.saveLook(tx, card, { skills, error, at, nextReadAt });
      if (isCurrent && skills) await this.registry.act(tx, agent, (one) => showCardTags(one, skills));
    });
    this.logger.log({ msg: 'agent card looked at', agentId: card.agentId, skills: skills?.length, error });
  }

  private async ask(url: string): Promise<Pick<CardLook, 'skills' | 'error'>> {
    try {
      const headers = { accept: 'application/json' };
      const { status, body } = await this.client.send({
        url,
        method: 'GET',
        headers,
        signal: this.stop.signal,
      });
      if (status !== 200) return unread(`It answered ${status}.`);
      const skills = skillTagsIn(body);
      return skills
        ? { skills, error: null }
        : unread('What it answered is no A2A agent card of at most 64 KiB.');
    } catch (error) {
      if (error instanceof OutgoingFailure) return unread(error.message);
      throw error;
    }
  }
}

const unread = (error: string): Pick<CardLook, 'skills' | 'error'> => ({ skills: undefined, error });

const retryMs = (failures: number): number => RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]!;
