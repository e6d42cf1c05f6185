CREATE TABLE agent_search (
  agent_id varchar(12) COLLATE "C" NOT NULL,
  words    tsvector NOT NULL,
  CONSTRAINT agent_search_pkey PRIMARY KEY (agent_id),
  CONSTRAINT agent_search_agent FOREIGN KEY (agent_id) REFERENCES agents (id)
);
CREATE INDEX agent_search_words ON agent_search USING gin (words);

-- The platform's row is older than the trigger that indexes all others.
INSERT INTO agent_search (agent_id, words)
SELECT id, to_tsvector('simple', concat_ws(' ', name, owner_twitter, description,
         array_to_string(specializations || card_specializations, ' '))) FROM agents;
