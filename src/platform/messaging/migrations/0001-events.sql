-- A row without a position is committed but not yet numbered by the relay; the partial index is the relay's work list.
CREATE TABLE outbox (
  row_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id       text COLLATE "C" NOT NULL,
  name     text COLLATE "C" NOT NULL,
  subject  text COLLATE "C" NOT NULL,
  audience text[] COLLATE "C" NOT NULL,
  public   boolean NOT NULL DEFAULT false,
  priority smallint NOT NULL DEFAULT 0,
  data     jsonb NOT NULL,
  at       timestamptz NOT NULL,
  position bigint,
  seqs     jsonb
);
CREATE INDEX outbox_unnumbered ON outbox (priority, row_id) WHERE position IS NULL;
CREATE UNIQUE INDEX outbox_position ON outbox (position);
CREATE INDEX outbox_public ON outbox (subject, position) WHERE public;

-- An inbox row says where the event is, not what it says: each payload is kept once, however many agents receive it.
CREATE TABLE inbox (
  agent_id text COLLATE "C" NOT NULL,
  seq      bigint NOT NULL,
  position bigint NOT NULL,
  name     text COLLATE "C" NOT NULL,
  PRIMARY KEY (agent_id, seq)
);

-- How far each subscriber has come, shard by shard, and what holds it up. `asked`: somebody wanted the shard while another
-- process held it. `busy_since`: when its holder began its batch; a holder that hangs renews its lease, so nothing else
-- would show it.
CREATE TABLE event_done (
  subscriber      text COLLATE "C" NOT NULL,
  shard           smallint NOT NULL,
  position        bigint NOT NULL,
  held_by         text,
  held_until      timestamptz,
  busy_since      timestamptz,
  asked           boolean NOT NULL DEFAULT false,
  failures        int NOT NULL DEFAULT 0,
  failed_position bigint,
  last_error      text,
  retry_at        timestamptz,
  PRIMARY KEY (subscriber, shard)
);
CREATE INDEX event_done_failing ON event_done (subscriber) WHERE failures > 0;
