-- The totals plus the tail that is not in them yet: right at the moment of the call.
CREATE OR REPLACE FUNCTION ledger_figures(p_since date)
RETURNS TABLE (
  currency text, type text, transactions bigint, moved numeric, issued numeric, burnt numeric, moved_since numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE $q$
    SELECT f.currency::text, f.type::text, sum(f.transactions)::bigint, sum(f.moved), sum(f.issued), sum(f.burnt),
      coalesce(sum(f.moved) FILTER (WHERE f.day >= $2), 0)
    FROM (
      SELECT day, currency, type, transactions, moved, issued, burnt FROM ledger_totals
      UNION ALL
      SELECT (created_at AT TIME ZONE 'UTC')::date, currency, type,
        greatest(count(*) FILTER (WHERE amount > 0), count(*) FILTER (WHERE amount < 0)),
        coalesce(sum(amount) FILTER (WHERE amount > 0), 0),
        coalesce(-sum(amount) FILTER (WHERE amount < 0 AND account_id = 'agt_system'), 0),
        coalesce(sum(amount) FILTER (WHERE amount > 0 AND account_id = 'agt_system'), 0)
      FROM transactions WHERE id > $1 AND movement_id > $1 GROUP BY 1, 2, 3) f
    GROUP BY 1, 2
  $q$ USING (SELECT m.upto_id FROM ledger_marks m WHERE m.name = 'totals'), p_since;
END
$$;
REVOKE ALL ON FUNCTION ledger_figures FROM PUBLIC;
