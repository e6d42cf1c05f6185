-- Pays one agent that is in debt: what it receives goes on to its creditors.
CREATE OR REPLACE FUNCTION ledger_emit_to_debtor(p_day date, p_agent text, p_at timestamptz, OUT paid numeric)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  plan emission_days;
  fresh boolean;
BEGIN
  SELECT * INTO STRICT plan FROM emission_days WHERE day = p_day FOR UPDATE;
  SELECT least(plan.share, plan.balance_cap - balance, plan.cap - plan.paid) INTO ledger_emit_to_debtor.paid
    FROM accounts WHERE id = p_agent AND currency = 'points' AND may_receive
      AND (last_emission_day IS NULL OR last_emission_day < p_day);
  IF ledger_emit_to_debtor.paid IS NULL OR ledger_emit_to_debtor.paid <= 0 THEN
    ledger_emit_to_debtor.paid := 0;
    RETURN;
  END IF;
  SELECT p.posted INTO fresh FROM ledger_post('daily_emission:' || p_day || ':' || p_agent, 'daily_emission', NULL,
    NULL, 'points', p_at, ARRAY['agt_system'], ARRAY[p_agent], ARRAY[ledger_emit_to_debtor.paid],
    ARRAY['daily_emission'], ARRAY['exact']) p;
  UPDATE accounts SET last_emission_day = p_day WHERE id = p_agent AND currency = 'points';
  IF NOT fresh THEN
    ledger_emit_to_debtor.paid := 0;
    RETURN;
  END IF;
  UPDATE emission_days SET paid = emission_days.paid + ledger_emit_to_debtor.paid, agents = agents + 1
    WHERE day = p_day;
END
$$;
REVOKE ALL ON FUNCTION ledger_emit_to_debtor FROM PUBLIC;
