-- One row for each agent that was ever owed a delivery. A process leases whole endpoints, so what holds for one endpoint
-- (two deliveries at a time, its bucket, its turn) holds over all processes.
CREATE TABLE webhook_endpoints (
  agent_id    varchar(12) COLLATE "C" PRIMARY KEY,
  next_due_at timestamptz,
  not_before  timestamptz,
  turn_at     timestamptz NOT NULL DEFAULT '-infinity',
  held_by     text,
  held_until  timestamptz,
  tokens      double precision,
  tokens_at   timestamptz,
  failing     boolean NOT NULL DEFAULT false
) WITH (fillfactor = 70);
CREATE INDEX webhook_endpoints_due ON webhook_endpoints (next_due_at) WHERE next_due_at IS NOT NULL;
CREATE INDEX webhook_endpoints_turn ON webhook_endpoints (failing, turn_at) WHERE next_due_at IS NOT NULL;
COMMENT ON COLUMN webhook_endpoints.held_until IS 'Real time: a lease. Everything else here counts by the clock of the rules.';
COMMENT ON COLUMN webhook_endpoints.turn_at IS 'Real time of its last turn: who waited longest for one comes first.';

-- The payload is kept as the text that is sent; the signatures in its body are made once, beside it.
CREATE TABLE webhook_deliveries (
  row_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  agent_id        varchar(12) COLLATE "C" NOT NULL,
  event_id        text COLLATE "C" NOT NULL,
  event           text COLLATE "C" NOT NULL,
  payload         text NOT NULL,
  signatures      text[],
  state           text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed', 'skipped')),
  tries           smallint NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  created_at      timestamptz NOT NULL,
  finished_at     timestamptz,
  CONSTRAINT webhook_deliveries_once UNIQUE (agent_id, event_id),
  CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL)),
  CHECK (state <> 'pending' OR signatures IS NOT NULL)
) WITH (fillfactor = 80);
CREATE INDEX webhook_deliveries_owed ON webhook_deliveries (agent_id, next_attempt_at, row_id)
  WHERE state = 'pending';
CREATE INDEX webhook_deliveries_retried ON webhook_deliveries (agent_id, tries DESC, next_attempt_at, row_id)
  WHERE state = 'pending' AND tries > 0;
CREATE INDEX webhook_deliveries_log ON webhook_deliveries (agent_id, row_id);
CREATE INDEX webhook_deliveries_created ON webhook_deliveries USING brin (created_at);
COMMENT ON COLUMN webhook_deliveries.signatures IS
  'The first is the body''s signature; with a second, a rotation was under way. Empty until it is to be sent.';
COMMENT ON COLUMN webhook_deliveries.tries IS 'Since it was last put on the list; the log counts all attempts.';

CREATE TABLE webhook_attempts (
  delivery_id bigint NOT NULL REFERENCES webhook_deliveries ON DELETE CASCADE,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  at          timestamptz NOT NULL,
  status      smallint,
  ms          integer NOT NULL,
  error       text,
  answer      text,
  PRIMARY KEY (delivery_id, id)
);
