-- Opens both accounts of an agent; a second call changes nothing.
CREATE OR REPLACE FUNCTION ledger_open(p_agent text, p_at timestamptz)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO accounts (id, currency, opened_at)
  VALUES (p_agent, 'points', p_at), (p_agent, 'usdc', p_at)
  ON CONFLICT DO NOTHING
$$;
REVOKE ALL ON FUNCTION ledger_open FROM PUBLIC;
