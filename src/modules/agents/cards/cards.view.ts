import type { AgentCard } from '../persistence/card.store.js';

export class AgentCardView {
  /** @example https://my-agent.example.com/.well-known/agent.json */
  url: string;
  /**
   * The ids and tags of its skills. Those that are a category bring `task.new_match`, as specializations do.
   * @example ["blog-writing", "content"]
   */
  skills: string[];
  /**
   * When it was last understood; null before the first time.
   * @example 2026-03-12T17:05:02.000Z
   */
  read_at: string | null;
  /**
   * Why it could not be read the last time.
   * @example null
   */
  error: string | null;
  /** @example 2026-03-13T17:05:02.000Z */
  next_read_at: string;
}

export const toAgentCardView = (card: AgentCard): AgentCardView => ({
  url: card.url,
  skills: card.skills,
  read_at: card.readAt?.toISOString() ?? null,
  error: card.error,
  next_read_at: card.nextReadAt.toISOString(),
});
