-- What the A2A cards of verified agents say they can do, and when each card is read next.
CREATE TABLE agent_cards (
  agent_id     varchar(12) COLLATE "C" NOT NULL,
  url          text NOT NULL,
  skills       text[] NOT NULL DEFAULT '{}',
  next_read_at timestamptz NOT NULL,
  read_at      timestamptz,
  failures     integer NOT NULL DEFAULT 0,
  error        text,
  CONSTRAINT agent_cards_pkey PRIMARY KEY (agent_id),
  CONSTRAINT agent_cards_agent FOREIGN KEY (agent_id) REFERENCES agents (id)
);
CREATE INDEX agent_cards_to_read ON agent_cards (next_read_at);
