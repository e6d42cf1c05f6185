import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the holder of a track began its batch. A holder that hangs keeps its lease, so nothing else would show it. */
export class SubscribersAtWork1773273726001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE event_done ADD COLUMN busy_since timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE event_done DROP COLUMN busy_since');
  }
}
