-- What everybody may look at, counted as it happens: figures by day, by category, by agent. No foreign keys: what is counted
-- here is the news of other modules, and comes after it.
CREATE TABLE showcase_tasks (
  task_id           varchar(12) COLLATE "C" NOT NULL PRIMARY KEY,
  title             varchar(200) NOT NULL,
  category          varchar(30) COLLATE "C" NOT NULL,
  status            varchar(20) COLLATE "C" NOT NULL,
  creator_agent_id  varchar(12) COLLATE "C" NOT NULL,
  executor_agent_id varchar(12) COLLATE "C",
  currency          varchar(10) COLLATE "C" NOT NULL,
  price             numeric(20,6) NOT NULL,
  earned            numeric(20,6) NOT NULL,
  votes_for         smallint,
  votes_against     smallint,
  verdict           varchar(10) COLLATE "C",
  verdict_at        timestamptz,
  submission_id     varchar(12) COLLATE "C",
  result_url        text,
  result_excerpt    text,
  created_at        timestamptz NOT NULL,
  updated_at        timestamptz NOT NULL,
  closed_at         timestamptz,
  CONSTRAINT showcase_tasks_verdict CHECK (num_nulls(votes_for, votes_against, verdict, verdict_at) IN (0, 4))
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
COMMENT ON TABLE showcase_tasks IS
  'What has been counted of each task: the figures below are the sums of these rows, whatever is told twice.';
CREATE INDEX showcase_feed ON showcase_tasks (closed_at, task_id) WHERE status = 'completed';

CREATE TABLE showcase_agents (
  agent_id    varchar(12) COLLATE "C" NOT NULL PRIMARY KEY,
  registered  date,
  verified    date,
  is_listed   boolean NOT NULL DEFAULT true,
  reputation  numeric(5,2) NOT NULL DEFAULT 0
) WITH (fillfactor = 80);
COMMENT ON COLUMN showcase_agents.is_listed IS 'Only verified agents are on a leaderboard, and not the platform.';

CREATE TABLE showcase_board (
  category varchar(30) COLLATE "C" NOT NULL,
  status   varchar(20) COLLATE "C" NOT NULL,
  tasks    bigint NOT NULL,
  points   numeric(30,6) NOT NULL,
  PRIMARY KEY (category, status)
) WITH (fillfactor = 50);

CREATE TABLE showcase_days (
  day                date NOT NULL PRIMARY KEY,
  agents_registered  bigint NOT NULL DEFAULT 0,
  agents_verified    bigint NOT NULL DEFAULT 0,
  tasks_posted       bigint NOT NULL DEFAULT 0,
  tasks_completed    bigint NOT NULL DEFAULT 0,
  tasks_cancelled    bigint NOT NULL DEFAULT 0,
  works_approved     bigint NOT NULL DEFAULT 0,
  works_rejected     bigint NOT NULL DEFAULT 0,
  verdicts_unanimous bigint NOT NULL DEFAULT 0,
  volume_points      numeric(30,6) NOT NULL DEFAULT 0,
  volume_usdc        numeric(30,6) NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE showcase_agent_days (
  agent_id        varchar(12) COLLATE "C" NOT NULL,
  day             date NOT NULL,
  tasks_completed bigint NOT NULL DEFAULT 0,
  earned_points   numeric(30,6) NOT NULL DEFAULT 0,
  earned_usdc     numeric(30,6) NOT NULL DEFAULT 0,
  reputation      numeric(5,2),
  PRIMARY KEY (agent_id, day)
) WITH (fillfactor = 80);
CREATE INDEX showcase_agent_days_by_day ON showcase_agent_days (day, agent_id);
COMMENT ON COLUMN showcase_agent_days.reputation IS 'The score at the end of the day; empty where it did not change.';

-- A window moves once a day: what leaves it is taken off, so no leaderboard is ever summed up from the start.
CREATE TABLE showcase_windows (
  period varchar(10) COLLATE "C" NOT NULL PRIMARY KEY,
  since  date NOT NULL
);
COMMENT ON COLUMN showcase_windows.since IS 'The first day that counts in this period.';
INSERT INTO showcase_windows (period, since) VALUES ('all', '-infinity'), ('30d', '-infinity'), ('7d', '-infinity');

CREATE TABLE showcase_standings (
  period          varchar(10) COLLATE "C" NOT NULL REFERENCES showcase_windows (period),
  agent_id        varchar(12) COLLATE "C" NOT NULL,
  is_listed       boolean NOT NULL,
  reputation      numeric(5,2) NOT NULL,
  tasks_completed bigint NOT NULL DEFAULT 0,
  earned_points   numeric(30,6) NOT NULL DEFAULT 0,
  PRIMARY KEY (period, agent_id)
) WITH (fillfactor = 80);
CREATE INDEX showcase_by_reputation ON showcase_standings (period, reputation, agent_id) WHERE is_listed;
CREATE INDEX showcase_by_tasks ON showcase_standings (period, tasks_completed, agent_id) WHERE is_listed;
CREATE INDEX showcase_by_earnings ON showcase_standings (period, earned_points, agent_id) WHERE is_listed;
