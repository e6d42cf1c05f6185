-- Lasts for ever, while the idempotency key is pruned after days: a transfer sent again much later still arrives once.
-- STABLE, as convert_to is: PostgreSQL does not inline a function that claims more than its body.
CREATE OR REPLACE FUNCTION ledger_transfer_key(payer text, key bytea)
RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT sha256(convert_to('p2p_transfer:' || payer || ':' || encode(key, 'hex'), 'UTF8'))
$$;
REVOKE ALL ON FUNCTION ledger_transfer_key FROM PUBLIC;
