import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';

/** A team's own module: a plain Nest module, and the migrations of its own tables. See docs/extending.md. */
export interface Extension {
  readonly module: Type;
  readonly migrations?: readonly Type<MigrationInterface>[];
}

export const migrationsOf = (extensions: readonly Extension[]): Type<MigrationInterface>[] =>
  extensions.flatMap(({ migrations = [] }) => migrations);
