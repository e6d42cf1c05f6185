-- The oldest points are spent first, so what is left of those held three steps ago is what was held then, less all that
-- was spent since. That needs no lots. A tenth of it is burnt.
CREATE OR REPLACE FUNCTION ledger_decay(
  p_step int, p_after text, p_limit int, p_at timestamptz, OUT walked int, OUT last_id text, OUT agents int,
  OUT burnt numeric)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  mid bigint; chunk text[]; ids text[]; losses numeric[]; afters numeric[];
BEGIN
  PERFORM 1 FROM decay_steps WHERE step = p_step FOR UPDATE;
  agents := 0; burnt := 0;
  SELECT array_agg(s.account_id::text), count(*), max(s.account_id) INTO chunk, walked, last_id FROM (
    SELECT account_id FROM balance_snapshots WHERE step = p_step - 3 AND account_id > p_after
    ORDER BY account_id LIMIT p_limit) s;
  SELECT array_agg(d.id ORDER BY d.id), array_agg(d.loss ORDER BY d.id), array_agg(d.balance - d.loss ORDER BY d.id)
    INTO ids, losses, afters
    FROM (
      SELECT l.id, l.balance, trunc(least(l.held - (l.spent_total - l.spent_before), l.balance) * 0.10, 2) AS loss
      FROM (
        SELECT a.id::text AS id, a.balance, a.spent_total, s.balance AS held, s.spent_total AS spent_before
        FROM accounts a JOIN balance_snapshots s ON s.step = p_step - 3 AND s.account_id = a.id
        WHERE a.id = ANY (chunk) AND a.currency = 'points'
          AND (a.last_decay_step IS NULL OR a.last_decay_step < p_step)
        ORDER BY a.id FOR NO KEY UPDATE OF a) l) d
    WHERE d.loss > 0;
  IF ids IS NULL THEN RETURN; END IF;
  UPDATE accounts a
    SET balance = u.balance_after, spent_total = a.spent_total + u.loss, last_decay_step = p_step
    FROM unnest(ids, losses, afters) u (id, loss, balance_after) WHERE a.id = u.id AND a.currency = 'points';
  SELECT count(*), sum(u.loss) INTO agents, burnt FROM unnest(losses) u (loss);
  INSERT INTO movements AS m (id, natural_key, type, at)
    VALUES (nextval('ledger_id_seq'), sha256(convert_to('decay:' || p_step || ':' || ids[1], 'UTF8')), 'decay', p_at)
    RETURNING m.id INTO mid;
  WITH legs AS (
    INSERT INTO transactions AS w
        (id, movement_id, from_agent_id, to_agent_id, amount, balance_after, currency, type, created_at)
      SELECT mid, mid, NULL, 'agt_system', burnt, NULL, 'points', 'decay', p_at
      UNION ALL
      SELECT nextval('ledger_id_seq'), mid, u.id, 'agt_system', -u.loss, u.balance_after, 'points', 'decay', p_at
      FROM unnest(ids, losses, afters) u (id, loss, balance_after)
      RETURNING w.*)
  INSERT INTO outbox (id, name, subject, audience, priority, data, at)
    SELECT 'evt_' || replace(gen_random_uuid()::text, '-', ''), 'points.sent', w.account_id, ARRAY[w.account_id],
      1, ledger_news(w.movement_id, w.type, w.currency, w.amount, w.balance_after, w.from_agent_id,
        w.to_agent_id, NULL), p_at
    FROM legs w WHERE w.account_id <> 'agt_system';
  UPDATE decay_steps SET agents = decay_steps.agents + ledger_decay.agents,
    burnt = decay_steps.burnt + ledger_decay.burnt WHERE step = p_step;
END
$$;
REVOKE ALL ON FUNCTION ledger_decay FROM PUBLIC;
