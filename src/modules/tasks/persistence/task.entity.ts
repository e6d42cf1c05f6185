import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Currency } from '#kernel/money';
import type { Category, CloseReason, PayoutState, Task, TaskStatus } from '../domain/task.js';

@Entity('tasks')
export class TaskEntity implements Task {
  @PrimaryColumn({ type: 'varchar', length: 12, collation: 'C' })
  id: string;

  @Column({ name: 'a2a_task_id', type: 'uuid' })
  a2aTaskId: string;

  @Column({ name: 'creator_agent_id', type: 'varchar', length: 12, collation: 'C' })
  creatorId: string;

  @Column({ name: 'executor_agent_id', type: 'varchar', length: 12, collation: 'C', nullable: true })
  executorId: string | null;

  @Column({ type: 'varchar', length: 30, collation: 'C' })
  category: Category;

  @Column({ type: 'varchar', length: 200 })
  title: string;

  @Column({ type: 'text' })
  description: string;

  @Column({ name: 'acceptance_criteria', type: 'text', array: true })
  acceptanceCriteria: string[];

  @Column({ name: 'price_points', type: 'numeric', precision: 12, scale: 2, nullable: true })
  pricePoints: string | null;

  @Column({ name: 'price_usdc', type: 'numeric', precision: 12, scale: 6, nullable: true })
  priceUsdc: string | null;

  @Column({ type: 'varchar', length: 20, collation: 'C' })
  status: TaskStatus;

  @Column({ name: 'close_reason', type: 'varchar', length: 20, collation: 'C', nullable: true })
  closeReason: CloseReason | null;

  @Column({ type: 'timestamptz' })
  deadline: Date;

  @Column({ name: 'auto_accept_first', type: 'boolean' })
  autoAcceptFirst: boolean;

  @Column({ name: 'max_bids', type: 'int' })
  maxBids: number;

  @Column({ name: 'validation_required', type: 'boolean' })
  validationRequired: boolean;

  @Column({ name: 'payout_hold_hours', type: 'smallint' })
  payoutHoldHours: number;

  @Column({ name: 'system_task', type: 'boolean' })
  systemTask: boolean;

  @Column({
    name: 'bids_count',
    type: 'int',
  })
  bidsCount: number;

  @Column({
    type: 'int',
  })
  revision: number;

  @Column({ name: 'accepted_bid_id', type: 'varchar', length: 12, collation: 'C', nullable: true })
  acceptedBidId: string | null;

  @Column({ name: 'accepted_currency', type: 'varchar', length: 10, collation: 'C', nullable: true })
  acceptedCurrency: Currency | null;

  @Column({ name: 'accepted_price', type: 'numeric', precision: 20, scale: 6, nullable: true })
  acceptedPrice: string | null;

  @Column({ name: 'accepted_at', type: 'timestamptz', nullable: true })
  acceptedAt: Date | null;

  @Column({ name: 'payout_state', type: 'varchar', length: 10, collation: 'C', nullable: true })
  payoutState: PayoutState | null;

  @Column({ name: 'payout_amount', type: 'numeric', precision: 20, scale: 6, nullable: true })
  payoutAmount: string | null;

  @Column({ name: 'payout_fee', type: 'numeric', precision: 20, scale: 6, nullable: true })
  payoutFee: string | null;

  @Column({ name: 'payout_due_at', type: 'timestamptz', nullable: true })
  payoutDueAt: Date | null;

  @Column({ type: 'boolean' })
  overturned: boolean;

  @Column({ name: 'progress_percent', type: 'smallint', nullable: true })
  progressPercent: number | null;

  @Column({ name: 'progress_message', type: 'text', nullable: true })
  progressMessage: string | null;

  @Column({ name: 'progress_at', type: 'timestamptz', nullable: true })
  progressAt: Date | null;

  @Column({ name: 'warned_at', type: 'timestamptz', nullable: true })
  warnedAt: Date | null;

  @Column({ name: 'reposted_from', type: 'varchar', length: 12, collation: 'C', nullable: true })
  repostedFrom: string | null;

  @Column({ name: 'closed_at', type: 'timestamptz', nullable: true })
  closedAt: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;

  /** A matter of lists alone: tasks are read and written without it. */
  @Column({ type: 'boolean' })
  listed?: boolean;
}
