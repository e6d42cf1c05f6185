-- What every account held and had spent at the boundary of a step. Taken late it comes out the same: what has happened
-- since is taken off again.
CREATE OR REPLACE FUNCTION ledger_snapshot(p_step int, p_boundary timestamptz, p_at timestamptz)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  name text := 'balance_snapshots_' || p_step;
  done boolean;
BEGIN
  INSERT INTO decay_steps (step, at) VALUES (p_step, p_boundary) ON CONFLICT DO NOTHING;
  SELECT snapshot_at IS NOT NULL INTO done FROM decay_steps WHERE step = p_step FOR UPDATE;
  IF done THEN RETURN false; END IF;
  EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF balance_snapshots FOR VALUES IN (%s)', name, p_step);
  INSERT INTO balance_snapshots (step, account_id, balance, spent_total)
    SELECT p_step, a.id, a.balance - coalesce(later.moved, 0), a.spent_total - coalesce(later.spent, 0)
    FROM accounts a LEFT JOIN (
      SELECT account_id, sum(amount) AS moved,
        -sum(amount) FILTER (WHERE amount < 0 OR type IN ('refund', 'dispute_fee_refund')) AS spent
      FROM transactions WHERE created_at >= p_boundary AND currency = 'points' GROUP BY account_id) later
      ON later.account_id = a.id
    WHERE a.currency = 'points' AND a.balance - coalesce(later.moved, 0) > 0
    ORDER BY a.id;
  UPDATE decay_steps SET snapshot_at = p_at WHERE step = p_step;
  RETURN true;
END
$$;
REVOKE ALL ON FUNCTION ledger_snapshot FROM PUBLIC;
