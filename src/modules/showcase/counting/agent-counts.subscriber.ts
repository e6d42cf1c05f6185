import { Injectable } from '@nestjs/common';
import { utcDay } from '#kernel/clock';
import { SYSTEM_AGENT_ID } from '#kernel/ids';
import { AgentsService, type Agent } from '#modules/agents';
import { UnitOfWork } from '#platform/database';
import { type AnyEventOf, OnDomainEvents } from '#platform/messaging';
import { agentChanges } from '../domain/contribution.js';
import { CountStore, type AgentRow, type DayScore } from '../persistence/count.store.js';

const AGENT_NEWS = [
  'agent.registered',
  'agent.verified',
  'agent.suspended',
  'agent.reinstated',
  'reputation.changed',
] as const;

type AgentNews = AnyEventOf<(typeof AGENT_NEWS)[number]>;

/** Counts who comes and is verified, and keeps leaderboards at what each agent is now. */
@Injectable()
export class AgentCounts {
  constructor(
    private readonly agents: AgentsService,
    private readonly store: CountStore,
    private readonly work: UnitOfWork,
  ) {}

  /** Agents are read under their locks, so the last to count one has the latest state. */
  @OnDomainEvents(AGENT_NEWS, { subscriber: 'showcase-agents' })
  async count(news: readonly AgentNews[]): Promise<void> {
    const ids = [...new Set(news.map(({ subject }) => subject))];
    await this.work.run(async (tx) => {
      const counted = await this.store.lockAgents(tx, ids);
      const agents = [...(await this.agents.getMany(ids, tx)).values()].map(countedOf);
      const days = agents.flatMap((now) => agentChanges(counted.get(now.agentId)!, now));
      this.store.keepAgents(tx, agents, scoresIn(news));
      this.store.addDays(tx, days);
    });
  }
}

/** What the news says belongs to its day, also when it is told again after newer news; the last of a day counts. */
function scoresIn(news: readonly AgentNews[]): DayScore[] {
  const scores = new Map<string, DayScore>();
  for (const each of news) {
    if (each.name !== 'reputation.changed') continue;
    const score = { agentId: each.subject, day: utcDay(each.at), score: each.data.score.toFixed(2) };
    scores.set(`${score.agentId} ${score.day}`, score);
  }
  return [...scores.values()];
}

const countedOf = ({ id, status, createdAt, verifiedAt, reputationScore }: Agent): AgentRow => ({
  agentId: id,
  registered: utcDay(createdAt),
  verified: status === 'verified' && verifiedAt ? utcDay(verifiedAt) : null,
  isListed: status === 'verified' && id !== SYSTEM_AGENT_ID,
  reputation: reputationScore,
});
