import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when whoever holds a track has been at its batch: one that hangs keeps its lease, and nothing else tells. */
export class SubscribersAtWork1773273726001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE event_done ADD COLUMN busy_since timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE event_done DROP COLUMN busy_since');
  }
}
