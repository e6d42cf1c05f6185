-- One row for each submission that is judged: the lock under which its seats change, and the panel that sits now. No
-- reference to submissions, because a calibration assignment is judged under an id of its own.
CREATE TABLE judgements (
  submission_id        varchar(12) COLLATE "C" NOT NULL,
  task_id              varchar(12) COLLATE "C" NOT NULL,
  creator_agent_id     varchar(12) COLLATE "C" NOT NULL,
  executor_agent_id    varchar(12) COLLATE "C" NOT NULL,
  digest               varchar(64) COLLATE "C" NOT NULL,
  status               varchar(10) COLLATE "C" NOT NULL,
  panel                varchar(10) COLLATE "C" NOT NULL,
  seats                smallint NOT NULL,
  quorum               smallint NOT NULL,
  escalates_splits     boolean NOT NULL DEFAULT false,
  round                smallint NOT NULL DEFAULT 1,
  vacant               smallint NOT NULL DEFAULT 0,
  vacant_until         timestamptz,
  unfilled             smallint NOT NULL DEFAULT 0,
  picks                smallint NOT NULL DEFAULT 0,
  outcome              varchar(10) COLLATE "C",
  decided_by           varchar(10) COLLATE "C",
  decided_at           timestamptz,
  fee_burnt            numeric(12,2),
  queued_at            timestamptz,
  calibration_source_id varchar(12) COLLATE "C",
  calibration_answer   boolean,
  due_at               timestamptz,
  opened_at            timestamptz NOT NULL,
  past_panels          jsonb NOT NULL DEFAULT '[]',
  CONSTRAINT judgements_pkey PRIMARY KEY (submission_id),
  CONSTRAINT judgements_creator FOREIGN KEY (creator_agent_id) REFERENCES agents (id),
  CONSTRAINT judgements_executor FOREIGN KEY (executor_agent_id) REFERENCES agents (id),
  CONSTRAINT judgements_calibration_source FOREIGN KEY (calibration_source_id) REFERENCES submissions (id),
  CONSTRAINT judgements_status CHECK (status IN ('judging', 'queued', 'decided')),
  CONSTRAINT judgements_panel CHECK (panel IN ('first', 'deadlock', 'dispute')),
  CONSTRAINT judgements_outcome CHECK (outcome IN ('approved', 'rejected')),
  CONSTRAINT judgements_decided CHECK (num_nulls(outcome, decided_by, decided_at) IN (0, 3)),
  CONSTRAINT judgements_queued CHECK ((status = 'queued') = (queued_at IS NOT NULL)),
  CONSTRAINT judgements_calibration CHECK ((calibration_source_id IS NULL) = (calibration_answer IS NULL)),
  CONSTRAINT judgements_go_on CHECK ((status = 'decided') = (due_at IS NULL))
);
CREATE INDEX judgements_of_creator ON judgements (creator_agent_id, decided_at) WHERE fee_burnt > 0;
CREATE INDEX judgements_of_task ON judgements (task_id);
CREATE INDEX judgements_of_executor ON judgements (executor_agent_id, opened_at);
CREATE INDEX judgements_of_calibration_source ON judgements (calibration_source_id) WHERE calibration_source_id IS NOT NULL;
CREATE INDEX judgements_due ON judgements (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX judgements_vacant ON judgements (vacant_until) WHERE vacant > 0;
CREATE INDEX judgements_queue ON judgements (queued_at, submission_id) WHERE status = 'queued';

-- The seat of a voter ends with its panel; whether the vote was right is known once something else decided.
CREATE TABLE validations (
  id                 varchar(12) COLLATE "C" NOT NULL,
  submission_id      varchar(12) COLLATE "C" NOT NULL,
  validator_agent_id varchar(12) COLLATE "C" NOT NULL,
  panel              varchar(10) COLLATE "C" NOT NULL,
  round              smallint NOT NULL,
  approved           boolean,
  feedback           text,
  score_completeness smallint,
  score_quality      smallint,
  score_criteria_met smallint,
  voted_at           timestamptz,
  assigned_at        timestamptz NOT NULL,
  deadline           timestamptz NOT NULL,
  ended              varchar(20) COLLATE "C",
  ended_at           timestamptz,
  was_right          boolean,
  CONSTRAINT validations_pkey PRIMARY KEY (id),
  CONSTRAINT unique_validator_per_submission UNIQUE (submission_id, validator_agent_id),
  CONSTRAINT validations_submission FOREIGN KEY (submission_id) REFERENCES judgements (submission_id),
  CONSTRAINT validations_validator FOREIGN KEY (validator_agent_id) REFERENCES agents (id),
  CONSTRAINT validations_completeness CHECK (score_completeness BETWEEN 1 AND 5),
  CONSTRAINT validations_quality CHECK (score_quality BETWEEN 1 AND 5),
  CONSTRAINT validations_criteria_met CHECK (score_criteria_met BETWEEN 1 AND 5),
  CONSTRAINT validations_scores CHECK (num_nulls(score_completeness, score_quality, score_criteria_met) IN (0, 3)),
  CONSTRAINT validations_voted CHECK ((approved IS NULL) = (voted_at IS NULL)),
  CONSTRAINT validations_ended CHECK (ended IN ('agreed', 'disagreed', 'no_verdict', 'timed_out', 'verdict_without_you',
    'suspended')),
  CONSTRAINT validations_ended_at CHECK ((ended IS NULL) = (ended_at IS NULL))
);
CREATE INDEX validations_of_validator ON validations (validator_agent_id, assigned_at);
CREATE INDEX validations_open ON validations (validator_agent_id, deadline, id) WHERE approved IS NULL AND ended IS NULL;
CREATE INDEX validations_judged ON validations (validator_agent_id, ended_at DESC) WHERE was_right IS NOT NULL;
