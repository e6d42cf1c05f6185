import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Emission and decay: money that moves for many accounts at once, in chunks, once for each day or step. */
export class LedgerEconomy1773273612000 implements MigrationInterface {
  readonly name = 'LedgerEconomy1773273612000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(OPEN_DAY);
    await runner.query(EMIT);
    await runner.query(EMIT_TO_DEBTOR);
    await runner.query(SNAPSHOT);
    await runner.query(DECAY);
    await runner.query(`REVOKE ALL ON FUNCTION ledger_open_emission_day, ledger_emit, ledger_emit_to_debtor,
      ledger_snapshot, ledger_decay, ledger_close_emission_day, ledger_close_decay_step FROM PUBLIC`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION ledger_close_decay_step, ledger_close_emission_day, ledger_decay, ledger_snapshot,
        ledger_emit_to_debtor, ledger_emit, ledger_open_emission_day;
      DROP TABLE balance_snapshots, decay_steps, emission_days;
    `);
  }
}

const TABLES = `
  CREATE TABLE emission_days (
    day date PRIMARY KEY,
    rate numeric(20,6) NOT NULL,
    share numeric(20,6) NOT NULL CHECK (share BETWEEN 0 AND rate),
    cap numeric(20,6) NOT NULL,
    balance_cap numeric(20,6) NOT NULL,
    eligible int NOT NULL,
    paid numeric(20,6) NOT NULL DEFAULT 0,
    agents int NOT NULL DEFAULT 0,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    CHECK (paid <= cap)
  );
  COMMENT ON TABLE emission_days IS 'What a day pays is decided once, so that a run resumed pays by the same rule.';

  CREATE TABLE decay_steps (
    step int PRIMARY KEY,
    at timestamptz NOT NULL,
    agents int NOT NULL DEFAULT 0,
    burnt numeric(20,6) NOT NULL DEFAULT 0,
    snapshot_at timestamptz,
    closed_at timestamptz
  );

  CREATE TABLE balance_snapshots (
    step int NOT NULL,
    account_id varchar(12) COLLATE "C" NOT NULL,
    balance numeric(20,6) NOT NULL,
    spent_total numeric(20,6) NOT NULL,
    PRIMARY KEY (step, account_id)
  ) PARTITION BY LIST (step);
`;

const OPEN_DAY = `
  CREATE FUNCTION ledger_open_emission_day(p_day date, p_rate numeric, p_share numeric, p_cap numeric,
    p_balance_cap numeric, p_eligible int, p_at timestamptz) RETURNS SETOF emission_days
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    INSERT INTO emission_days (day, rate, share, cap, balance_cap, eligible, opened_at)
      VALUES (p_day, p_rate, p_share, p_cap, p_balance_cap, p_eligible, p_at) ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT * FROM emission_days WHERE day = p_day;
  END $$;

  CREATE FUNCTION ledger_close_emission_day(p_day date, p_at timestamptz) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE emission_days SET closed_at = p_at WHERE day = p_day AND closed_at IS NULL
  $$;
`;

/**
 * Pays one chunk of agents, once for each agent and day: the day stands in the account, in the update that pays.
 * The day's row is locked first, so that chunks of several processes follow each other and the cap holds. The
 * issuer has one leg for the whole chunk. Agents who owe are handed back, to be paid one by one: what they get
 * pays on, and the locks of their creditors have no place in this order.
 */
const EMIT = `
  CREATE FUNCTION ledger_emit(p_day date, p_ids text[], p_at timestamptz,
    OUT agents int, OUT paid numeric, OUT debtors text[])
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
  END $$;
`;

const EMIT_TO_DEBTOR = `
  CREATE FUNCTION ledger_emit_to_debtor(p_day date, p_agent text, p_at timestamptz, OUT paid numeric)
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
  END $$;
`;

/**
 * What every account held and had spent at the boundary of a step. Taken late it is the same: what has happened
 * since is taken off again.
 */
const SNAPSHOT = `
  CREATE FUNCTION ledger_snapshot(p_step int, p_boundary timestamptz, p_at timestamptz) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    name text := 'balance_snapshots_' || p_step;
    done boolean;
  BEGIN
    INSERT INTO decay_steps (step, at) VALUES (p_step, p_boundary) ON CONFLICT DO NOTHING;
    SELECT snapshot_at IS NOT NULL INTO done FROM decay_steps WHERE step = p_step FOR UPDATE;
    IF done THEN RETURN false; END IF;
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF balance_snapshots FOR VALUES IN (%s)', name, p_step);
    INSERT INTO balance_snapshots (step, account_id, balance, spent_total)
      SELECT p_step, a.id, a.balance - coalesce(later.moved, 0), a.spent_total - coalesce(later.spent, 0)
      FROM accounts a LEFT JOIN (
        SELECT account_id, sum(amount) AS moved,
          -sum(amount) FILTER (WHERE amount < 0 OR type IN ('refund', 'dispute_fee_refund')) AS spent
        FROM transactions WHERE created_at >= p_boundary AND currency = 'points' GROUP BY account_id) later
        ON later.account_id = a.id
      WHERE a.currency = 'points' AND a.balance - coalesce(later.moved, 0) > 0
      ORDER BY a.id;
    UPDATE decay_steps SET snapshot_at = p_at WHERE step = p_step;
    RETURN true;
  END $$;
`;

/**
 * The oldest points are spent first, so that what is left of those held three steps ago is what was held then
 * less all that was spent since: no lots are kept. A tenth of it is burnt.
 */
const DECAY = `
  CREATE FUNCTION ledger_decay(p_step int, p_after text, p_limit int, p_at timestamptz,
    OUT walked int, OUT last_id text, OUT agents int, OUT burnt numeric)
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
  END $$;

  -- Snapshots older than any later step looks at are dropped with the step that needed them last.
  CREATE FUNCTION ledger_close_decay_step(p_step int, p_at timestamptz) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    UPDATE decay_steps SET closed_at = p_at WHERE step = p_step AND closed_at IS NULL;
    EXECUTE format('DROP TABLE IF EXISTS %I', 'balance_snapshots_' || (p_step - 4));
  END $$;
`;
