import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Figures kept as the log grows, checkpoints, and what holds the books against the log. */
export class LedgerAudit1773273613000 implements MigrationInterface {
  readonly name = 'LedgerAudit1773273613000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(HORIZON);
    await runner.query(TOTALS);
    await runner.query(DRIFT);
    await runner.query(CHECKPOINT);
    await runner.query(REBUILD);
    await runner.query(GROW);
    await runner.query(`REVOKE ALL ON FUNCTION ledger_horizon, ledger_is_settled, ledger_roll_up, ledger_figures,
      ledger_drift, ledger_checkpoint, ledger_rebuild_balances, ledger_grow FROM PUBLIC`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION ledger_grow, ledger_rebuild_balances, ledger_checkpoint, ledger_drift, ledger_figures, ledger_roll_up,
        ledger_is_settled, ledger_horizon;
      DROP INDEX escrows_held;
      DROP TABLE ledger_checkpoints, ledger_totals, ledger_marks;
    `);
  }
}

const TABLES = `
  CREATE TABLE ledger_marks (
    name text PRIMARY KEY CHECK (name IN ('totals', 'checkpoint')),
    upto_id bigint NOT NULL DEFAULT 0,
    at timestamptz
  );
  COMMENT ON TABLE ledger_marks IS 'Up to which movement the log has been summed up.';
  INSERT INTO ledger_marks (name) VALUES ('totals'), ('checkpoint');

  CREATE TABLE ledger_totals (
    day date NOT NULL,
    currency varchar(10) NOT NULL,
    type varchar(30) NOT NULL,
    transactions bigint NOT NULL,
    moved numeric(30,6) NOT NULL,
    issued numeric(30,6) NOT NULL,
    burnt numeric(30,6) NOT NULL,
    PRIMARY KEY (day, currency, type)
  );

  CREATE TABLE ledger_checkpoints (
    account_id varchar(12) COLLATE "C" NOT NULL,
    currency varchar(10) NOT NULL,
    balance numeric(30,6) NOT NULL,
    PRIMARY KEY (account_id, currency)
  ) WITH (fillfactor = 70);

  CREATE INDEX escrows_held ON escrows (reference, currency) WHERE balance > 0;
`;

/**
 * Ids are drawn before they commit, so that a smaller one may still be under way when a larger one is seen. All
 * up to the drawn one are settled once every transaction older than the one that asked has ended: a posting has
 * its transaction id before it draws, because it locks first. The asking one takes an id of its own for this; a
 * snapshot's upper end would miss those who run beyond the last that ended. Waiting this way holds nobody up.
 */
const HORIZON = `
  CREATE FUNCTION ledger_horizon(OUT upto_id bigint, OUT running_before text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO upto_id FROM ledger_id_seq;
    running_before := pg_current_xact_id()::text;
  END $$;

  CREATE FUNCTION ledger_is_settled(p_running_before text) RETURNS boolean
  LANGUAGE sql VOLATILE AS $$
    SELECT pg_snapshot_xmin(pg_current_snapshot()) >= p_running_before::xid8
  $$;
`;

/** EXECUTE, because the planner must see where the tail begins: planned for any beginning it would read it all. */
const TOTALS = `
  CREATE FUNCTION ledger_roll_up(p_upto bigint, p_at timestamptz) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    since bigint := (SELECT upto_id FROM ledger_marks WHERE name = 'totals' FOR UPDATE);
  BEGIN
    IF p_upto <= since THEN RETURN; END IF;
    EXECUTE $q$
      INSERT INTO ledger_totals AS t (day, currency, type, transactions, moved, issued, burnt)
      SELECT (created_at AT TIME ZONE 'UTC')::date, currency, type,
        greatest(count(*) FILTER (WHERE amount > 0), count(*) FILTER (WHERE amount < 0)),
        coalesce(sum(amount) FILTER (WHERE amount > 0), 0),
        coalesce(-sum(amount) FILTER (WHERE amount < 0 AND account_id = 'agt_system'), 0),
        coalesce(sum(amount) FILTER (WHERE amount > 0 AND account_id = 'agt_system'), 0)
      FROM transactions WHERE id > $1 AND movement_id > $1 AND movement_id <= $2 GROUP BY 1, 2, 3
      ON CONFLICT (day, currency, type) DO UPDATE SET transactions = t.transactions + excluded.transactions,
        moved = t.moved + excluded.moved, issued = t.issued + excluded.issued, burnt = t.burnt + excluded.burnt
    $q$ USING since, p_upto;
    UPDATE ledger_marks SET upto_id = p_upto, at = p_at WHERE name = 'totals';
  END $$;

  -- What was summed up, and the tail that was not yet: true at the moment it is asked.
  CREATE FUNCTION ledger_figures(p_since date)
  RETURNS TABLE (currency text, type text, transactions bigint, moved numeric, issued numeric, burnt numeric,
    moved_since numeric)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    RETURN QUERY EXECUTE $q$
      SELECT f.currency::text, f.type::text, sum(f.transactions)::bigint, sum(f.moved), sum(f.issued), sum(f.burnt),
        coalesce(sum(f.moved) FILTER (WHERE f.day >= $2), 0)
      FROM (
        SELECT day, currency, type, transactions, moved, issued, burnt FROM ledger_totals
        UNION ALL
        SELECT (created_at AT TIME ZONE 'UTC')::date, currency, type,
          greatest(count(*) FILTER (WHERE amount > 0), count(*) FILTER (WHERE amount < 0)),
          coalesce(sum(amount) FILTER (WHERE amount > 0), 0),
          coalesce(-sum(amount) FILTER (WHERE amount < 0 AND account_id = 'agt_system'), 0),
          coalesce(sum(amount) FILTER (WHERE amount > 0 AND account_id = 'agt_system'), 0)
        FROM transactions WHERE id > $1 AND movement_id > $1 GROUP BY 1, 2, 3) f
      GROUP BY 1, 2
    $q$ USING (SELECT m.upto_id FROM ledger_marks m WHERE m.name = 'totals'), p_since;
  END $$;
`;

/**
 * Everything that does not add up, each by name. Since the last checkpoint, or all of it: a leg changed before
 * the checkpoint is found by the full run alone, a balance changed is found by both. STABLE, so that all of it
 * is read in the one snapshot of the statement that calls it, whatever is posted meanwhile.
 */
const DRIFT = `
  CREATE FUNCTION ledger_drift(p_full boolean)
  RETURNS TABLE (kind text, subject text, currency text, expected numeric, found numeric)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    since bigint := CASE WHEN p_full THEN 0 ELSE (SELECT upto_id FROM ledger_marks WHERE name = 'checkpoint') END;
  BEGIN
    RETURN QUERY EXECUTE $q$
      SELECT 'movement_unbalanced', movement_id::text, currency::text, 0::numeric, sum(amount)
      FROM transactions WHERE id > $1 AND movement_id > $1
      GROUP BY movement_id, currency HAVING sum(amount) <> 0
    $q$ USING since;

    RETURN QUERY EXECUTE $q$
      SELECT CASE WHEN m.id IS NULL THEN 'leg_without_movement' ELSE 'leg_altered' END, t.id::text, t.currency::text,
        NULL::numeric, t.amount
      FROM transactions t LEFT JOIN movements m ON m.id = t.movement_id
      WHERE t.id > $1 AND t.movement_id > $1 AND (m.id IS NULL OR m.at <> t.created_at)
    $q$ USING since;

    RETURN QUERY EXECUTE $q$
      WITH legs AS (
        SELECT id, account_id, currency, amount, balance_after,
          lag(balance_after) OVER (PARTITION BY account_id, currency ORDER BY id) AS before
        FROM transactions WHERE id > $1 AND movement_id > $1 AND balance_after IS NOT NULL)
      SELECT 'chain_broken', l.id::text, l.currency::text, coalesce(l.before, c.balance, 0) + l.amount,
        l.balance_after
      FROM legs l LEFT JOIN ledger_checkpoints c
        ON $1 > 0 AND l.before IS NULL AND c.account_id = l.account_id AND c.currency = l.currency
      WHERE l.balance_after <> coalesce(l.before, c.balance, 0) + l.amount
    $q$ USING since;

    RETURN QUERY EXECUTE $q$
      WITH kept AS (
        SELECT id AS account_id, currency, balance FROM accounts
        UNION ALL SELECT reference, currency, balance FROM escrows),
      logged AS (
        SELECT account_id, currency, sum(amount) AS balance FROM (
          SELECT account_id, currency, amount FROM transactions WHERE id > $1 AND movement_id > $1
          UNION ALL SELECT account_id, currency, balance FROM ledger_checkpoints WHERE $1 > 0) l
        WHERE account_id <> 'agt_system' GROUP BY account_id, currency)
      SELECT CASE WHEN coalesce(k.account_id, l.account_id) LIKE 'agt\\_%' THEN 'balance_drift' ELSE 'escrow_drift' END,
        coalesce(k.account_id, l.account_id)::text, coalesce(k.currency, l.currency)::text, coalesce(l.balance, 0),
        k.balance
      FROM kept k FULL JOIN logged l ON l.account_id = k.account_id AND l.currency = k.currency
      WHERE coalesce(l.balance, 0) IS DISTINCT FROM k.balance
    $q$ USING since;

    RETURN QUERY
      SELECT 'debt_drift', a.id::text, a.currency::text, coalesce(d.open, 0), a.debt
      FROM accounts a LEFT JOIN (
        SELECT debtor, debts.currency, sum(outstanding) AS open FROM debts WHERE outstanding > 0 GROUP BY 1, 2) d
        ON d.debtor = a.id AND d.currency = a.currency
      WHERE a.debt <> coalesce(d.open, 0);

    RETURN QUERY EXECUTE $q$
      SELECT 'supply_drift', 'agt_system', s.currency, s.minted, s.there FROM (
        SELECT c.currency,
          -coalesce((SELECT sum(t.amount) FROM transactions t
              WHERE t.account_id = 'agt_system' AND t.currency = c.currency AND t.id > $1 AND t.movement_id > $1), 0)
            - coalesce((SELECT p.balance FROM ledger_checkpoints p
              WHERE $1 > 0 AND p.account_id = 'agt_system' AND p.currency = c.currency), 0) AS minted,
          coalesce((SELECT sum(a.balance) FROM accounts a WHERE a.currency = c.currency), 0)
            + coalesce((SELECT sum(e.balance) FROM escrows e WHERE e.currency = c.currency), 0) AS there
        FROM (VALUES ('points'), ('usdc')) c (currency)) s
      WHERE s.minted <> s.there
    $q$ USING since;
  END $$;
`;

const CHECKPOINT = `
  CREATE FUNCTION ledger_checkpoint(p_upto bigint, p_at timestamptz) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    since bigint := (SELECT upto_id FROM ledger_marks WHERE name = 'checkpoint' FOR UPDATE);
  BEGIN
    IF p_upto <= since THEN RETURN since; END IF;
    EXECUTE $q$
      INSERT INTO ledger_checkpoints AS c (account_id, currency, balance)
      SELECT account_id, currency, sum(amount) FROM transactions
      WHERE id > $1 AND movement_id > $1 AND movement_id <= $2 GROUP BY account_id, currency
      ON CONFLICT (account_id, currency) DO UPDATE SET balance = c.balance + excluded.balance
    $q$ USING since, p_upto;
    UPDATE ledger_marks SET upto_id = p_upto, at = p_at WHERE name = 'checkpoint';
    RETURN p_upto;
  END $$;
`;

/**
 * Sets what is kept beside the log back to what the log says: balances, escrows, what is open in debts, what was
 * spent. It never touches the log. Where the log itself sums to less than nothing it changes nothing and says so.
 */
const REBUILD = `
  CREATE FUNCTION ledger_rebuild_balances(p_dry_run boolean)
  RETURNS TABLE (account text, currency text, kept numeric, logged numeric, repaired boolean)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  #variable_conflict use_column
  DECLARE
    drifting record; correct record;
  BEGIN
    FOR drifting IN SELECT DISTINCT d.subject, d.currency FROM ledger_drift(true) d
      WHERE d.kind IN ('balance_drift', 'escrow_drift', 'debt_drift') ORDER BY d.subject
    LOOP
      SELECT coalesce(a.balance, e.balance) INTO kept
        FROM (SELECT 1) one
          LEFT JOIN accounts a ON a.id = drifting.subject AND a.currency = drifting.currency
          LEFT JOIN escrows e ON e.reference = drifting.subject AND e.currency = drifting.currency;
      IF NOT p_dry_run THEN
        PERFORM 1 FROM escrows e WHERE e.reference = drifting.subject AND e.currency = drifting.currency FOR UPDATE;
        PERFORM 1 FROM accounts a WHERE a.id = drifting.subject AND a.currency = drifting.currency FOR UPDATE;
      END IF;
      SELECT coalesce(sum(t.amount), 0) AS balance,
          coalesce(-sum(t.amount) FILTER (WHERE t.amount < 0 OR t.type IN ('refund', 'dispute_fee_refund')), 0) AS spent,
          coalesce((SELECT sum(d.outstanding) FROM debts d
            WHERE d.debtor = drifting.subject AND d.currency = drifting.currency), 0) AS debt
        INTO correct FROM transactions t WHERE t.account_id = drifting.subject AND t.currency = drifting.currency;
      repaired := false;
      IF NOT p_dry_run AND correct.balance >= 0 THEN
        UPDATE accounts a SET balance = correct.balance, spent_total = correct.spent, debt = correct.debt
          WHERE a.id = drifting.subject AND a.currency = drifting.currency;
        repaired := FOUND;
        UPDATE escrows e SET balance = correct.balance
          WHERE e.reference = drifting.subject AND e.currency = drifting.currency;
        repaired := repaired OR FOUND;
      END IF;
      account := drifting.subject; currency := drifting.currency; logged := correct.balance;
      RETURN NEXT;
    END LOOP;
  END $$;
`;

/** Adds the next partition of the log as soon as the last one is begun, so that there is always one ahead. */
const GROW = `
  CREATE FUNCTION ledger_grow() RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    begun constant bigint := (SELECT last_value FROM ledger_id_seq) / 100000000 + 1;
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ledger_grow'));
    IF begun < (SELECT count(*) FROM pg_inherits WHERE inhparent = 'transactions'::regclass) THEN
      RETURN false;
    END IF;
    PERFORM ledger_add_partition();
    RETURN true;
  END $$;
`;
