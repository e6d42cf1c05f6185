-- What replicas took from each bucket in its running window. Unlogged, because an empty table after a crash is right
-- enough; half-filled pages, so counting updates a row in place.
CREATE UNLOGGED TABLE rate_leases (
  key            text PRIMARY KEY,
  window_ends_at timestamptz NOT NULL,
  used           int NOT NULL
) WITH (fillfactor = 50);
