-- Ends a day once everybody has been paid; a second call changes nothing.
CREATE OR REPLACE FUNCTION ledger_close_emission_day(p_day date, p_at timestamptz)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE emission_days SET closed_at = p_at WHERE day = p_day AND closed_at IS NULL
$$;
REVOKE ALL ON FUNCTION ledger_close_emission_day FROM PUBLIC;
