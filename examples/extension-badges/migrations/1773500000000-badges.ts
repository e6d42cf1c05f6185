import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deliberately without a foreign key: the core may change its tables without asking an extension. */
export class Badges1773500000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE badges (
        agent_id  varchar(12) COLLATE "C" NOT NULL,
        badge     varchar(40) COLLATE "C" NOT NULL,
        earned_at timestamptz NOT NULL,
        PRIMARY KEY (agent_id, badge)
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE badges');
  }
}
