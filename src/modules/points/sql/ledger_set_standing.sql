-- Transfers and emission ask for this standing. Whatever is due to an agent arrives all the same.
CREATE OR REPLACE FUNCTION ledger_set_standing(p_agent text, p_may_receive boolean)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE accounts SET may_receive = p_may_receive WHERE id = p_agent;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no account' USING ERRCODE = 'LG404', DETAIL = p_agent;
  END IF;
END
$$;
REVOKE ALL ON FUNCTION ledger_set_standing FROM PUBLIC;
