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
