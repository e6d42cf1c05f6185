-- Whether every transaction older than the one that asked ledger_horizon has ended.
CREATE OR REPLACE FUNCTION ledger_is_settled(p_running_before text)
RETURNS boolean
LANGUAGE sql VOLATILE AS $$
  SELECT pg_snapshot_xmin(pg_current_snapshot()) >= p_running_before::xid8
$$;
REVOKE ALL ON FUNCTION ledger_is_settled FROM PUBLIC;
