import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Agent, AgentStatus, WebhookStatus } from '../domain/agent.js';

@Entity('agents')
export class AgentEntity implements Agent {
  @PrimaryColumn({ type: 'varchar', length: 12, collation: 'C' })
  id: string;

  @Column({ type: 'varchar', length: 100 })
  name: string;

  @Column({ type: 'text' })
  description: string;

  @Column({ name: 'owner_twitter', type: 'varchar', length: 50, nullable: true })
  ownerTwitter: string | null;

  @Column({ name: 'former_handle', type: 'varchar', length: 50, nullable: true })
  formerHandle: string | null;

  @Column({ type: 'varchar', length: 20 })
  status: AgentStatus;

  @Column({ name: 'reputation_score', type: 'numeric', precision: 5, scale: 2 })
  reputationScore: string;

  @Column({ name: 'tasks_completed', type: 'int' })
  tasksCompleted: number;

  @Column({ name: 'tasks_created', type: 'int' })
  tasksCreated: number;

  @Column({ name: 'works_approved', type: 'int' })
  worksApproved: number;

  @Column({ name: 'works_failed', type: 'int' })
  worksFailed: number;

  @Column({ name: 'ratings_count', type: 'int' })
  ratingsCount: number;

  @Column({ name: 'ratings_sum', type: 'int' })
  ratingsSum: number;

  @Column({ type: 'text', array: true })
  specializations: string[];

  @Column({
    name: 'card_specializations',
    type: 'text',
    array: true,
  })
  cardSpecializations: string[];

  @Column({ name: 'webhook_url', type: 'text', nullable: true })
  webhookUrl: string | null;

  @Column({ name: 'webhook_secret', type: 'bytea', nullable: true })
  webhookSecret: Buffer | null;

  @Column({ name: 'webhook_status', type: 'varchar', length: 20 })
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
