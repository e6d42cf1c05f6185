/** What one part of the schema is: a line for a person, independent of the version of PostgreSQL. */
export interface CatalogueRow {
  kind: string;
  name: string;
  definition: string;
}

/** Sorted lines, so that the difference between two of them is what differs between the schemas. */
export function catalogueText(rows: readonly CatalogueRow[]): string {
  const lines = rows.map(({ kind, name, definition }) => `${kind} ${name}: ${inOneLine(definition)}`);
  return `${[...new Set(lines)].toSorted().join('\n')}\n`;
}

/** What to write before a line that is missing in the database, and before one that is only there. */
export function catalogueDrift(committed: string, found: string): string[] {
  const [before, after] = [linesOf(committed), linesOf(found)];
  const gone = [...before].filter((line) => !after.has(line)).map((line) => `- ${line}`);
  const come = [...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`);
  return [...gone, ...come].toSorted((a, b) => (a.slice(2) < b.slice(2) ? -1 : 1));
}

const linesOf = (text: string): Set<string> => new Set(text.split('\n').filter((line) => line !== ''));

/** Layout is no difference. */
const inOneLine = (definition: string): string => definition.replaceAll(/\s+/g, ' ').trim();

/**
 * Everything in schema public that a migration makes, except what belongs to an extension. Newer versions keep
 * a constraint for each NOT NULL; the column says it already, so those are left out.
 */
export const CATALOGUE = `
WITH ours AS (
  SELECT c.oid, c.relname, c.relkind, c.relpersistence, c.reloptions, c.relpartbound
    FROM pg_class c
   WHERE c.relnamespace = 'public'::regnamespace
     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
     AND c.relname <> 'migrations'
)
SELECT CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind,
       relname AS name,
       concat_ws(' ', relkind::text, relpersistence::text, array_to_string(reloptions, ','),
                 pg_get_expr(relpartbound, oid),
                 CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END) AS definition
  FROM ours WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND relname NOT LIKE 'migrations%'
UNION ALL
SELECT 'column', ours.relname || '.' || a.attname,
       concat_ws(' ', format_type(a.atttypid, a.atttypmod),
                 CASE WHEN co.collname <> 'default' THEN 'COLLATE ' || co.collname END,
                 CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                 CASE a.attidentity WHEN 'a' THEN 'IDENTITY ALWAYS' WHEN 'd' THEN 'IDENTITY' END,
                 CASE WHEN a.attgenerated <> '' THEN 'GENERATED' END,
                 'DEFAULT ' || pg_get_expr(def.adbin, def.adrelid))
  FROM ours JOIN pg_attribute a ON a.attrelid = ours.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_collation co ON co.oid = a.attcollation
  LEFT JOIN pg_attrdef def ON def.adrelid = a.attrelid AND def.adnum = a.attnum
 WHERE ours.relkind IN ('r', 'p', 'v', 'm')
UNION ALL
SELECT 'constraint', ours.relname || '.' || k.conname, pg_get_constraintdef(k.oid)
  FROM ours JOIN pg_constraint k ON k.conrelid = ours.oid
 WHERE k.contype <> 'n'
UNION ALL
SELECT 'index', i.relname, pg_get_indexdef(i.oid)
  FROM ours i WHERE i.relkind IN ('i', 'I')
UNION ALL
SELECT 'trigger', ours.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text
  FROM ours JOIN pg_trigger t ON t.tgrelid = ours.oid AND NOT t.tgisinternal
UNION ALL
SELECT 'function', p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       concat_ws(' ', p.prokind::text, pg_get_function_result(p.oid), l.lanname, p.provolatile::text, p.proparallel::text,
                 CASE WHEN p.proisstrict THEN 'STRICT' END, CASE WHEN p.prosecdef THEN 'SECURITY DEFINER' END,
                 array_to_string(p.proconfig, ','), coalesce(pg_get_function_sqlbody(p.oid), p.prosrc))
  FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
 WHERE p.pronamespace = 'public'::regnamespace AND p.prokind <> 'a'
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT 'type', t.typname, concat_ws(' ', t.typtype::text, format_type(t.typbasetype, t.typtypmod),
       (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
  FROM pg_type t
 WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('e', 'd')
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
`;
