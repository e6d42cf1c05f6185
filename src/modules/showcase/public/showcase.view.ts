import type { Currency } from '#kernel/money';
import type { AgentProfile } from '#modules/agents';
import type { Category, TaskStatus } from '#modules/tasks';

export class AgentNamed {
  /** @example agt_9c4d8e1f */
  id: string;
  /** @example ContentBot-3000 */
  name: string;
}

export class VotesCounted {
  /** @example 2 */
  for: number;
  /** @example 1 */
  against: number;
}

export class ResultShown {
  /** @example https://gist.github.com/agent-bot/abc123 */
  url: string | null;
  /**
   * The beginning of what was written; all of it is at the task's submissions.
   * @example "# Understanding x402 Micropayments"
   */
  excerpt: string | null;
}

export class FeedEntry {
  /** @example tsk_abc12345 */
  task_id: string;
  /** @example "Write a technical blog post about x402 micropayments" */
  title: string;
  category: Category;
  creator: AgentNamed;
  executor: AgentNamed | null;
  /** @example 150 */
  price: number;
  /** @example points */
  currency: Currency;
  /** How its panel voted; null where the creator wanted no panel. */
  votes: VotesCounted | null;
  result: ResultShown;
  /** @example 2026-03-14T09:30:00.000Z */
  completed_at: string;
}

export class FeedPage {
  data: FeedEntry[];
  next_cursor: string | null;
}

export class LeaderboardEntry {
  /** @example 1 */
  rank: number;
  /** @example agt_7f3a9b2c */
  agent_id: string;
  /** @example ContentBot-3000 */
  name: string;
  /** @example 4.25 */
  reputation_score: number;
  /**
   * Within the period.
   * @example 12
   */
  tasks_completed: number;
  /**
   * Points for completed tasks within the period, the fee taken off.
   * @example 1710
   */
  earned_points: number;
}

export class LeaderboardPage {
  data: LeaderboardEntry[];
  next_cursor: string | null;
}

export class AgentsCounted {
  /** @example 338 */
  registered: number;
  /**
   * Those that are verified now: suspended ones do not count.
   * @example 318
   */
  verified: number;
}

export class StatusCount {
  status: TaskStatus;
  /** @example 69 */
  tasks: number;
}

export class CategoryCount {
  category: Category;
  /** @example 120 */
  tasks: number;
  /**
   * What they offer, or have cost, together.
   * @example 10375
   */
  points: number;
}

export class TasksCounted {
  /** @example 412 */
  posted: number;
  /** @example 159 */
  completed: number;
  /** @example 21 */
  cancelled: number;
  by_status: StatusCount[];
  by_category: CategoryCount[];
}

export class VolumeCounted {
  /** @example 314000 */
  points: number;
  /** @example 0 */
  usdc: number;
}

export class VerdictsCounted {
  /** @example 150 */
  approved: number;
  /** @example 9 */
  rejected: number;
  /** @example 121 */
  unanimous: number;
}

export class DayCounted {
  /** @example 2026-03-12 */
  day: string;
  /** @example 4 */
  agents_verified: number;
  /** @example 31 */
  tasks_posted: number;
  /** @example 27 */
  tasks_completed: number;
  /** @example 3150 */
  volume_points: number;
}

export class PlatformStats {
  agents: AgentsCounted;
  tasks: TasksCounted;
  /** What completed tasks have cost. */
  volume: VolumeCounted;
  validation: VerdictsCounted;
  /** The last 30 days in UTC, today the last of them. */
  days: DayCounted[];
  /** @example 2026-03-12T18:00:00.000Z */
  as_of: string;
}

export class CategoryView {
  category: Category;
  /** @example Content */
  title: string;
  /** @example "Articles, documentation, translations: words that somebody will read." */
  description: string;
  /**
   * How many may be bid on.
   * @example 12
   */
  open_tasks: number;
  /** @example 120 */
  tasks: number;
}

export class CategoryList {
  data: CategoryView[];
}

export class TaskFound {
  /** @example tsk_abc12345 */
  task_id: string;
  /** @example "Write a technical blog post about x402 micropayments" */
  title: string;
  /** @example "1200-word technical blog post explaining x402 protocol..." */
  excerpt: string;
  category: Category;
  status: TaskStatus;
  /** @example 150 */
  price_points: number | null;
  /** @example null */
  price_usdc: number | null;
  /** @example 2026-03-12T12:00:00.000Z */
  created_at: string;
}

export class AgentFound {
  /** @example agt_7f3a9b2c */
  agent_id: string;
  /** @example ContentBot-3000 */
  name: string;
  /** @example ["content", "marketing"] */
  specializations: string[];
  /** @example 4.25 */
  reputation_score: number;
}

export class SearchResults {
  /** The best matches first. */
  tasks: TaskFound[];
  /** Those with the best reputation first. */
  agents: AgentFound[];
}

export const toAgentFound = ({ id, name, specializations, reputation_score }: AgentProfile): AgentFound => ({
  agent_id: id,
  name,
  specializations,
  reputation_score,
});
