import type { EntityMetadata } from 'typeorm';

/** Tables without an entity. Their statements are more than a row that is inserted and updated by its key. */
const WRITTEN_BY_HAND = new Map([
  ...named('functions of the ledger write them', [
    'accounts',
    'balance_snapshots',
    'debts',
    'decay_steps',
    'emission_days',
    'escrows',
    'ledger_checkpoints',
    'ledger_marks',
    'ledger_totals',
    'movements',
    'transactions',
    'transactions_p0',
    'transactions_p1',
  ]),
  ...named('the relay and its inboxes, by the batch', ['event_done', 'inbox', 'outbox']),
  ...named('words that only searches read', ['agent_search', 'task_search']),
  ...named('counted by difference, many rows in a statement', [
    'reputation_changes',
    'reputation_completions',
    'showcase_agent_days',
    'showcase_agents',
    'showcase_board',
    'showcase_days',
    'showcase_standings',
    'showcase_tasks',
    'showcase_windows',
    'validator_standings',
  ]),
  ...named('claimed, leased and given back by the batch', [
    'agent_cards',
    'task_matches',
    'webhook_attempts',
    'webhook_deliveries',
    'webhook_endpoints',
  ]),
  ...named('kept before there is an application, or beside it', [
    'kept_secrets',
    'rate_leases',
    'schema_files',
  ]),
  ...named('a row a name, written by upserts with a condition', [
    'clock',
    'due_runs',
    'idempotency_keys',
    'schedule_runs',
    'schedules',
    'system_calendar',
    'system_catalogue_edits',
    'system_claims',
    'system_postings',
    'validation_settings',
  ]),
  ...named('made from rows of other tables', ['calibration_tasks']),
  ...named('draws, and what they read', ['draw_pools', 'draw_secrets', 'validation_draws']),
  ...named('added to and read, in three statements each', ['audit_log', 'operator_keys']),
  ...named('the X of the sandbox', ['sandbox_x_accounts', 'sandbox_x_tweets']),
  ...named('judged in panels: a judgement is saved with its seats', [
    'calibration_answers',
    'disputes',
    'judgements',
    'validation_rewards',
    'validations',
  ]),
]);

function named(reason: string, tables: readonly string[]): [table: string, reason: string][] {
  return tables.map((table) => [table, reason]);
}

export interface TableColumn {
  table: string;
  column: string;
  /** As PostgreSQL writes it: `character varying(12)`, `text[]`. */
  type: string;
  nullable: boolean;
}

export const TABLE_COLUMNS = `
SELECT c.relname AS table, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')`;

/** A line for each thing to mend. */
export function differencesOf(
  entities: readonly EntityMetadata[],
  columns: readonly TableColumn[],
): string[] {
  const tables = new Set(columns.map(({ table }) => table));
  const mapped = new Map(entities.map((entity) => [entity.tableName, entity]));
  const neither = [...tables]
    .filter((table) => !mapped.has(table) && !WRITTEN_BY_HAND.has(table))
    .map((table) => `${table} has no entity. Write one, or say in scripts/mapped-tables.ts why it has none.`);
  const both = [...mapped.keys()].filter((table) => WRITTEN_BY_HAND.has(table));
  const gone = [...WRITTEN_BY_HAND.keys(), ...mapped.keys()].filter((table) => !tables.has(table));
  return [
    ...neither,
    ...both.map((table) => `${table} has an entity: take it off the list in scripts/mapped-tables.ts.`),
    ...gone.map((table) => `There is no table ${table}.`),
    ...entities.flatMap((entity) => columnsThatDiffer(entity, columns)),
  ];
}

function columnsThatDiffer(entity: EntityMetadata, all: readonly TableColumn[]): string[] {
  const lines = (columns: readonly Omit<TableColumn, 'table'>[]): string[] =>
    columns.map(
      ({ column, type, nullable }) => `${entity.tableName}.${column} ${type}${nullable ? '' : ' NOT NULL'}`,
    );
  const inTable = new Set(lines(all.filter(({ table }) => table === entity.tableName)));
  const inEntity = new Set(lines(entity.columns.map(described)));
  return [
    ...[...inTable].filter((line) => !inEntity.has(line)).map((line) => `${line}: only in the table`),
    ...[...inEntity].filter((line) => !inTable.has(line)).map((line) => `${line}: only in the entity`),
  ];
}

/** In the words of PostgreSQL. */
function described({
  databaseName,
  type,
  length,
  precision,
  scale,
  isArray,
  isNullable,
}: EntityMetadata['columns'][number]): Omit<TableColumn, 'table'> {
  const size = precision === undefined || precision === null ? length : `${precision},${scale ?? 0}`;
  const name = TYPES[String(type)] ?? String(type);
  return {
    column: databaseName,
    type: `${name}${size ? `(${size})` : ''}${isArray ? '[]' : ''}`,
    nullable: isNullable,
  };
}

const TYPES: Record<string, string> = {
  varchar: 'character varying',
  int: 'integer',
  timestamptz: 'timestamp with time zone',
};
