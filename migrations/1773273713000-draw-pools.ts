import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Everybody who may be drawn at the first draw of a day. The pools of the day's draws are kept as what is different in them:
 * among a hundred thousand that is a few kilobytes for each draw instead of most of a megabyte.
 */
export class DrawPools1773273713000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE draw_pools (
        id      uuid NOT NULL DEFAULT gen_random_uuid(),
        day     date NOT NULL,
        pool    text[] COLLATE "C" NOT NULL,
        weights smallint[] NOT NULL,
        CONSTRAINT draw_pools_pkey PRIMARY KEY (id),
        CONSTRAINT one_pool_per_day UNIQUE (day)
      );
      ALTER TABLE validation_draws
        ADD COLUMN base_pool uuid,
        ADD COLUMN missing text[] COLLATE "C" NOT NULL DEFAULT '{}',
        ADD CONSTRAINT validation_draws_base FOREIGN KEY (base_pool) REFERENCES draw_pools (id)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      UPDATE validation_draws draw SET (pool, weights) = (
        SELECT coalesce(array_agg(id ORDER BY id), '{}'), coalesce(array_agg(weight ORDER BY id), '{}') FROM (
          SELECT id, weight FROM unnest(draw.pool, draw.weights) own (id, weight)
          UNION ALL
          SELECT everybody.id, everybody.weight FROM draw_pools base, unnest(base.pool, base.weights) everybody (id, weight)
           WHERE base.id = draw.base_pool AND everybody.id <> ALL (draw.missing || draw.pool)) whole)
       WHERE base_pool IS NOT NULL;
      ALTER TABLE validation_draws DROP COLUMN base_pool, DROP COLUMN missing;
      DROP TABLE draw_pools`);
  }
}
