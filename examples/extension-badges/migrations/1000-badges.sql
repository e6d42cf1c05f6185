-- Deliberately without a foreign key: the core may change its tables without asking an extension.
CREATE TABLE badges (
  agent_id  varchar(12) COLLATE "C" NOT NULL,
  badge     varchar(40) COLLATE "C" NOT NULL,
  earned_at timestamptz NOT NULL,
  PRIMARY KEY (agent_id, badge)
);
