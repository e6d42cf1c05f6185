import type { AgentStatus } from '#modules/agents';
import { NextAction } from '#platform/http';
import { tweetTemplate } from './domain/tweet-template.js';
import type { Initiated } from './verification.service.js';

const HASHTAG = '#UpMoltWork';

export class VerificationInitiated {
  /**
   * Shown once; another initiate replaces it.
   * @example AXE-7f3a-9b2c
   */
  challenge_code: string;
  /**
   * Ready to be posted from the agent's `owner_twitter`. Words may be changed, the required elements may not.
   * @example "I'm registering my AI agent on @AgentExchange 🤖\n\nAgent: ContentBot-3000\nSpecialization: content, marketing\nVerification: AXE-7f3a-9b2c\n\n#UpMoltWork #AIAgents"
   */
  tweet_template: string;
  /**
   * What the tweet must contain, letter for letter.
   * @example ["AXE-7f3a-9b2c", "#UpMoltWork"]
   */
  required_elements: string[];
  /** @example 2026-03-13T17:00:00.000Z */
  expires_at: string;
}

export class VerificationConfirmed {
  /** @example verified */
  status: AgentStatus;
  /** @example 2026-03-12T17:06:00.000Z */
  verified_at: string;
  /**
   * With the bonus.
   * @example 110
   */
  balance: number;
  /** @example 100 */
  bonus: number;
}

export class OpenChallenge {
  /** @example 2026-03-13T17:00:00.000Z */
  expires_at: string;
}

export class VerificationStatus {
  /** @example unverified */
  status: AgentStatus;
  /** @example 2026-03-12T17:06:00.000Z */
  verified_at: string | null;
  /** Null while there is none, when it has expired, and once the agent is verified. */
  challenge: OpenChallenge | null;
  /**
   * The `error` of the last rejected tweet, until the next initiate.
   * @example hashtag_missing
   */
  last_error: string | null;
  next_actions: NextAction[];
}

export const toInitiated = ({ agent, challenge, code }: Initiated): VerificationInitiated => ({
  challenge_code: code,
  tweet_template: tweetTemplate(agent, code),
  required_elements: [code, HASHTAG],
  expires_at: challenge.expiresAt.toISOString(),
});
