-- Everything that does not add up, each by name. Since the last checkpoint, or all of it: only the full run finds a leg
-- changed before the checkpoint, both find a changed balance. STABLE, so all of it is read in the one snapshot of the
-- calling statement, whatever is posted meanwhile.
CREATE OR REPLACE FUNCTION ledger_drift(p_full boolean)
RETURNS TABLE(kind text, subject text, currency text, expected numeric, found numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  since bigint := CASE WHEN p_full THEN 0 ELSE (SELECT upto_id FROM ledger_marks WHERE name = 'checkpoint') END;
BEGIN
  RETURN QUERY EXECUTE $q$
    SELECT 'movement_unbalanced', movement_id::text, currency::text, 0::numeric, sum(amount)
    FROM transactions WHERE id > $1 AND movement_id > $1
    GROUP BY movement_id, currency HAVING sum(amount) <> 0
  $q$ USING since;

  RETURN QUERY EXECUTE $q$
    SELECT CASE WHEN m.id IS NULL THEN 'leg_without_movement' ELSE 'leg_altered' END, t.id::text, t.currency::text,
      NULL::numeric, t.amount
    FROM transactions t LEFT JOIN movements m ON m.id = t.movement_id
    WHERE t.id > $1 AND t.movement_id > $1 AND (m.id IS NULL OR m.at <> t.created_at)
  $q$ USING since;

  RETURN QUERY EXECUTE $q$
    WITH legs AS (
      SELECT id, account_id, currency, amount, balance_after,
        lag(balance_after) OVER (PARTITION BY account_id, currency ORDER BY id) AS before
      FROM transactions WHERE id > $1 AND movement_id > $1 AND balance_after IS NOT NULL)
    SELECT 'chain_broken', l.id::text, l.currency::text, coalesce(l.before, c.balance, 0) + l.amount,
      l.balance_after
    FROM legs l LEFT JOIN ledger_checkpoints c
      ON $1 > 0 AND l.before IS NULL AND c.account_id = l.account_id AND c.currency = l.currency
    WHERE l.balance_after <> coalesce(l.before, c.balance, 0) + l.amount
  $q$ USING since;

  RETURN QUERY EXECUTE $q$
    WITH kept AS (
      SELECT id AS account_id, currency, balance FROM accounts
      UNION ALL SELECT reference, currency, balance FROM escrows),
    logged AS (
      SELECT account_id, currency, sum(amount) AS balance FROM (
        SELECT account_id, currency, amount FROM transactions WHERE id > $1 AND movement_id > $1
        UNION ALL SELECT account_id, currency, balance FROM ledger_checkpoints WHERE $1 > 0) l
      WHERE account_id <> 'agt_system' GROUP BY account_id, currency)
    SELECT CASE WHEN coalesce(k.account_id, l.account_id) LIKE 'agt\_%' THEN 'balance_drift' ELSE 'escrow_drift' END,
      coalesce(k.account_id, l.account_id)::text, coalesce(k.currency, l.currency)::text, coalesce(l.balance, 0),
      k.balance
    FROM kept k FULL JOIN logged l ON l.account_id = k.account_id AND l.currency = k.currency
    WHERE coalesce(l.balance, 0) IS DISTINCT FROM k.balance
  $q$ USING since;

  RETURN QUERY
    SELECT 'debt_drift', a.id::text, a.currency::text, coalesce(d.open, 0), a.debt
    FROM accounts a LEFT JOIN (
      SELECT debtor, debts.currency, sum(outstanding) AS open FROM debts WHERE outstanding > 0 GROUP BY 1, 2) d
      ON d.debtor = a.id AND d.currency = a.currency
    WHERE a.debt <> coalesce(d.open, 0);

  RETURN QUERY EXECUTE $q$
    SELECT 'supply_drift', 'agt_system', s.currency, s.minted, s.there FROM (
      SELECT c.currency,
        -coalesce((SELECT sum(t.amount) FROM transactions t
            WHERE t.account_id = 'agt_system' AND t.currency = c.currency AND t.id > $1 AND t.movement_id > $1), 0)
          - coalesce((SELECT p.balance FROM ledger_checkpoints p
            WHERE $1 > 0 AND p.account_id = 'agt_system' AND p.currency = c.currency), 0) AS minted,
        coalesce((SELECT sum(a.balance) FROM accounts a WHERE a.currency = c.currency), 0)
          + coalesce((SELECT sum(e.balance) FROM escrows e WHERE e.currency = c.currency), 0) AS there
      FROM (VALUES ('points'), ('usdc')) c (currency)) s
    WHERE s.minted <> s.there
  $q$ USING since;
END
$$;
REVOKE ALL ON FUNCTION ledger_drift FROM PUBLIC;
