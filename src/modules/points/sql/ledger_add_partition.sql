-- PostgreSQL does not pass triggers on statements on to partitions, so each partition gets its own, for statements that
-- name the partition directly.
CREATE OR REPLACE FUNCTION ledger_add_partition()
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  width constant bigint := 100000000;
  number bigint := (SELECT count(*) FROM pg_inherits WHERE inhparent = 'transactions'::regclass);
  name text := 'transactions_p' || number;
BEGIN
  EXECUTE format('CREATE TABLE %I PARTITION OF transactions FOR VALUES FROM (%s) TO (%s)',
    name, CASE number WHEN 0 THEN 'MINVALUE' ELSE (number * width)::text END, (number + 1) * width);
  EXECUTE format('CREATE TRIGGER transactions_balance AFTER INSERT ON %I REFERENCING NEW TABLE AS new_legs
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_legs()', name);
  EXECUTE format('CREATE TRIGGER transactions_keep BEFORE TRUNCATE ON %I
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()', name);
  RETURN name;
END
$$;
REVOKE ALL ON FUNCTION ledger_add_partition FROM PUBLIC;
