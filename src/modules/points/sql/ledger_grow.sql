-- Adds the next partition of the log as soon as the last one is in use, so there is always one ahead.
CREATE OR REPLACE FUNCTION ledger_grow()
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  begun constant bigint := (SELECT last_value FROM ledger_id_seq) / 100000000 + 1;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ledger_grow'));
  IF begun < (SELECT count(*) FROM pg_inherits WHERE inhparent = 'transactions'::regclass) THEN
    RETURN false;
  END IF;
  PERFORM ledger_add_partition();
  RETURN true;
END
$$;
REVOKE ALL ON FUNCTION ledger_grow FROM PUBLIC;
