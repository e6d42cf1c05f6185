import type { Type } from '@nestjs/common';

/** A team's own module: a plain Nest module, and the SQL files of its own tables. See docs/extending.md. */
export interface Extension {
  readonly module: Type;
  /** Its folder, where it has tables: `migrations/1000-badges.sql` and `sql/<function>.sql` are found below. */
  readonly schema?: string;
}

export const schemasOf = (extensions: readonly Extension[]): string[] =>
  extensions.flatMap(({ schema }) => (schema === undefined ? [] : [schema]));
