-- Ids are drawn before they commit, so a smaller one may still be in flight when a larger one is seen. All ids up to the
-- drawn one are settled once every transaction older than this one has ended: a posting has its transaction id before it
-- draws, because it locks first. This call takes a transaction id of its own, since the upper end of a snapshot would miss
-- those that run beyond the last one that ended. Waiting this way blocks nobody.
CREATE OR REPLACE FUNCTION ledger_horizon(OUT upto_id bigint, OUT running_before text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO upto_id FROM ledger_id_seq;
  running_before := pg_current_xact_id()::text;
END
$$;
REVOKE ALL ON FUNCTION ledger_horizon FROM PUBLIC;
