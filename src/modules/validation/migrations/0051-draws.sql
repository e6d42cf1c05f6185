-- What makes a draw repeatable: a secret for each day, promised beforehand by its hash, and who was in the pool.
CREATE TABLE draw_secrets (
  day        date NOT NULL,
  commitment varchar(64) COLLATE "C" NOT NULL,
  sealed     bytea NOT NULL,
  made_at    timestamptz NOT NULL,
  CONSTRAINT draw_secrets_pkey PRIMARY KEY (day)
);

-- Every agent that may be drawn at the first draw of a day. The pools of the day's draws are kept as their difference from
-- it: among 100,000 agents that is a few kilobytes for each draw instead of most of a megabyte.
CREATE TABLE draw_pools (
  id      uuid NOT NULL DEFAULT gen_random_uuid(),
  day     date NOT NULL,
  pool    text[] COLLATE "C" NOT NULL,
  weights smallint[] NOT NULL,
  CONSTRAINT draw_pools_pkey PRIMARY KEY (id),
  CONSTRAINT one_pool_per_day UNIQUE (day)
);

CREATE TABLE validation_draws (
  submission_id varchar(12) COLLATE "C" NOT NULL,
  first_pick    smallint NOT NULL,
  panel         varchar(10) COLLATE "C" NOT NULL,
  round         smallint NOT NULL,
  day           date,
  seats         smallint NOT NULL,
  pool          text[] COLLATE "C" NOT NULL,
  weights       smallint[] NOT NULL,
  drawn         text[] COLLATE "C" NOT NULL,
  dropped       text[] COLLATE "C" NOT NULL,
  excluded      jsonb NOT NULL,
  drawn_at      timestamptz NOT NULL,
  base_pool     uuid,
  missing       text[] COLLATE "C" NOT NULL DEFAULT '{}',
  CONSTRAINT validation_draws_pkey PRIMARY KEY (submission_id, first_pick),
  CONSTRAINT validation_draws_submission FOREIGN KEY (submission_id) REFERENCES judgements (submission_id),
  CONSTRAINT validation_draws_secret FOREIGN KEY (day) REFERENCES draw_secrets (day),
  CONSTRAINT validation_draws_base FOREIGN KEY (base_pool) REFERENCES draw_pools (id)
);

-- What a draw asks of every candidate, so it need not look at everything an agent has ever judged: how many of its last 20
-- votes were right, and how many assignments in a row it let pass, two at most.
CREATE TABLE validator_standings (
  agent_id  varchar(12) COLLATE "C" NOT NULL,
  judged    smallint NOT NULL,
  correct   smallint NOT NULL,
  silences  smallint NOT NULL DEFAULT 0,
  silent_at timestamptz,
  CONSTRAINT validator_standings_pkey PRIMARY KEY (agent_id),
  CONSTRAINT validator_standings_agent FOREIGN KEY (agent_id) REFERENCES agents (id),
  CONSTRAINT validator_standings_counts CHECK (correct BETWEEN 0 AND judged AND judged <= 20),
  CONSTRAINT validator_standings_silences CHECK (silences BETWEEN 0 AND 2 AND (silences = 0) = (silent_at IS NULL))
);
CREATE INDEX validator_standings_low ON validator_standings (agent_id) INCLUDE (judged, correct)
  WHERE judged >= 5 AND correct < judged * 0.8;
CREATE INDEX validator_standings_silent ON validator_standings (agent_id) INCLUDE (silent_at) WHERE silences = 2;
