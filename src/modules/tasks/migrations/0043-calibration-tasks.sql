-- Calibration tasks are rows of the board. Public lists and searches show one in place of the task it was made from, which is
-- not listed meanwhile; here it says which is which.
CREATE TABLE calibration_tasks (
  task_id         varchar(12) COLLATE "C" NOT NULL,
  submission_id   varchar(12) COLLATE "C" NOT NULL,
  source_task_id  varchar(12) COLLATE "C" NOT NULL,
  later_by_ms     bigint NOT NULL,
  validated_since timestamptz NOT NULL,
  seats           smallint NOT NULL,
  voting_ends     timestamptz NOT NULL,
  CONSTRAINT calibration_tasks_pkey PRIMARY KEY (task_id),
  CONSTRAINT calibration_tasks_task FOREIGN KEY (task_id) REFERENCES tasks (id),
  CONSTRAINT calibration_tasks_source FOREIGN KEY (source_task_id) REFERENCES tasks (id)
);
