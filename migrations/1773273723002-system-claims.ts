import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A posting uses up more than its occasion: a case study also the week of each of its parties, and one of the day's
 * places. The primary key is what gives each of them out once.
 */
export class SystemClaims1773273723002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE system_claims (
        kind    text COLLATE "C" NOT NULL,
        claim   text COLLATE "C" NOT NULL,
        task_id varchar(12) COLLATE "C" NOT NULL,
        PRIMARY KEY (kind, claim),
        CONSTRAINT system_claims_of_task FOREIGN KEY (task_id) REFERENCES tasks (id)
      );
      COMMENT ON COLUMN system_claims.claim IS 'Such as agt_7f3a9b2c:week:2026-03-09 or day:2026-03-12:1.'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE system_claims');
  }
}
