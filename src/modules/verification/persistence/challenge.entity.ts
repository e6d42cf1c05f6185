import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Challenge } from '../domain/challenge.js';

@Entity('verification_challenges')
export class ChallengeEntity implements Challenge {
  @PrimaryColumn({ name: 'agent_id', type: 'varchar', length: 12 })
  agentId: string;

  @Column({ name: 'code_hash', type: 'bytea' })
  codeHash: Buffer;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;

  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError: Challenge['lastError'];
}
