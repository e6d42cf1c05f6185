-- Sums the log up to a settled movement, so the nightly check reads only what came after it.
CREATE OR REPLACE FUNCTION ledger_checkpoint(p_upto bigint, p_at timestamptz)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  since bigint := (SELECT upto_id FROM ledger_marks WHERE name = 'checkpoint' FOR UPDATE);
BEGIN
  IF p_upto <= since THEN RETURN since; END IF;
  EXECUTE $q$
    INSERT INTO ledger_checkpoints AS c (account_id, currency, balance)
    SELECT account_id, currency, sum(amount) FROM transactions
    WHERE id > $1 AND movement_id > $1 AND movement_id <= $2 GROUP BY account_id, currency
    ON CONFLICT (account_id, currency) DO UPDATE SET balance = c.balance + excluded.balance
  $q$ USING since, p_upto;
  UPDATE ledger_marks SET upto_id = p_upto, at = p_at WHERE name = 'checkpoint';
  RETURN p_upto;
END
$$;
REVOKE ALL ON FUNCTION ledger_checkpoint FROM PUBLIC;
