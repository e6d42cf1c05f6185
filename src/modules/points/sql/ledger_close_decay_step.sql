-- Drops the snapshots that no later step reads together with the step that needed them last.
CREATE OR REPLACE FUNCTION ledger_close_decay_step(p_step int, p_at timestamptz)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE decay_steps SET closed_at = p_at WHERE step = p_step AND closed_at IS NULL;
  EXECUTE format('DROP TABLE IF EXISTS %I', 'balance_snapshots_' || (p_step - 4));
END
$$;
REVOKE ALL ON FUNCTION ledger_close_decay_step FROM PUBLIC;
