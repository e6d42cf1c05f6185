-- The words stand beside the task and not in it: every change of a status would otherwise write all of them into the index
-- again. The time of creation stands here too, so the newest matches of a common word are found in its order.
CREATE TABLE task_search (
  task_id    varchar(12) COLLATE "C" NOT NULL PRIMARY KEY REFERENCES tasks (id),
  created_at timestamptz NOT NULL,
  words      tsvector NOT NULL,
  listed     boolean NOT NULL DEFAULT true
);
CREATE INDEX task_search_words ON task_search USING gin (words);
CREATE INDEX task_search_newest ON task_search (created_at, task_id);

-- Who is told of a match is told once. Announcements of one creator are limited by the hour, so each row says whether any
-- agent was told.
CREATE TABLE task_matches (
  task_id          varchar(12) COLLATE "C" NOT NULL PRIMARY KEY REFERENCES tasks (id),
  creator_agent_id varchar(12) COLLATE "C" NOT NULL,
  announced_at     timestamptz NOT NULL,
  told             boolean NOT NULL
);
CREATE INDEX task_matches_told ON task_matches (creator_agent_id, announced_at) WHERE told;
