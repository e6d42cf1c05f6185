-- What the owner of an account reads about a leg on it. A posting writes these events in the statement that writes the
-- legs, so no way of moving money can forget them. Plain SQL, which PostgreSQL inlines.
CREATE OR REPLACE FUNCTION ledger_news(
  movement_id bigint, type text, currency text, amount numeric, balance numeric, payer text, payee text,
  reference text)
RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_strip_nulls(jsonb_build_object(
    'movement_id', movement_id::text, 'type', type, 'currency', currency,
    'amount', trim_scale(abs(amount)), 'balance', trim_scale(balance),
    'counterparty', CASE WHEN amount > 0 THEN payer ELSE payee END, 'reference', reference))
$$;
REVOKE ALL ON FUNCTION ledger_news FROM PUBLIC;
