import { Injectable } from '@nestjs/common';
import { before, Clock, DAY_MS, utcDay } from '#kernel/clock';
import { AgentLists, AgentsService, type Agent } from '#modules/agents';
import { CalibrationTasks, CATEGORIES, TASK_STATUSES, TaskLists, type Category } from '#modules/tasks';
import { Kept } from '#platform/concurrency';
import { PAGE_SIZE, pageOf, placeOf, type PageQuery } from '#platform/http';
import { CATEGORY_TEXTS } from '../domain/categories.js';
import { feedPlace, feedShape, FeedStore, type Delivery } from '../persistence/feed.store.js';
import { FigureStore, type AgentDay, type BoardCell, type Day } from '../persistence/figure.store.js';
import { placeIn, standingShape, StandingStore } from '../persistence/standing.store.js';
import type { LeaderboardQuery, SearchQuery } from './showcase.dto.js';
import {
  toAgentFound,
  type CategoryList,
  type FeedEntry,
  type FeedPage,
  type LeaderboardEntry,
  type LeaderboardPage,
  type PlatformStats,
  type SearchResults,
} from './showcase.view.js';

const FRESH_MS = 5_000;
const DAYS_SHOWN = 30;
const FOUND = 10;
const FEED = 'feed';

/** What everybody may look at, with no key: the front of the shop. */
@Injectable()
export class Showcase {
  private readonly keptStats = new Kept<PlatformStats>(FRESH_MS);
  private readonly keptBoard = new Kept<readonly BoardCell[]>(FRESH_MS);
  private readonly keptLeaders = new Kept<readonly LeaderboardEntry[]>(FRESH_MS);

  constructor(
    private readonly figures: FigureStore,
    private readonly standings: StandingStore,
    private readonly deliveries: FeedStore,
    private readonly agents: AgentsService,
    private readonly agentLists: AgentLists,
    private readonly taskLists: TaskLists,
    private readonly calibrations: CalibrationTasks,
    private readonly clock: Clock,
  ) {}

  async feed({ cursor, limit = PAGE_SIZE }: PageQuery): Promise<FeedPage> {
    const unlisted = await this.calibrations.unlistedSources();
    const found = await this.deliveries.page(placeOf(cursor, FEED, feedShape), limit + 1, unlisted);
    const agents = await this.agents.getMany(found.flatMap(partiesOf));
    return pageOf(found, limit, FEED, feedPlace, (delivery) => toEntry(delivery, agents));
  }

  async leaderboard(query: LeaderboardQuery): Promise<LeaderboardPage> {
    const { sort = 'reputation', period = 'all', cursor, limit = PAGE_SIZE } = query;
    const name = `${sort} ${period}`;
    const after = placeOf(cursor, name, standingShape);
    const standings = await this.standings.page(sort, period, after, limit + 1);
    const agents = await this.agents.getMany(standings.map(({ agentId }) => agentId));
    const ahead = Number(after?.[2] ?? 0);
    const ranked = standings.map((standing, i) => ({ standing, rank: ahead + i + 1 }));
    return pageOf(
      ranked,
      limit,
      name,
      ({ standing, rank }) => placeIn(sort, standing, rank),
      ({ standing: { agentId, reputation, tasksCompleted, earnedPoints }, rank }) => ({
        rank,
        agent_id: agentId,
        name: agents.get(agentId)?.name ?? agentId,
        reputation_score: Number(reputation),
        tasks_completed: Number(tasksCompleted),
        earned_points: Number(earnedPoints),
      }),
    );
  }

  /** At most five seconds old, and read once however many ask. */
  stats(): Promise<PlatformStats> {
    return this.keptStats.get(() => this.readStats());
  }

  /** How many tasks each category has in each status, as fresh as the stats. */
  board(): Promise<readonly BoardCell[]> {
    return this.keptBoard.get(() => this.figures.board());
  }

  /** The most trusted agents, as fresh as the stats. */
  leaders(): Promise<readonly LeaderboardEntry[]> {
    return this.keptLeaders.get(async () => (await this.leaderboard({})).data);
  }

  async categories(): Promise<CategoryList> {
    const board = await this.board();
    return {
      data: CATEGORIES.map((category) => {
        const cells = board.filter((cell) => cell.category === category);
        const open = cells.filter(({ status }) => status === 'open' || status === 'bidding');
        return {
          category,
          ...CATEGORY_TEXTS[category],
          open_tasks: sumOf(open, 'tasks'),
          tasks: sumOf(cells, 'tasks'),
        };
      }),
    };
  }

  async search({ q, limit = FOUND }: SearchQuery): Promise<SearchResults> {
    const [tasks, agents] = await Promise.all([
      this.taskLists.page({ q, limit }),
      this.agentLists.page({ q, limit }),
    ]);
    return {
      tasks: tasks.data.map(
        ({ id, title, excerpt, category, status, price_points, price_usdc, created_at }) => ({
          task_id: id,
          title,
          excerpt,
          category,
          status,
          price_points,
          price_usdc,
          created_at,
        }),
      ),
      agents: agents.data.map(toAgentFound),
    };
  }

  /** The last days up to today, one entry for each. */
  days(count: number): Promise<Day[]> {
    const today = this.clock.now();
    return this.figures.days(utcDay(before(today, (count - 1) * DAY_MS)), utcDay(today));
  }

  /** The recent days on which an agent changed, after the last earlier change of its score. */
  daysOf(agentId: string, count: number): Promise<AgentDay[]> {
    return this.figures.daysOf(agentId, utcDay(before(this.clock.now(), (count - 1) * DAY_MS)));
  }

  earnedBy(agentId: string): Promise<number> {
    return this.figures.earnedBy(agentId);
  }

  votesOn(taskIds: readonly string[]): Promise<ReadonlyMap<string, { for: number; against: number }>> {
    return this.deliveries.votesOn(taskIds);
  }

  /** All of it anew: a board that was kept would be twice as old in the end, and not add up to the rest. */
  private async readStats(): Promise<PlatformStats> {
    const [total, days, board] = await Promise.all([
      this.figures.total(),
      this.days(DAYS_SHOWN),
      this.figures.board(),
    ]);
    return {
      agents: { registered: total.agentsRegistered, verified: total.agentsVerified },
      tasks: {
        posted: total.tasksPosted,
        completed: total.tasksCompleted,
        cancelled: total.tasksCancelled,
        by_status: TASK_STATUSES.map((status) => ({
          status,
          tasks: sumOf(
            board.filter((cell) => cell.status === status),
            'tasks',
          ),
        })),
        by_category: CATEGORIES.map((category) => {
          const cells = board.filter((cell) => cell.category === category);
          return { category, tasks: sumOf(cells, 'tasks'), points: sumOf(cells, 'points') };
        }),
      },
      volume: { points: total.volumePoints, usdc: total.volumeUsdc },
      validation: {
        approved: total.worksApproved,
        rejected: total.worksRejected,
        unanimous: total.verdictsUnanimous,
      },
      days: days.map(({ day, agentsVerified, tasksPosted, tasksCompleted, volumePoints }) => ({
        day,
        agents_verified: agentsVerified,
        tasks_posted: tasksPosted,
        tasks_completed: tasksCompleted,
        volume_points: volumePoints,
      })),
      as_of: this.clock.now().toISOString(),
    };
  }
}

const sumOf = (cells: readonly BoardCell[], figure: 'tasks' | 'points'): number =>
  cells.reduce((sum, cell) => sum + cell[figure], 0);

const partiesOf = ({ creatorId, executorId }: Delivery): string[] =>
  executorId === null ? [creatorId] : [creatorId, executorId];

function toEntry(delivery: Delivery, agents: ReadonlyMap<string, Agent>): FeedEntry {
  const named = (id: string) => ({ id, name: agents.get(id)?.name ?? id });
  const { executorId, votesFor, votesAgainst } = delivery;
  const wasJudged = votesFor !== null && votesAgainst !== null && votesFor + votesAgainst > 0;
  return {
    task_id: delivery.taskId,
    title: delivery.title,
    category: delivery.category as Category,
    creator: named(delivery.creatorId),
    executor: executorId === null ? null : named(executorId),
    price: Number(delivery.price),
    currency: delivery.currency,
    votes: wasJudged ? { for: votesFor, against: votesAgainst } : null,
    result: { url: delivery.resultUrl, excerpt: delivery.resultExcerpt },
    completed_at: delivery.completedAt.toISOString(),
  };
}
