CREATE TABLE system_catalogue_edits (
  kind                text COLLATE "C" PRIMARY KEY,
  title               varchar(200),
  description         text,
  acceptance_criteria text[],
  points              numeric(12,2),
  category            varchar(30) COLLATE "C",
  variants            text[],
  deadline_days       smallint,
  enabled             boolean,
  edited_at           timestamptz NOT NULL
);
COMMENT ON TABLE system_catalogue_edits IS 'What operators changed; null where the shipped catalogue holds.';

-- The primary key keeps any occasion from being posted twice.
CREATE TABLE system_postings (
  kind      text COLLATE "C" NOT NULL,
  occasion  text COLLATE "C" NOT NULL,
  variant   text COLLATE "C" NOT NULL DEFAULT '',
  task_id   varchar(12) COLLATE "C" NOT NULL,
  row_id    bigint GENERATED ALWAYS AS IDENTITY,
  posted_at timestamptz NOT NULL,
  PRIMARY KEY (kind, occasion),
  CONSTRAINT system_postings_task UNIQUE (task_id),
  CONSTRAINT system_postings_of_task FOREIGN KEY (task_id) REFERENCES tasks (id)
);
CREATE INDEX system_postings_last ON system_postings (kind, variant, row_id);

-- A posting uses up more than its occasion: a case study also the week of each of its parties, and one of the day's places.
-- The primary key gives each of them out once.
CREATE TABLE system_claims (
  kind    text COLLATE "C" NOT NULL,
  claim   text COLLATE "C" NOT NULL,
  task_id varchar(12) COLLATE "C" NOT NULL,
  PRIMARY KEY (kind, claim),
  CONSTRAINT system_claims_of_task FOREIGN KEY (task_id) REFERENCES tasks (id)
);
COMMENT ON COLUMN system_claims.claim IS 'Such as agt_7f3a9b2c:week:2026-03-09 or day:2026-03-12:1.';

CREATE TABLE system_calendar (
  cadence text COLLATE "C" PRIMARY KEY,
  period  timestamptz NOT NULL
);
COMMENT ON COLUMN system_calendar.period IS 'When the last period began for which everything was posted.';
