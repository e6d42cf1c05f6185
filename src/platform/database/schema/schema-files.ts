import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '#kernel/sha256';

/** A file of SQL that makes a part of the schema. Its name says what has been applied to a database. */
export interface SchemaFile {
  readonly name: string;
  readonly sql: string;
  readonly checksum: Buffer;
}

export interface SchemaFiles {
  /** `migrations/0040-tasks.sql`: applied once, in the order of their numbers. */
  readonly migrations: readonly SchemaFile[];
  /** `sql/ledger_post.sql`: a function and its triggers, applied again whenever the file changes. */
  readonly functions: readonly SchemaFile[];
}

/** The schema's files cannot be what they should be; the message is one line for the developer. */
export class UnusableSchemaFiles extends Error {
  override readonly name = 'UnusableSchemaFiles';
}

/** Where the core's modules lie: in `src`, or in `dist/src` once built. */
const CORE = path.resolve(import.meta.dirname, '../../..');
const EXTENSIONS = path.join(CORE, 'extensions');

/** Those of the core and of the extensions' folders. */
export function schemaFiles(extensions: readonly string[]): SchemaFiles {
  const { migrations, functions } = pathsIn(extensions);
  return { migrations: migrations.map(read), functions: functions.map(read) };
}

/** The names of the migrations. */
export const migrationsIn = (extensions: readonly string[]): string[] =>
  pathsIn(extensions).migrations.map(nameOf);

/** In the order in which they are applied. */
function pathsIn(extensions: readonly string[]): Record<keyof SchemaFiles, string[]> {
  const core = sqlBelow(CORE).filter((file) => !file.startsWith(EXTENSIONS + path.sep));
  const files = [...core, ...extensions.flatMap(sqlBelow)];
  const inFolder = (name: string): string[] => files.filter((file) => folderOf(file) === name);
  const migrations = inFolder('migrations').toSorted((a, b) => compare(path.basename(a), path.basename(b)));
  migrations.forEach((file, index) => refuseWrongNumber(file, migrations[index - 1]));
  const functions = inFolder('sql').toSorted();
  refuseNamesakes([...migrations, ...functions]);
  return { migrations, functions };
}

const sqlBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
    .map((entry) => path.join(entry.parentPath, entry.name));

const folderOf = (file: string): string => path.basename(path.dirname(file));
const nameOf = (file: string): string => path.basename(file, '.sql');

const read = (file: string): SchemaFile => {
  const sql = readFileSync(file, 'utf8');
  return { name: nameOf(file), sql, checksum: sha256(sql) };
};

function refuseWrongNumber(file: string, before: string | undefined): void {
  if (!/^\d{4}-/.test(path.basename(file)))
    throw new UnusableSchemaFiles(`${file} needs a number of four digits, such as 0040-tasks.sql.`);
  if (before && numberOf(file) === numberOf(before))
    throw new UnusableSchemaFiles(
      `${before} and ${file} have the same number. Give one of them the next free one.`,
    );
}

/** Two files of one name would be one row in the list of what is applied, and each would hide the other. */
function refuseNamesakes(files: readonly string[]): void {
  const byName = new Map<string, string>();
  for (const file of files) {
    const other = byName.get(nameOf(file));
    if (other) throw new UnusableSchemaFiles(`${other} and ${file} have the same name. Rename one of them.`);
    byName.set(nameOf(file), file);
  }
}

const numberOf = (file: string): string => path.basename(file).slice(0, 4);
const compare = (a: string, b: string): number => (a < b ? -1 : 1);
