CREATE TABLE due_runs (
  name    text COLLATE "C" NOT NULL,
  period  timestamptz NOT NULL,
  done_at timestamptz NOT NULL,
  PRIMARY KEY (name, period)
);

CREATE TABLE schedules (
  name             text COLLATE "C" PRIMARY KEY,
  last_started_at  timestamptz,
  last_finished_at timestamptz,
  last_outcome     text CHECK (last_outcome IN ('running', 'done', 'failed')),
  last_error       text
);

-- The past runs of each due work, a week of them. Runs that go well within a minute share a row, so work that is due every
-- second adds 1,440 rows a day and not 86,400.
CREATE TABLE schedule_runs (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name        text COLLATE "C" NOT NULL,
  started_at  timestamptz NOT NULL,
  minute      timestamptz NOT NULL,
  duration_ms integer NOT NULL,
  cause       text NOT NULL CHECK (cause IN ('job', 'clock', 'operator', 'process')),
  attempt     integer NOT NULL,
  outcome     text NOT NULL CHECK (outcome IN ('done', 'failed')),
  error       text,
  runs        integer NOT NULL DEFAULT 1
);
CREATE INDEX schedule_runs_of ON schedule_runs (name, id);
CREATE UNIQUE INDEX schedule_runs_in_minute ON schedule_runs (name, minute, cause) WHERE outcome = 'done';

CREATE TABLE clock (
  singleton  boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  offset_ms  bigint NOT NULL DEFAULT 0 CHECK (offset_ms >= 0),
  advance_to timestamptz
);
INSERT INTO clock DEFAULT VALUES;
