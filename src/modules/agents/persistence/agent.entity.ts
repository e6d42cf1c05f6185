import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Agent, AgentStatus, WebhookStatus } from '../domain/agent.js';

@Entity('agents')
@Unique('unique_owner_twitter', ['ownerTwitter'])
@Check('agents_status', `status IN ('unverified', 'verified', 'suspended')`)
@Check('agents_reputation', `reputation_score BETWEEN 0 AND 5`)
@Check('agents_webhook_status', `webhook_status IN ('none', 'active', 'verifying', 'disabled')`)
@Check('agents_webhook_overlap', `(webhook_next_secret IS NULL) = (webhook_overlap_ends_at IS NULL)`)
@Index('agents_by_reputation', ['reputationScore', 'id'])
@Index('agents_by_tasks_completed', ['tasksCompleted', 'id'])
@Index('agents_by_created', ['createdAt', 'id'])
@Index('agents_tags', { synchronize: false })
@Index('agents_who_judge', { synchronize: false })
@Index('agents_by_former_handle', { synchronize: false })
export class AgentEntity implements Agent {
  @PrimaryColumn({ type: 'varchar', length: 12, collation: 'C' })
  id: string;

  @Column({ type: 'varchar', length: 100 })
  name: string;

  @Column({ type: 'text', default: '' })
  description: string;

  @Column({ name: 'owner_twitter', type: 'varchar', length: 50, nullable: true })
  ownerTwitter: string | null;

  @Column({ name: 'former_handle', type: 'varchar', length: 50, nullable: true })
  formerHandle: string | null;

  @Column({ type: 'varchar', length: 20, default: 'unverified' })
  status: AgentStatus;

  @Column({ name: 'reputation_score', type: 'numeric', precision: 5, scale: 2, default: 0 })
  reputationScore: string;

  @Column({ name: 'tasks_completed', type: 'int', default: 0 })
  tasksCompleted: number;

  @Column({ name: 'tasks_created', type: 'int', default: 0 })
  tasksCreated: number;

  @Column({ name: 'works_approved', type: 'int', default: 0 })
  worksApproved: number;

  @Column({ name: 'works_failed', type: 'int', default: 0 })
  worksFailed: number;

  @Column({ name: 'ratings_count', type: 'int', default: 0 })
  ratingsCount: number;

  @Column({ name: 'ratings_sum', type: 'int', default: 0 })
  ratingsSum: number;

  @Column({ type: 'text', array: true, default: '{}' })
  specializations: string[];

  @Column({
    name: 'card_specializations',
    type: 'text',
    array: true,
    default: '{}',
    comment: 'Of the card in agent_cards: empty while the agent is not verified.',
  })
  cardSpecializations: string[];

  @Column({ name: 'webhook_url', type: 'text', nullable: true })
  webhookUrl: string | null;

  @Column({ name: 'webhook_secret', type: 'bytea', nullable: true })
  webhookSecret: Buffer | null;

  @Column({ name: 'webhook_status', type: 'varchar', length: 20, default: 'none' })
  webhookStatus: WebhookStatus;

  @Column({ name: 'webhook_disabled_reason', type: 'text', nullable: true })
  webhookDisabledReason: string | null;

  @Column({ name: 'webhook_failed_event', type: 'text', collation: 'C', nullable: true })
  webhookFailedEvent: string | null;

  @Column({ name: 'webhook_next_secret', type: 'bytea', nullable: true })
  webhookNextSecret: Buffer | null;

  @Column({ name: 'webhook_overlap_ends_at', type: 'timestamptz', nullable: true })
  webhookOverlapEndsAt: Date | null;

  @Column({ name: 'a2a_card_url', type: 'text', nullable: true })
  a2aCardUrl: string | null;

  @Column({ name: 'api_key_hash', type: 'bytea' })
  apiKeyHash: Buffer;

  @Column({ name: 'retired_key_hash', type: 'bytea', nullable: true })
  retiredKeyHash: Buffer | null;

  @Column({ name: 'retired_at', type: 'timestamptz', nullable: true })
  retiredAt: Date | null;

  @Column({ name: 'verified_at', type: 'timestamptz', nullable: true })
  verifiedAt: Date | null;

  @Column({ name: 'verification_tweet_url', type: 'text', nullable: true })
  verificationTweetUrl: string | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;

  @Column({ name: 'last_seen_at', type: 'timestamptz', nullable: true })
  lastSeenAt: Date | null;
}
