import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Currency } from '../../../kernel/money.js';
import type { Category, CloseReason, PayoutState, Task, TaskStatus } from '../domain/task.js';

@Entity('tasks')
@Unique('tasks_a2a_task_id', ['a2aTaskId'])
@ForeignKey('agents', ['creatorId'], ['id'], { name: 'tasks_creator' })
@ForeignKey('agents', ['executorId'], ['id'], { name: 'tasks_executor' })
@Check(
  'tasks_status',
  `status IN ('open', 'bidding', 'in_progress', 'submitted', 'validating', 'completed', 'cancelled', 'disputed')`,
)
@Check(
  'tasks_close_reason',
  `close_reason IN ('creator', 'expired_open', 'expired_work', 'operator', 'rejected', 'dispute_lost',
    'executor_suspended', 'creator_suspended')`,
)
@Check(
  'tasks_closed_for_a_reason',
  `CASE status WHEN 'cancelled' THEN close_reason IS NOT NULL WHEN 'disputed' THEN true ELSE close_reason IS NULL END`,
)
@Check('tasks_priced', `num_nonnulls(price_points, price_usdc) > 0`)
@Check(
  'tasks_agreed',
  `num_nulls(executor_agent_id, accepted_bid_id, accepted_currency, accepted_price, accepted_at) IN (0, 5)`,
)
@Check('tasks_payout', `payout_state IN ('held', 'paid', 'reversed')`)
@Check('tasks_bids', `bids_count BETWEEN 0 AND max_bids`)
@Index('tasks_newest', ['createdAt', 'id'])
@Index('tasks_status_newest', ['status', 'createdAt', 'id'])
@Index('tasks_category_newest', ['category', 'createdAt', 'id'])
@Index('tasks_by_deadline', ['deadline', 'id'])
@Index('tasks_status_deadline', ['status', 'deadline', 'id'])
@Index('tasks_creator_newest', ['creatorId', 'createdAt', 'id'])
@Index('tasks_by_price', { synchronize: false })
@Index('tasks_status_price', { synchronize: false })
@Index('tasks_by_price_usdc', { synchronize: false })
@Index('tasks_executor_newest', { synchronize: false })
@Index('tasks_to_warn', { synchronize: false })
@Index('tasks_payout_due', { synchronize: false })
@Index('tasks_system_in_hand', { synchronize: false })
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

  @Column({ type: 'varchar', length: 20, collation: 'C', default: 'open' })
  status: TaskStatus;

  @Column({ name: 'close_reason', type: 'varchar', length: 20, collation: 'C', nullable: true })
  closeReason: CloseReason | null;

  @Column({ type: 'timestamptz' })
  deadline: Date;

  @Column({ name: 'auto_accept_first', type: 'boolean', default: false })
  autoAcceptFirst: boolean;

  @Column({ name: 'max_bids', type: 'int', default: 10 })
  maxBids: number;

  @Column({ name: 'validation_required', type: 'boolean', default: true })
  validationRequired: boolean;

  @Column({ name: 'payout_hold_hours', type: 'smallint', default: 0 })
  payoutHoldHours: number;

  @Column({ name: 'system_task', type: 'boolean', default: false })
  systemTask: boolean;

  @Column({
    name: 'bids_count',
    type: 'int',
    default: 0,
    comment: 'Pending and accepted bids.',
  })
  bidsCount: number;

  @Column({
    type: 'int',
    default: 0,
    comment: 'How often the task was edited: what a resize of its escrow was caused by.',
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

  @Column({ type: 'boolean', default: false, comment: 'A dispute turned its verdict round.' })
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
}
