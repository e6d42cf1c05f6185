-- Sets what is kept beside the log back to what the log says: balances, escrows, open debts, totals spent. It never
-- touches the log. Where the log itself sums to less than zero it changes nothing and says so.
CREATE OR REPLACE FUNCTION ledger_rebuild_balances(p_dry_run boolean)
RETURNS TABLE(account text, currency text, kept numeric, logged numeric, repaired boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  drifting record; correct record;
BEGIN
  FOR drifting IN SELECT DISTINCT d.subject, d.currency FROM ledger_drift(true) d
    WHERE d.kind IN ('balance_drift', 'escrow_drift', 'debt_drift') ORDER BY d.subject
  LOOP
    SELECT coalesce(a.balance, e.balance) INTO kept
      FROM (SELECT 1) one
        LEFT JOIN accounts a ON a.id = drifting.subject AND a.currency = drifting.currency
        LEFT JOIN escrows e ON e.reference = drifting.subject AND e.currency = drifting.currency;
    IF NOT p_dry_run THEN
      PERFORM 1 FROM escrows e WHERE e.reference = drifting.subject AND e.currency = drifting.currency FOR UPDATE;
      PERFORM 1 FROM accounts a WHERE a.id = drifting.subject AND a.currency = drifting.currency FOR UPDATE;
    END IF;
    SELECT coalesce(sum(t.amount), 0) AS balance,
        coalesce(-sum(t.amount) FILTER (WHERE t.amount < 0 OR t.type IN ('refund', 'dispute_fee_refund')), 0) AS spent,
        coalesce((SELECT sum(d.outstanding) FROM debts d
          WHERE d.debtor = drifting.subject AND d.currency = drifting.currency), 0) AS debt
      INTO correct FROM transactions t WHERE t.account_id = drifting.subject AND t.currency = drifting.currency;
    repaired := false;
    IF NOT p_dry_run AND correct.balance >= 0 THEN
      UPDATE accounts a SET balance = correct.balance, spent_total = correct.spent, debt = correct.debt
        WHERE a.id = drifting.subject AND a.currency = drifting.currency;
      repaired := FOUND;
      UPDATE escrows e SET balance = correct.balance
        WHERE e.reference = drifting.subject AND e.currency = drifting.currency;
      repaired := repaired OR FOUND;
    END IF;
    account := drifting.subject; currency := drifting.currency; logged := correct.balance;
    RETURN NEXT;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION ledger_rebuild_balances FROM PUBLIC;
