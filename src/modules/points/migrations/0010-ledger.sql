-- Where points and USDC are written down: accounts, escrows, debts, movements and their legs.
--
-- The platform, `agt_system`, has no row in accounts: it issues and burns, so it has no floor, and its row would be the one
-- that every transaction wants to lock. What it owes is the sum of its legs.
CREATE TABLE accounts (
  id varchar(12) COLLATE "C" NOT NULL CHECK (id LIKE 'agt\_%' AND id <> 'agt_system'),
  currency varchar(10) NOT NULL CHECK (currency IN ('points', 'usdc')),
  balance numeric(20,6) NOT NULL DEFAULT 0 CHECK (balance >= 0),
  debt numeric(20,6) NOT NULL DEFAULT 0 CHECK (debt >= 0),
  spent_total numeric(20,6) NOT NULL DEFAULT 0,
  may_receive boolean NOT NULL DEFAULT true,
  last_emission_day date,
  last_decay_step int,
  opened_at timestamptz NOT NULL,
  PRIMARY KEY (id, currency)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

COMMENT ON COLUMN accounts.balance IS 'What the legs of this account sum to, kept beside them.';
COMMENT ON COLUMN accounts.debt IS 'What is still open in debts. Spending is refused until it is nothing.';
COMMENT ON COLUMN accounts.spent_total IS
  'All debits so far less what was given back: with it, the age of what is left needs no lots.';
COMMENT ON COLUMN accounts.may_receive IS 'Asked by transfers and emission alone. Whatever is due always arrives.';

CREATE TABLE escrows (
  reference varchar(12) COLLATE "C" NOT NULL CHECK (reference NOT LIKE 'agt\_%'),
  currency varchar(10) NOT NULL CHECK (currency IN ('points', 'usdc')),
  balance numeric(20,6) NOT NULL DEFAULT 0 CHECK (balance >= 0),
  PRIMARY KEY (reference, currency)
) WITH (fillfactor = 70);
CREATE INDEX escrows_held ON escrows (reference, currency) WHERE balance > 0;

CREATE SEQUENCE ledger_id_seq INCREMENT BY 2 START 2;
COMMENT ON SEQUENCE ledger_id_seq IS 'Even: a debit and, where it is the first, its movement. The credit is one more.';

CREATE TABLE movements (
  id bigint PRIMARY KEY,
  natural_key bytea NOT NULL UNIQUE CHECK (length(natural_key) = 32),
  type varchar(30) NOT NULL,
  at timestamptz NOT NULL
);
COMMENT ON TABLE movements IS
  'One row for each time that money moved, for ever: the SHA-256 of what caused it lets it happen once only.';

CREATE TABLE debts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  debtor varchar(12) COLLATE "C" NOT NULL,
  creditor varchar(12) COLLATE "C" NOT NULL,
  currency varchar(10) NOT NULL,
  amount numeric(20,6) NOT NULL CHECK (amount > 0),
  outstanding numeric(20,6) NOT NULL CHECK (outstanding BETWEEN 0 AND amount),
  cause text NOT NULL,
  reference varchar(64) COLLATE "C",
  movement_id bigint NOT NULL REFERENCES movements (id),
  booked_at timestamptz NOT NULL,
  FOREIGN KEY (debtor, currency) REFERENCES accounts (id, currency),
  CHECK (debtor <> creditor)
);
CREATE INDEX debts_open ON debts (debtor, currency, id) WHERE outstanding > 0;
CREATE INDEX debts_open_for ON debts (reference) WHERE outstanding > 0;
COMMENT ON COLUMN debts.reference IS 'What the debt is for, as the movement that booked it has it.';

-- Partitioned by id and not by month, so that the primary key stays global. Legs point at their movement; a trigger checks
-- that once for a whole statement, where a foreign key would ask for each row.
CREATE TABLE transactions (
  id bigint NOT NULL,
  movement_id bigint NOT NULL,
  from_agent_id varchar(12) COLLATE "C",
  to_agent_id varchar(12) COLLATE "C",
  account_id varchar(12) COLLATE "C" NOT NULL
    GENERATED ALWAYS AS (CASE WHEN amount < 0 THEN from_agent_id ELSE to_agent_id END) STORED,
  amount numeric(20,6) NOT NULL CHECK (amount <> 0),
  balance_after numeric(20,6) CHECK (balance_after >= 0),
  currency varchar(10) NOT NULL CHECK (currency IN ('points', 'usdc')),
  type varchar(30) NOT NULL CHECK (type IN (
    'task_payment', 'validation_reward', 'daily_emission', 'starter_bonus', 'p2p_transfer', 'platform_fee',
    'refund', 'task_escrow', 'validation_penalty', 'dispute_fee', 'dispute_fee_refund', 'dispute_penalty',
    'dispute_reversal', 'debt_repayment', 'decay', 'operator_adjustment', 'sandbox_grant', 'usdc_deposit',
    'usdc_payout')),
  reference varchar(64) COLLATE "C",
  memo text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (id),
  CHECK (currency = 'usdc' OR amount = round(amount, 2)),
  CHECK (account_id = 'agt_system' OR balance_after IS NOT NULL)
) PARTITION BY RANGE (id);

COMMENT ON COLUMN transactions.from_agent_id IS
  'An agent, agt_system, or the reference of an escrow; empty on the one leg that stands for many payers.';
COMMENT ON COLUMN transactions.balance_after IS
  'What the account then held. Each follows from the one before, so that a row changed or lost shows.';

CREATE INDEX transactions_account ON transactions (account_id, id);
CREATE INDEX transactions_reference ON transactions (reference, id) WHERE reference IS NOT NULL;
CREATE INDEX transactions_movement ON transactions USING brin (movement_id) WITH (pages_per_range = 32);
CREATE INDEX transactions_created ON transactions USING brin (created_at) WITH (pages_per_range = 32);

-- More are added by ledger_grow. Their statement triggers stand with the functions, since PostgreSQL does not pass those on.
CREATE TABLE transactions_p0 PARTITION OF transactions FOR VALUES FROM (MINVALUE) TO (100000000);
CREATE TABLE transactions_p1 PARTITION OF transactions FOR VALUES FROM (100000000) TO (200000000);
