import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What time does to tasks is found by an index each: the deadlines behind the status tell what expires; who is to be
 * warned of one is somebody who has known of the task for a day before that; a payout that is disputed is not due.
 */
export class TaskTimes1773273661000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX tasks_due;
      CREATE INDEX tasks_to_warn ON tasks (deadline, id) WHERE status IN ('open', 'bidding', 'in_progress')
        AND warned_at IS NULL AND deadline - coalesce(accepted_at, created_at) >= interval '24 hours';
      DROP INDEX tasks_payout_due;
      CREATE INDEX tasks_payout_due ON tasks (payout_due_at, id)
        WHERE payout_state = 'held' AND status = 'completed';
      ALTER TABLE submissions ADD disputed_at timestamptz`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE submissions DROP disputed_at;
      DROP INDEX tasks_payout_due;
      CREATE INDEX tasks_payout_due ON tasks (payout_due_at, id) WHERE payout_state = 'held';
      DROP INDEX tasks_to_warn;
      CREATE INDEX tasks_due ON tasks (deadline, id) WHERE status IN ('open', 'bidding', 'in_progress')`);
  }
}
