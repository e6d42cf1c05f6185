-- Figures kept as the log grows, and checkpoints from which the nightly check goes on.
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
