-- Posts one movement inside the caller's transaction. Each posting says how it takes its amount:
--   spend      all of it, and only while the payer owes nothing;
--   exact      all of it, whatever the payer owes;
--   available  at most what is there;
--   owed       what is there; the rest becomes a debt to the payee.
--
-- Locks: escrows, then accounts together with the creditors of all payees, each set in order of id; then the natural key;
-- then ids. Ids are drawn under the locks, so their order is the order in which an account changed.
--
-- Few statements, each planned once a session: starting one costs more than what it does to a row or two. And always by
-- key: a plan made while a table was small would read all of it once it has grown.
CREATE OR REPLACE FUNCTION ledger_post(
  p_key text, p_type text, p_reference text, p_memo text, p_currency text, p_at timestamptz, p_from text[],
  p_to text[], p_amount numeric[], p_leg_type text[], p_take text[], OUT movement_id bigint, OUT posted boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
  issuer constant text := 'agt_system';
  ids text[]; balances numeric[]; owes numeric[]; spent numeric[];
  leg_ids bigint[] := '{}'; leg_from text[] := '{}'; leg_to text[] := '{}'; leg_amount numeric[] := '{}';
  leg_type text[] := '{}'; leg_reference text[] := '{}'; from_after numeric[] := '{}'; to_after numeric[] := '{}';
  known_type text; missing text; due record;
  f int; t int; c int; x numeric; part numeric; unpaid numeric;
BEGIN
  IF array_to_string(p_to, ' ') ~ '(^| )(?!agt_)' THEN
    INSERT INTO escrows (reference, currency)
      SELECT DISTINCT payee, p_currency FROM unnest(p_to) payee WHERE payee NOT LIKE 'agt\_%' ORDER BY 1
      ON CONFLICT DO NOTHING;
  END IF;
  SELECT array_agg(e.reference::text), array_agg(e.balance) INTO ids, balances FROM (
    SELECT reference, balance FROM escrows
    WHERE reference = ANY (p_from || p_to) AND currency = p_currency
    ORDER BY reference FOR NO KEY UPDATE) e;
  owes := array_fill(0::numeric, ARRAY[coalesce(cardinality(ids), 0)]);

  SELECT coalesce(ids, '{}') || coalesce(array_agg(a.id::text), '{}'),
      coalesce(balances, '{}') || coalesce(array_agg(a.balance), '{}'), owes || coalesce(array_agg(a.debt), '{}')
    INTO ids, balances, owes FROM (
      SELECT id, balance, debt FROM accounts
      WHERE currency = p_currency AND id = ANY (p_from || p_to || ARRAY(
        SELECT creditor::text FROM debts
        WHERE debtor = ANY (p_to) AND currency = p_currency AND outstanding > 0))
      ORDER BY id FOR NO KEY UPDATE) a;
  spent := array_fill(0::numeric, ARRAY[cardinality(ids)]);

  IF NOT (p_from || p_to) <@ (ids || issuer) THEN
    SELECT who INTO missing FROM unnest(p_from || p_to) who WHERE who <> ALL (ids || issuer) LIMIT 1;
    RAISE EXCEPTION 'no account' USING ERRCODE = 'LG404', DETAIL = missing;
  END IF;

  INSERT INTO movements AS m (id, natural_key, type, at)
    VALUES (nextval('ledger_id_seq'), sha256(convert_to(p_key, 'UTF8')), p_type, p_at)
    ON CONFLICT (natural_key) DO NOTHING RETURNING m.id INTO movement_id;
  posted := FOUND;
  IF NOT posted THEN
    SELECT m.id, m.type INTO movement_id, known_type FROM movements m
      WHERE m.natural_key = sha256(convert_to(p_key, 'UTF8'));
    IF known_type <> p_type THEN
      RAISE EXCEPTION 'natural key reused' USING ERRCODE = 'LG500', DETAIL = p_key;
    END IF;
    RETURN;
  END IF;

  FOR i IN 1 .. cardinality(p_from) LOOP
    x := p_amount[i]; f := array_position(ids, p_from[i]); t := array_position(ids, p_to[i]);
    IF x <= 0 OR p_from[i] = p_to[i] THEN
      RAISE EXCEPTION 'impossible posting' USING ERRCODE = 'LG422', DETAIL = p_key;
    END IF;
    IF p_from[i] <> issuer THEN
      IF p_take[i] = 'spend' AND owes[f] > 0 THEN
        RAISE EXCEPTION 'debt outstanding' USING ERRCODE = 'LG403', DETAIL = p_from[i] || ' ' || owes[f];
      END IF;
      IF balances[f] < x THEN
        IF p_take[i] = 'owed' THEN
          unpaid := x - balances[f];
          INSERT INTO debts (debtor, creditor, currency, amount, outstanding, cause, reference, movement_id, booked_at)
            VALUES (p_from[i], p_to[i], p_currency, unpaid, unpaid, p_key, p_reference, movement_id, p_at);
          owes[f] := owes[f] + unpaid;
        ELSIF p_take[i] <> 'available' THEN
          RAISE EXCEPTION 'too little' USING DETAIL = p_from[i] || ' ' || balances[f],
            ERRCODE = CASE WHEN p_from[i] LIKE 'agt\_%' THEN 'LG402' ELSE 'LG409' END;
        END IF;
        x := balances[f];
        CONTINUE WHEN x = 0;
      END IF;
      balances[f] := balances[f] - x; spent[f] := spent[f] + x;
    END IF;
    IF t IS NOT NULL THEN
      balances[t] := balances[t] + x;
      IF p_leg_type[i] IN ('refund', 'dispute_fee_refund') THEN spent[t] := spent[t] - x; END IF;
    END IF;
    leg_ids := leg_ids || CASE WHEN cardinality(leg_ids) = 0 THEN movement_id ELSE nextval('ledger_id_seq') END;
    leg_from := leg_from || p_from[i]; leg_to := leg_to || p_to[i]; leg_amount := leg_amount || x;
    leg_type := leg_type || p_leg_type[i]; leg_reference := array_append(leg_reference, p_reference);
    from_after := from_after || balances[f]; to_after := to_after || balances[t];

    CONTINUE WHEN t IS NULL OR owes[t] = 0;
    -- What arrives pays on, the oldest debt first. What a creditor gets this way stays with it.
    FOR due IN SELECT d.id, d.creditor::text, d.outstanding, d.reference::text FROM debts d
      WHERE d.debtor = p_to[i] AND d.currency = p_currency AND d.outstanding > 0 ORDER BY d.id
    LOOP
      EXIT WHEN x = 0;
      part := least(x, due.outstanding); c := array_position(ids, due.creditor); x := x - part;
      IF c IS NULL AND due.creditor <> issuer THEN
        RAISE EXCEPTION 'A debt was booked while the locks were taken.' USING ERRCODE = 'serialization_failure';
      END IF;
      UPDATE debts d SET outstanding = d.outstanding - part WHERE d.id = due.id;
      balances[t] := balances[t] - part; owes[t] := owes[t] - part; spent[t] := spent[t] + part;
      IF c IS NOT NULL THEN balances[c] := balances[c] + part; END IF;
      leg_ids := leg_ids || nextval('ledger_id_seq');
      leg_from := leg_from || p_to[i]; leg_to := leg_to || due.creditor; leg_amount := leg_amount || part;
      leg_type := leg_type || 'debt_repayment'::text; leg_reference := array_append(leg_reference, due.reference);
      from_after := from_after || balances[t]; to_after := to_after || balances[c];
    END LOOP;
  END LOOP;

  WITH of_agents AS (
    UPDATE accounts a SET balance = u.balance, debt = u.owes, spent_total = a.spent_total + u.spent
      FROM unnest(ids, balances, owes, spent) u (id, balance, owes, spent)
      WHERE a.id = u.id AND a.currency = p_currency),
  of_tasks AS (
    UPDATE escrows e SET balance = u.balance FROM unnest(ids, balances) u (id, balance)
      WHERE e.reference = u.id AND e.currency = p_currency),
  legs AS (
    INSERT INTO transactions AS w (id, movement_id, from_agent_id, to_agent_id, amount, balance_after, currency,
        type, reference, memo, created_at)
      SELECT l.id + side, movement_id, l.payer, l.payee, CASE side WHEN 0 THEN -l.amount ELSE l.amount END,
        CASE side WHEN 0 THEN l.payer_after ELSE l.payee_after END, p_currency, l.type, l.reference, p_memo, p_at
      FROM unnest(leg_ids, leg_from, leg_to, leg_amount, leg_type, leg_reference, from_after, to_after)
          l (id, payer, payee, amount, type, reference, payer_after, payee_after)
        CROSS JOIN (VALUES (0), (1)) s (side)
      RETURNING w.*)
  INSERT INTO outbox (id, name, subject, audience, data, at)
    SELECT 'evt_' || replace(gen_random_uuid()::text, '-', ''),
      CASE WHEN w.amount > 0 THEN 'points.received' ELSE 'points.sent' END, w.account_id, ARRAY[w.account_id],
      ledger_news(w.movement_id, w.type, w.currency, w.amount, w.balance_after, w.from_agent_id, w.to_agent_id,
        w.reference), w.created_at
    FROM legs w WHERE w.account_id LIKE 'agt\_%' AND w.account_id <> issuer ORDER BY w.id;
END
$$;
REVOKE ALL ON FUNCTION ledger_post FROM PUBLIC;
