-- Adds the tail of the log to the totals. EXECUTE, because the planner must see where the tail begins: a plan for any
-- beginning would read the whole log.
CREATE OR REPLACE FUNCTION ledger_roll_up(p_upto bigint, p_at timestamptz)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  since bigint := (SELECT upto_id FROM ledger_marks WHERE name = 'totals' FOR UPDATE);
BEGIN
  IF p_upto <= since THEN RETURN; END IF;
  EXECUTE $q$
    INSERT INTO ledger_totals AS t (day, currency, type, transactions, moved, issued, burnt)
    SELECT (created_at AT TIME ZONE 'UTC')::date, currency, type,
      greatest(count(*) FILTER (WHERE amount > 0), count(*) FILTER (WHERE amount < 0)),
      coalesce(sum(amount) FILTER (WHERE amount > 0), 0),
      coalesce(-sum(amount) FILTER (WHERE amount < 0 AND account_id = 'agt_system'), 0),
      coalesce(sum(amount) FILTER (WHERE amount > 0 AND account_id = 'agt_system'), 0)
    FROM transactions WHERE id > $1 AND movement_id > $1 AND movement_id <= $2 GROUP BY 1, 2, 3
    ON CONFLICT (day, currency, type) DO UPDATE SET transactions = t.transactions + excluded.transactions,
      moved = t.moved + excluded.moved, issued = t.issued + excluded.issued, burnt = t.burnt + excluded.burnt
  $q$ USING since, p_upto;
  UPDATE ledger_marks SET upto_id = p_upto, at = p_at WHERE name = 'totals';
END
$$;
REVOKE ALL ON FUNCTION ledger_roll_up FROM PUBLIC;
