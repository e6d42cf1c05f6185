-- Takes transfers as arrays (a key may be NULL) and answers one row for each, in their order. Each is accepted or refused
-- on its own: posted, replayed, key_reused, no_payer, no_payee, to_self, invalid, payee_suspended, debt_outstanding,
-- insufficient_balance. The key row, the movement and its events commit together, and the answer is read from the
-- movement, the first time and ever after. A refused transfer leaves nothing behind.
--
-- Locks as in ledger_post. The payer's account is locked before its key is looked up, so two requests with one key never
-- race. A transfer whose key another request has used is refused by itself: failing the batch for it made such a transfer
-- 40 times as dear as a good one, for everybody in the batch.
CREATE OR REPLACE FUNCTION ledger_transfer_batch(
  p_at timestamptz, p_key bytea[], p_hash bytea[], p_from text[], p_to text[], p_amount numeric[], p_memo text[])
RETURNS TABLE (
  status text, movement_id bigint, payee text, amount numeric, memo text, balance numeric, at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  issuer constant text := 'agt_system';
  n constant int := cardinality(p_from);
  ids text[]; balances numeric[]; owes numeric[]; spent numeric[]; may boolean[]; touched boolean[];
  payer_at int[]; payee_at int[]; earlier bigint[]; is_used boolean[]; first_twin int[];
  posted_twin int[] := array_fill(NULL::int, ARRAY[n]);
  outcome text[] := array_fill(NULL::text, ARRAY[n]); mids bigint[] := array_fill(NULL::bigint, ARRAY[n]);
  afters numeric[] := array_fill(NULL::numeric, ARRAY[n]);
  leg_ids bigint[] := '{}'; leg_of int[] := '{}'; leg_from text[] := '{}'; leg_to text[] := '{}';
  leg_amount numeric[] := '{}'; leg_type text[] := '{}'; leg_reference text[] := '{}'; from_after numeric[] := '{}'; to_after numeric[] := '{}';
  known boolean := false; due record; expected bigint; written bigint;
  f int; t int; c int; j int; x numeric; part numeric;
BEGIN
  SELECT array_agg(a.id::text), array_agg(a.balance), array_agg(a.debt), array_agg(a.may_receive)
    INTO ids, balances, owes, may FROM (
      SELECT id, ac.balance, debt, may_receive FROM accounts ac
      WHERE currency = 'points' AND id = ANY (p_from || p_to || ARRAY(
        SELECT creditor::text FROM debts
        WHERE debtor = ANY (p_to) AND currency = 'points' AND outstanding > 0))
      ORDER BY id FOR NO KEY UPDATE) a;
  spent := array_fill(0::numeric, ARRAY[coalesce(cardinality(ids), 0)]);
  touched := array_fill(false, ARRAY[coalesce(cardinality(ids), 0)]);

  SELECT array_agg(u.payer_at ORDER BY u.place), array_agg(u.payee_at ORDER BY u.place),
      array_agg(u.earlier ORDER BY u.place), array_agg(u.is_used ORDER BY u.place), array_agg(u.first_twin ORDER BY u.place)
    INTO payer_at, payee_at, earlier, is_used, first_twin
    FROM (
      SELECT i.place, a.place AS payer_at, b.place AS payee_at,
        CASE WHEN i.key IS NOT NULL THEN
          (SELECT m.id FROM movements m WHERE m.natural_key = ledger_transfer_key(i.payer, i.key)) END AS earlier,
        i.key IS NOT NULL AND EXISTS (
          SELECT FROM idempotency_keys k WHERE k.caller = i.payer AND k.key_hash = i.key) AS is_used,
        min(i.place) OVER (PARTITION BY i.payer, i.key) AS first_twin
      FROM unnest(p_from, p_to, p_key) WITH ORDINALITY i (payer, payee, key, place)
        LEFT JOIN unnest(ids) WITH ORDINALITY a (id, place) ON a.id = i.payer
        LEFT JOIN unnest(ids) WITH ORDINALITY b (id, place) ON b.id = i.payee) u;

  FOR i IN 1 .. n LOOP
    x := p_amount[i]; f := payer_at[i]; t := payee_at[i];
    IF p_key[i] IS NOT NULL THEN
      IF earlier[i] IS NOT NULL THEN
        outcome[i] := 'known'; mids[i] := earlier[i]; known := true;
        CONTINUE;
      END IF;
      j := posted_twin[first_twin[i]];
      IF j IS NOT NULL THEN
        outcome[i] := CASE WHEN p_hash[j] = p_hash[i] THEN 'replayed' ELSE 'key_reused' END;
        mids[i] := mids[j]; known := true;
        CONTINUE;
      END IF;
    END IF;
    IF is_used[i] THEN
      outcome[i] := 'key_reused';
      CONTINUE;
    END IF;
    outcome[i] := CASE
      WHEN x IS NULL OR x <= 0 OR x <> round(x, 2) THEN 'invalid'
      WHEN f IS NULL THEN 'no_payer'
      WHEN p_from[i] = p_to[i] THEN 'to_self'
      WHEN t IS NULL AND p_to[i] <> issuer THEN 'no_payee'
      WHEN NOT may[t] THEN 'payee_suspended'
      WHEN owes[f] > 0 THEN 'debt_outstanding'
      WHEN balances[f] < x THEN 'insufficient_balance'
      ELSE 'posted' END;
    IF outcome[i] <> 'posted' THEN
      afters[i] := CASE outcome[i] WHEN 'debt_outstanding' THEN owes[f] ELSE balances[f] END;
      CONTINUE;
    END IF;

    balances[f] := balances[f] - x; spent[f] := spent[f] + x; touched[f] := true;
    mids[i] := nextval('ledger_id_seq'); afters[i] := balances[f];
    IF p_key[i] IS NOT NULL THEN posted_twin[first_twin[i]] := i; END IF;
    IF t IS NOT NULL THEN balances[t] := balances[t] + x; touched[t] := true; END IF;
    leg_ids := leg_ids || mids[i]; leg_of := leg_of || i; leg_from := leg_from || p_from[i];
    leg_to := leg_to || p_to[i]; leg_amount := leg_amount || x; leg_type := leg_type || 'p2p_transfer'::text; leg_reference := array_append(leg_reference, NULL::text);
    from_after := from_after || balances[f]; to_after := to_after || balances[t];

    CONTINUE WHEN t IS NULL OR owes[t] = 0;
    -- Within one call a debt may be paid on several times, so each is written before the next is read.
    FOR due IN SELECT d.id, d.creditor::text, d.outstanding, d.reference::text FROM debts d
      WHERE d.debtor = p_to[i] AND d.currency = 'points' AND d.outstanding > 0 ORDER BY d.id
    LOOP
      EXIT WHEN x = 0;
      part := least(x, due.outstanding); c := array_position(ids, due.creditor); x := x - part;
      IF c IS NULL AND due.creditor <> issuer THEN
        RAISE EXCEPTION 'A debt was booked while the locks were taken.' USING ERRCODE = 'serialization_failure';
      END IF;
      UPDATE debts d SET outstanding = d.outstanding - part WHERE d.id = due.id;
      balances[t] := balances[t] - part; owes[t] := owes[t] - part; spent[t] := spent[t] + part;
      IF c IS NOT NULL THEN balances[c] := balances[c] + part; touched[c] := true; END IF;
      leg_ids := leg_ids || nextval('ledger_id_seq'); leg_of := leg_of || i; leg_from := leg_from || p_to[i];
      leg_to := leg_to || due.creditor; leg_amount := leg_amount || part;
      leg_type := leg_type || 'debt_repayment'::text; leg_reference := array_append(leg_reference, due.reference);
      from_after := from_after || balances[t]; to_after := to_after || balances[c];
    END LOOP;
  END LOOP;

  IF cardinality(leg_ids) > 0 THEN
    INSERT INTO movements (id, natural_key, type, at)
      SELECT u.mid, CASE WHEN u.key IS NULL THEN sha256(convert_to('p2p_transfer:' || u.mid, 'UTF8'))
        ELSE ledger_transfer_key(u.payer, u.key) END, 'p2p_transfer', p_at
      FROM unnest(mids, p_key, p_from, outcome) u (mid, key, payer, outcome) WHERE u.outcome = 'posted';
    SELECT count(*) INTO expected FROM unnest(p_key, outcome) u (key, outcome)
      WHERE u.outcome = 'posted' AND u.key IS NOT NULL;
    IF expected > 0 THEN
      INSERT INTO idempotency_keys AS k (caller, key_hash, request_hash, movement_id, created_at)
        SELECT u.payer, u.key, u.hash, u.mid, p_at
        FROM unnest(p_from, p_key, p_hash, mids, outcome) u (payer, key, hash, mid, outcome)
        WHERE u.outcome = 'posted' AND u.key IS NOT NULL
        ON CONFLICT DO NOTHING;
      GET DIAGNOSTICS written = ROW_COUNT;
      IF written < expected THEN
        RAISE EXCEPTION 'A key was used for another deed.' USING ERRCODE = 'LG422';
      END IF;
    END IF;
    UPDATE accounts a SET balance = u.balance, debt = u.owes, spent_total = a.spent_total + u.spent
      FROM unnest(ids, balances, owes, spent, touched) u (id, balance, owes, spent, touched)
      WHERE a.id = u.id AND a.currency = 'points' AND u.touched;
    WITH legs AS (
      INSERT INTO transactions AS w (id, movement_id, from_agent_id, to_agent_id, amount, balance_after, currency,
          type, reference, memo, created_at)
        SELECT l.id + side, mids[l.of], l.payer, l.payee, CASE side WHEN 0 THEN -l.amount ELSE l.amount END,
          CASE side WHEN 0 THEN l.payer_after ELSE l.payee_after END, 'points', l.type, l.reference,
          CASE l.type WHEN 'p2p_transfer' THEN p_memo[l.of] END, p_at
        FROM unnest(leg_ids, leg_of, leg_from, leg_to, leg_amount, leg_type, leg_reference, from_after, to_after)
            l (id, of, payer, payee, amount, type, reference, payer_after, payee_after)
          CROSS JOIN (VALUES (0), (1)) s (side)
        RETURNING w.*)
    INSERT INTO outbox (id, name, subject, audience, data, at)
      SELECT 'evt_' || replace(gen_random_uuid()::text, '-', ''),
        CASE WHEN w.amount > 0 THEN 'points.received' ELSE 'points.sent' END, w.account_id, ARRAY[w.account_id],
        ledger_news(w.movement_id, w.type, w.currency, w.amount, w.balance_after, w.from_agent_id, w.to_agent_id,
          w.reference), w.created_at
      FROM legs w WHERE w.account_id <> issuer ORDER BY w.id;
  END IF;

  IF NOT known THEN
    RETURN QUERY SELECT u.outcome, u.mid, u.payee, u.amount, u.memo, u.after, p_at
      FROM unnest(outcome, mids, p_to, p_amount, p_memo, afters)
        WITH ORDINALITY u (outcome, mid, payee, amount, memo, after, place) ORDER BY u.place;
    RETURN;
  END IF;
  RETURN QUERY
    SELECT CASE WHEN u.outcome <> 'known' THEN u.outcome
        WHEN coalesce(k.request_hash = u.hash, w.to_agent_id = u.payee AND -w.amount = u.amount
          AND w.memo IS NOT DISTINCT FROM u.memo) THEN 'replayed' ELSE 'key_reused' END,
      u.mid, coalesce(w.to_agent_id::text, u.payee), coalesce(-w.amount, u.amount),
      CASE WHEN w.id IS NULL THEN u.memo ELSE w.memo END, coalesce(w.balance_after, u.after),
      coalesce(w.created_at, p_at)
    FROM unnest(outcome, mids, p_from, p_to, p_amount, p_memo, afters, p_key, p_hash)
        WITH ORDINALITY u (outcome, mid, payer, payee, amount, memo, after, key, hash, place)
      LEFT JOIN LATERAL (SELECT z.* FROM transactions z WHERE z.id = u.mid OFFSET 0) w ON true
      LEFT JOIN LATERAL (SELECT z.request_hash FROM idempotency_keys z
        WHERE u.outcome = 'known' AND z.caller = u.payer AND z.key_hash = u.key OFFSET 0) k ON true
    ORDER BY u.place;
END
$$;
REVOKE ALL ON FUNCTION ledger_transfer_batch FROM PUBLIC;
