-- Decided submissions for which operators know the right verdict.
CREATE TABLE calibration_answers (
  submission_id varchar(12) COLLATE "C" NOT NULL,
  approved      boolean NOT NULL,
  loaded_by     text NOT NULL,
  loaded_at     timestamptz NOT NULL,
  CONSTRAINT calibration_answers_pkey PRIMARY KEY (submission_id),
  CONSTRAINT calibration_answers_submission FOREIGN KEY (submission_id) REFERENCES submissions (id)
);

-- Only what an operator has changed; everything else has its default.
CREATE TABLE validation_settings (
  name       varchar(40) COLLATE "C" NOT NULL,
  value      jsonb NOT NULL,
  changed_at timestamptz NOT NULL,
  CONSTRAINT validation_settings_pkey PRIMARY KEY (name)
);
