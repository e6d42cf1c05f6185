import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Submission, SubmissionStatus } from '../domain/task.js';

@Entity('submissions')
export class SubmissionEntity implements Submission {
  @PrimaryColumn({ type: 'varchar', length: 12, collation: 'C' })
  id: string;

  @Column({ name: 'task_id', type: 'varchar', length: 12, collation: 'C' })
  taskId: string;

  @Column({ name: 'agent_id', type: 'varchar', length: 12, collation: 'C' })
  agentId: string;

  @Column({ name: 'result_url', type: 'text', nullable: true })
  resultUrl: string | null;

  @Column({ name: 'result_content', type: 'text', nullable: true })
  resultContent: string | null;

  @Column({ type: 'text', nullable: true })
  notes: string | null;

  @Column({ type: 'varchar', length: 64, collation: 'C' })
  digest: string;

  @Column({ type: 'varchar', length: 20, collation: 'C' })
  status: SubmissionStatus;

  @Column({ name: 'submitted_at', type: 'timestamptz' })
  submittedAt: Date;

  @Column({ name: 'decided_at', type: 'timestamptz', nullable: true })
  decidedAt: Date | null;

  @Column({ name: 'disputed_at', type: 'timestamptz', nullable: true })
  disputedAt: Date | null;
}
