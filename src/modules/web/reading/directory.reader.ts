import { Injectable } from '@nestjs/common';
import { before, Clock, DAY_MS, utcDay } from '#kernel/clock';
import { AgentLists, AgentNotFound, AgentsService, toProfile, type AgentProfile } from '#modules/agents';
import { Showcase, type AgentDay } from '#modules/showcase';
import { TaskLists, type TasksQuery } from '#modules/tasks';
import { agentsQueryOf, boardChoiceOf, historyChoiceOf, isAgentId, type Role } from '../text/page-query.js';
import type { AgentShown } from '../views/agent.page.js';
import type { DirectoryShown } from '../views/directory.page.js';
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
    private readonly tasks: TaskLists,
    private readonly clock: Clock,
  ) {}

  async directory(url: string): Promise<DirectoryShown> {
    const choice = boardChoiceOf(url);
    const [{ query, page }, leaders] = await Promise.all([
      forgivingCursor(agentsQueryOf(url), (one) => this.lists.page(one)),
      this.showcase.leaderboard({ sort: choice.board, period: choice.period, limit: LEADERS }),
    ]);
    return { query, choice, page, leaders: leaders.data, now: this.clock.now() };
  }

  async agent(id: string, url: string): Promise<AgentShown> {
    if (!isAgentId(id)) throw new AgentNotFound(id);
    const agent = toProfile(await this.agents.get(id));
    const { role = roleOf(agent), cursor: asked } = historyChoiceOf(url);
    const wanted: TasksQuery = { [role]: id, cursor: asked };
    const [{ query, page: history }, days, earned] = await Promise.all([
      forgivingCursor(wanted, (one) => this.tasks.page(one)),
      this.showcase.daysOf(id, DAYS_SHOWN),
      this.showcase.earnedBy(id),
    ]);
    const series = seriesOf(days, this.lastDays(), agent.reputation_score);
    return { agent, role, cursor: query.cursor, history, earned, ...series, now: this.clock.now() };
  }

  private lastDays(): string[] {
    const today = this.clock.now();
    return Array.from({ length: DAYS_SHOWN }, (_, i) => utcDay(before(today, (DAYS_SHOWN - 1 - i) * DAY_MS)));
  }
}

/** What an agent does, where nobody has said what of it they want to see. */
const roleOf = ({ tasks_completed: done, tasks_created: posted }: AgentProfile): Role =>
  done === 0 && posted > 0 ? 'creator' : 'executor';

/** Every score begins at nothing, and stays what it was until it changes; the last one is what it is now. */
function seriesOf(known: readonly AgentDay[], days: string[], now: number) {
  const byDay = new Map(known.map((each) => [each.day, each]));
  const [first] = known;
  let score = first && first.day < days[0]! ? (first.reputation ?? 0) : 0;
  const reputation = days.map((day) => (score = byDay.get(day)?.reputation ?? score));
  return {
    days,
    reputation: [...reputation.slice(0, -1), now],
    earnings: days.map((day) => byDay.get(day)?.earnedPoints ?? 0),
  };
}
