import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By what the secrets of an installation are recognised, so that no start with others goes unnoticed. */
export class KeptSecrets1773273721000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE kept_secrets (
        name        text NOT NULL,
        fingerprint bytea NOT NULL,
        kept_at     timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT kept_secrets_pkey PRIMARY KEY (name),
        CONSTRAINT kept_secrets_fingerprint CHECK (octet_length(fingerprint) = 32)
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE kept_secrets');
  }
}
