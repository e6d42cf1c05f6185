-- Fixes the day's plan with the first call; every later call reads what was fixed.
CREATE OR REPLACE FUNCTION ledger_open_emission_day(
  p_day date, p_rate numeric, p_share numeric, p_cap numeric, p_balance_cap numeric, p_eligible int,
  p_at timestamptz)
RETURNS SETOF emission_days
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO emission_days (day, rate, share, cap, balance_cap, eligible, opened_at)
    VALUES (p_day, p_rate, p_share, p_cap, p_balance_cap, p_eligible, p_at) ON CONFLICT DO NOTHING;
  RETURN QUERY SELECT * FROM emission_days WHERE day = p_day;
END
$$;
REVOKE ALL ON FUNCTION ledger_open_emission_day FROM PUBLIC;
