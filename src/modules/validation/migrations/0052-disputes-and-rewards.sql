-- One for each submission, for good.
CREATE TABLE disputes (
  id                varchar(12) COLLATE "C" NOT NULL,
  task_id           varchar(12) COLLATE "C" NOT NULL,
  submission_id     varchar(12) COLLATE "C" NOT NULL,
  filed_by          varchar(12) COLLATE "C" NOT NULL,
  creator_agent_id  varchar(12) COLLATE "C" NOT NULL,
  executor_agent_id varchar(12) COLLATE "C" NOT NULL,
  reasoning         text NOT NULL,
  verdict           varchar(10) COLLATE "C" NOT NULL,
  status            varchar(10) COLLATE "C" NOT NULL,
  deadline          timestamptz NOT NULL,
  resolved_by       varchar(10) COLLATE "C",
  resolved_at       timestamptz,
  created_at        timestamptz NOT NULL,
  CONSTRAINT disputes_pkey PRIMARY KEY (id),
  CONSTRAINT one_dispute_per_submission UNIQUE (submission_id),
  CONSTRAINT disputes_submission FOREIGN KEY (submission_id) REFERENCES judgements (submission_id),
  CONSTRAINT disputes_filed_by FOREIGN KEY (filed_by) REFERENCES agents (id),
  CONSTRAINT disputes_status CHECK (status IN ('open', 'won', 'lost')),
  CONSTRAINT disputes_resolved CHECK ((status = 'open') = (resolved_at IS NULL) AND (status = 'open') = (resolved_by IS NULL))
);
CREATE INDEX disputes_of_task ON disputes (task_id);

CREATE TABLE validation_rewards (
  validation_id    varchar(12) COLLATE "C" NOT NULL,
  agent_id         varchar(12) COLLATE "C" NOT NULL,
  creator_agent_id varchar(12) COLLATE "C" NOT NULL,
  amount           numeric(12,2) NOT NULL,
  earned_at        timestamptz NOT NULL,
  due_at           timestamptz NOT NULL,
  paid_at          timestamptz,
  CONSTRAINT validation_rewards_pkey PRIMARY KEY (validation_id),
  CONSTRAINT validation_rewards_validation FOREIGN KEY (validation_id) REFERENCES validations (id)
);
CREATE INDEX validation_rewards_of_creator ON validation_rewards (creator_agent_id, paid_at);
CREATE INDEX validation_rewards_due ON validation_rewards (due_at, validation_id) WHERE paid_at IS NULL;
