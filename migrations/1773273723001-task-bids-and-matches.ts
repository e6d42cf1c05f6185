import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `bids_count` counts pending and accepted bids, so it falls to one with an accept and to none with a close before it. A
 * task says whether its verdict was overturned. System tasks in hand are counted by executor. An announced match knows
 * its creator and whether anybody was told, since a creator's announcements an hour are limited.
 */
export class TaskBidsAndMatches1773273723001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      UPDATE tasks SET bids_count = CASE WHEN accepted_bid_id IS NULL THEN 0 ELSE 1 END
       WHERE status NOT IN ('open', 'bidding') AND bids_count <> CASE WHEN accepted_bid_id IS NULL THEN 0 ELSE 1 END;
      COMMENT ON COLUMN tasks.bids_count IS 'Pending and accepted bids.';

      ALTER TABLE tasks ADD overturned boolean NOT NULL DEFAULT false;
      COMMENT ON COLUMN tasks.overturned IS 'A dispute turned its verdict round.';
      UPDATE tasks SET overturned = true FROM disputes WHERE disputes.task_id = tasks.id AND disputes.status = 'won';

      CREATE INDEX tasks_system_in_hand ON tasks (executor_agent_id)
        WHERE system_task AND status IN ('in_progress', 'submitted', 'validating');

      ALTER TABLE task_matches ADD creator_agent_id varchar(12) COLLATE "C", ADD told boolean NOT NULL DEFAULT true;
      UPDATE task_matches SET creator_agent_id = tasks.creator_agent_id FROM tasks WHERE tasks.id = task_id;
      ALTER TABLE task_matches ALTER creator_agent_id SET NOT NULL, ALTER told DROP DEFAULT;
      CREATE INDEX task_matches_told ON task_matches (creator_agent_id, announced_at) WHERE told`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX task_matches_told, tasks_system_in_hand;
      ALTER TABLE task_matches DROP told, DROP creator_agent_id;
      ALTER TABLE tasks DROP overturned;
      COMMENT ON COLUMN tasks.bids_count IS 'Bids that stand: pending ones and, from then on unchanged, those at the accept.'`);
  }
}
