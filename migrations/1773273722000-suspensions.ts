import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A suspension closes what an agent has open: two more ways for a task to end, and one for a seat. What it posts at the
 * same moment would be missed by that, so the count of its tasks, which waits for the suspension, refuses it.
 */
export class Suspensions1773273722000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(closeReasons([...CLOSE_REASONS, 'executor_suspended', 'creator_suspended']));
    await queryRunner.query(seatEnds([...SEAT_ENDS, 'suspended']));
    for (const statement of [REFUSE_POST, NO_POST_BY_SUSPENDED]) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TRIGGER no_post_by_suspended ON agents');
    await queryRunner.query('DROP FUNCTION agents_refuse_post()');
    await queryRunner.query(closeReasons(CLOSE_REASONS));
    await queryRunner.query(seatEnds(SEAT_ENDS));
  }
}

const CLOSE_REASONS = ['creator', 'expired_open', 'expired_work', 'operator', 'rejected', 'dispute_lost'];
const SEAT_ENDS = ['agreed', 'disagreed', 'no_verdict', 'timed_out', 'verdict_without_you'];

const REFUSE_POST = `
CREATE FUNCTION agents_refuse_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'suspended' USING ERRCODE = 'AG403', DETAIL = NEW.id;
END $$`;

const NO_POST_BY_SUSPENDED = `
CREATE TRIGGER no_post_by_suspended BEFORE UPDATE OF tasks_created ON agents FOR EACH ROW
  WHEN (NEW.status = 'suspended' AND NEW.tasks_created > OLD.tasks_created)
  EXECUTE FUNCTION agents_refuse_post()`;

const closeReasons = (names: readonly string[]): string =>
  `ALTER TABLE tasks DROP CONSTRAINT tasks_close_reason,
     ADD CONSTRAINT tasks_close_reason CHECK (close_reason IN (${quoted(names)}))`;

const seatEnds = (names: readonly string[]): string =>
  `ALTER TABLE validations DROP CONSTRAINT validations_ended,
     ADD CONSTRAINT validations_ended CHECK (ended IN (${quoted(names)}))`;

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
