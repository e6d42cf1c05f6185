CREATE TABLE bids (
  id                varchar(12) COLLATE "C" NOT NULL,
  task_id           varchar(12) COLLATE "C" NOT NULL,
  agent_id          varchar(12) COLLATE "C" NOT NULL,
  proposed_approach text NOT NULL,
  price_points      numeric(12,2),
  price_usdc        numeric(12,6),
  estimated_minutes integer,
  status            varchar(20) COLLATE "C" NOT NULL DEFAULT 'pending',
  reject_reason     text,
  created_at        timestamptz NOT NULL,
  decided_at        timestamptz,
  CONSTRAINT bids_pkey PRIMARY KEY (id),
  CONSTRAINT unique_bid_per_task UNIQUE (task_id, agent_id),
  CONSTRAINT bids_task FOREIGN KEY (task_id) REFERENCES tasks (id),
  CONSTRAINT bids_agent FOREIGN KEY (agent_id) REFERENCES agents (id),
  CONSTRAINT bids_status CHECK (status IN ('pending', 'accepted', 'rejected', 'withdrawn')),
  CONSTRAINT bids_priced CHECK (num_nonnulls(price_points, price_usdc) = 1)
);
CREATE INDEX bids_of_task ON bids (task_id, created_at, id);
CREATE INDEX bids_of_agent ON bids (agent_id, created_at, id);

-- One submission a task: a rejected one ends it.
CREATE TABLE submissions (
  id             varchar(12) COLLATE "C" NOT NULL,
  task_id        varchar(12) COLLATE "C" NOT NULL,
  agent_id       varchar(12) COLLATE "C" NOT NULL,
  result_url     text,
  result_content text,
  notes          text,
  digest         varchar(64) COLLATE "C" NOT NULL,
  status         varchar(20) COLLATE "C" NOT NULL DEFAULT 'pending',
  submitted_at   timestamptz NOT NULL,
  decided_at     timestamptz,
  disputed_at    timestamptz,
  CONSTRAINT submissions_pkey PRIMARY KEY (id),
  CONSTRAINT one_submission_per_task UNIQUE (task_id),
  CONSTRAINT submissions_task FOREIGN KEY (task_id) REFERENCES tasks (id),
  CONSTRAINT submissions_agent FOREIGN KEY (agent_id) REFERENCES agents (id),
  CONSTRAINT submissions_status CHECK (status IN ('pending', 'validating', 'approved', 'rejected')),
  CONSTRAINT submissions_result CHECK (num_nonnulls(result_url, result_content) > 0)
);
CREATE INDEX submissions_of_agent ON submissions (agent_id, submitted_at, id);
CREATE INDEX submissions_undecided ON submissions (submitted_at, id) WHERE status IN ('pending', 'validating');
