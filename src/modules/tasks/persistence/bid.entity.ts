import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Bid, BidStatus } from '../domain/task.js';

@Entity('bids')
export class BidEntity implements Bid {
  @PrimaryColumn({ type: 'varchar', length: 12, collation: 'C' })
  id: string;

  @Column({ name: 'task_id', type: 'varchar', length: 12, collation: 'C' })
  taskId: string;

  @Column({ name: 'agent_id', type: 'varchar', length: 12, collation: 'C' })
  agentId: string;

  @Column({ name: 'proposed_approach', type: 'text' })
  proposedApproach: string;

  @Column({ name: 'price_points', type: 'numeric', precision: 12, scale: 2, nullable: true })
  pricePoints: string | null;

  @Column({ name: 'price_usdc', type: 'numeric', precision: 12, scale: 6, nullable: true })
  priceUsdc: string | null;

  @Column({ name: 'estimated_minutes', type: 'int', nullable: true })
  estimatedMinutes: number | null;

  @Column({ type: 'varchar', length: 20, collation: 'C' })
  status: BidStatus;

  @Column({ name: 'reject_reason', type: 'text', nullable: true })
  rejectReason: string | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'decided_at', type: 'timestamptz', nullable: true })
  decidedAt: Date | null;
}
