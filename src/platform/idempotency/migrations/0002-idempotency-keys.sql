-- The Idempotency-Key itself is not kept, so it can be what unlocks a sealed answer. Retention reads the table page by page
-- and needs no index on created_at.
CREATE TABLE idempotency_keys (
  caller       text COLLATE "C" NOT NULL,
  key_hash     bytea NOT NULL,
  request_hash bytea NOT NULL,
  answer       text,
  sealed       bytea,
  movement_id  bigint,
  created_at   timestamptz NOT NULL,
  PRIMARY KEY (caller, key_hash),
  CHECK (num_nonnulls(answer, sealed, movement_id) = 1)
);
