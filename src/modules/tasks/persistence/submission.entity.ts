import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Submission, SubmissionStatus } from '../domain/task.js';

@Entity('submissions')
@Unique('one_submission_per_task', ['taskId'])
@ForeignKey('tasks', ['taskId'], ['id'], { name: 'submissions_task' })
@ForeignKey('agents', ['agentId'], ['id'], { name: 'submissions_agent' })
@Check('submissions_status', `status IN ('pending', 'validating', 'approved', 'rejected')`)
@Check('submissions_result', `num_nonnulls(result_url, result_content) > 0`)
@Index('submissions_of_agent', ['agentId', 'submittedAt', 'id'])
@Index('submissions_undecided', { synchronize: false })
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

  @Column({ type: 'varchar', length: 20, collation: 'C', default: 'pending' })
  status: SubmissionStatus;

  @Column({ name: 'submitted_at', type: 'timestamptz' })
  submittedAt: Date;

  @Column({ name: 'decided_at', type: 'timestamptz', nullable: true })
  decidedAt: Date | null;

  @Column({ name: 'disputed_at', type: 'timestamptz', nullable: true })
  disputedAt: Date | null;
}
