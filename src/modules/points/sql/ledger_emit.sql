-- Pays one chunk of agents, once for each agent and day: the day is written into the account by the update that pays. The
-- day's row is locked first, so chunks of several processes follow each other and the cap holds. The issuer has one leg
-- for the whole chunk. Agents in debt are handed back, to be paid one by one: what they receive pays on, and the locks of
-- their creditors have no place in this order.
CREATE OR REPLACE FUNCTION ledger_emit(
  p_day date, p_ids text[], p_at timestamptz, OUT agents int, OUT paid numeric, OUT debtors text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  plan emission_days; mid bigint;
  ids text[]; credits numeric[]; afters numeric[];
BEGIN
  SELECT * INTO STRICT plan FROM emission_days WHERE day = p_day FOR UPDATE;
  agents := 0; paid := 0;
  SELECT array_agg(a.id::text) INTO debtors FROM accounts a
    WHERE a.id = ANY (p_ids) AND a.currency = 'points' AND a.debt > 0 AND a.may_receive
      AND (a.last_emission_day IS NULL OR a.last_emission_day < p_day) AND a.balance < plan.balance_cap;
  SELECT array_agg(c.id ORDER BY c.id), array_agg(c.credit ORDER BY c.id),
      array_agg(c.balance + c.credit ORDER BY c.id)
    INTO ids, credits, afters
    FROM (
      SELECT l.id, l.balance, l.credit, sum(l.credit) OVER (ORDER BY l.id) AS running
      FROM (
        SELECT a.id::text AS id, a.balance,
          greatest(0, least(plan.share, plan.balance_cap - a.balance)) AS credit
        FROM accounts a
        WHERE a.id = ANY (p_ids) AND a.currency = 'points' AND a.may_receive AND a.debt = 0
          AND (a.last_emission_day IS NULL OR a.last_emission_day < p_day)
        ORDER BY a.id FOR NO KEY UPDATE) l) c
    WHERE c.running <= plan.cap - plan.paid;
  IF ids IS NULL THEN RETURN; END IF;
  UPDATE accounts a SET balance = u.balance_after, last_emission_day = p_day
    FROM unnest(ids, afters) u (id, balance_after) WHERE a.id = u.id AND a.currency = 'points';

  SELECT count(*), coalesce(sum(u.credit), 0) INTO agents, paid FROM unnest(credits) u (credit) WHERE u.credit > 0;
  IF agents = 0 THEN RETURN; END IF;
  INSERT INTO movements AS m (id, natural_key, type, at)
    SELECT nextval('ledger_id_seq'), sha256(convert_to('daily_emission:' || p_day || ':' || min(u.id), 'UTF8')),
      'daily_emission', p_at
    FROM unnest(ids, credits) u (id, credit) WHERE u.credit > 0
    RETURNING m.id INTO mid;
  WITH legs AS (
    INSERT INTO transactions AS w
        (id, movement_id, from_agent_id, to_agent_id, amount, balance_after, currency, type, created_at)
      SELECT mid, mid, 'agt_system', NULL, -paid, NULL, 'points', 'daily_emission', p_at
      UNION ALL
      SELECT nextval('ledger_id_seq'), mid, 'agt_system', u.id, u.credit, u.balance_after, 'points',
        'daily_emission', p_at
      FROM unnest(ids, credits, afters) u (id, credit, balance_after) WHERE u.credit > 0
      RETURNING w.*)
  INSERT INTO outbox (id, name, subject, audience, priority, data, at)
    SELECT 'evt_' || replace(gen_random_uuid()::text, '-', ''), 'points.received', w.account_id,
      ARRAY[w.account_id], 1,
      ledger_news(w.movement_id, w.type, w.currency, w.amount, w.balance_after, w.from_agent_id, w.to_agent_id,
        NULL), p_at
    FROM legs w WHERE w.account_id <> 'agt_system';
  UPDATE emission_days SET paid = emission_days.paid + ledger_emit.paid,
    agents = emission_days.agents + ledger_emit.agents WHERE day = p_day;
END
$$;
REVOKE ALL ON FUNCTION ledger_emit FROM PUBLIC;
