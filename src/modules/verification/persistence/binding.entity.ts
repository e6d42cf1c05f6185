import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The X account that stands behind an agent from now on, and the tweet that said so. */
@Entity('verified_x_accounts')
export class BindingEntity {
  @PrimaryColumn({ name: 'account_id', type: 'text' })
  accountId: string;

  @Column({ name: 'agent_id', type: 'varchar', length: 12 })
  agentId: string;

  @Column({ type: 'varchar', length: 15 })
  handle: string;

  @Column({ name: 'tweet_url', type: 'text' })
  tweetUrl: string;

  @Column({ name: 'verified_at', type: 'timestamptz' })
  verifiedAt: Date;
}
