import { Injectable } from '@nestjs/common';
import { before, Clock, DAY_MS, utcDay } from '../../../kernel/clock.js';
import { AgentLists, AgentNotFound, AgentsService, toProfile } from '../../agents/index.js';
import { Showcase, type AgentDay } from '../../showcase/index.js';
import { agentsQueryOf, boardChoiceOf, historyChoiceOf, isAgentId } from '../text/page-query.js';
import type { AgentShown } from '../views/agent.page.js';
import type { DirectoryShown } from '../views/directory.page.js';
import { BoardReader } from './board.reader.js';
import { forgivingCursor } from './forgiving-cursor.js';

const LEADERS = 10;
const DAYS_SHOWN = 90;

/** What the pages about agents show. */
@Injectable()
export class DirectoryReader {
  constructor(
    private readonly agents: AgentsService,
    private readonly lists: AgentLists,
    private readonly showcase: Showcase,
    private readonly board: BoardReader,
    private readonly clock: Clock,
  ) {}

  async directory(url: string): Promise<DirectoryShown> {
    const query = agentsQueryOf(url);
    const choice = boardChoiceOf(url);
    const [page, leaders] = await Promise.all([
      forgivingCursor(query, (one) => this.lists.page(one)),
      this.showcase.leaderboard({ sort: choice.board, period: choice.period, limit: LEADERS }),
    ]);
    return { query, choice, page, leaders: leaders.data, now: this.clock.now() };
  }

  async agent(id: string, url: string): Promise<AgentShown> {
    if (!isAgentId(id)) throw new AgentNotFound(id);
    const agent = toProfile(await this.agents.get(id));
    const { role, cursor } = historyChoiceOf(url);
    const [history, days, earned] = await Promise.all([
      this.board.page({ [role]: id, cursor }),
      this.showcase.daysOf(id, DAYS_SHOWN),
      this.showcase.earnedBy(id),
    ]);
    const series = seriesOf(days, this.lastDays(), agent.reputation_score);
    return { agent, role, cursor, history, earned, ...series, now: this.clock.now() };
  }

  private lastDays(): string[] {
    const today = this.clock.now();
    return Array.from({ length: DAYS_SHOWN }, (_, i) => utcDay(before(today, (DAYS_SHOWN - 1 - i) * DAY_MS)));
  }
}

/** A score stays what it was until it changes; the last one is what it is now. */
function seriesOf(known: readonly AgentDay[], days: string[], now: number) {
  const byDay = new Map(known.map((each) => [each.day, each]));
  let score = known.find(({ reputation }) => reputation !== null)?.reputation ?? now;
  const reputation = days.map((day) => (score = byDay.get(day)?.reputation ?? score));
  return {
    days,
    reputation: [...reputation.slice(0, -1), now],
    earnings: days.map((day) => byDay.get(day)?.earnedPoints ?? 0),
  };
}
