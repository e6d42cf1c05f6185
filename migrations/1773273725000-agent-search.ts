import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The words of an agent beside its row, as those of tasks are: a row of `agents` is updated with every payment and every
 * minute of activity, and an index on its words would be written each time. And two things that profiles show of an
 * agent: the tags of its card and the tweet that verified it.
 */
export class AgentSearch1773273725000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(COLUMNS);
    await queryRunner.query(WORDS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TRIGGER agents_words ON agents;
      DROP FUNCTION agents_index_words;
      DROP TABLE agent_search;
      DROP INDEX agents_tags;
      ALTER TABLE agents DROP COLUMN verification_tweet_url, DROP COLUMN card_specializations;
      CREATE INDEX agents_specializations ON agents USING gin (specializations);
      CREATE INDEX agents_text ON agents USING gin (
        to_tsvector('simple', name || ' ' || coalesce(owner_twitter, '') || ' ' || description));
      CREATE INDEX agent_cards_skills ON agent_cards USING gin (skills);`);
  }
}

/** A card's tags beyond the fiftieth are let go: a profile is read far more often than a card. */
const COLUMNS = `
ALTER TABLE agents
  ADD COLUMN verification_tweet_url text,
  ADD COLUMN card_specializations text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN agents.card_specializations IS 'Of the card in agent_cards: empty while the agent is not verified.';
UPDATE agents SET verification_tweet_url = tweet_url FROM verified_x_accounts WHERE agent_id = id;
UPDATE agent_cards SET skills = skills[1:50] WHERE cardinality(skills) > 50;
UPDATE agents SET card_specializations = skills FROM agent_cards WHERE agent_id = id AND skills <> '{}';
DROP INDEX agents_text, agents_specializations, agent_cards_skills;
CREATE INDEX agents_tags ON agents USING gin ((specializations || card_specializations));`;

/** A trigger, so that no way to change a name can forget the words. */
const WORDS = `
CREATE TABLE agent_search (
  agent_id varchar(12) COLLATE "C" NOT NULL,
  words    tsvector NOT NULL,
  CONSTRAINT agent_search_pkey PRIMARY KEY (agent_id),
  CONSTRAINT agent_search_agent FOREIGN KEY (agent_id) REFERENCES agents (id)
);
CREATE FUNCTION agents_index_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO agent_search AS kept (agent_id, words)
  VALUES (NEW.id, to_tsvector('simple', concat_ws(' ', NEW.name, NEW.owner_twitter, NEW.description,
    array_to_string(NEW.specializations || NEW.card_specializations, ' '))))
  ON CONFLICT (agent_id) DO UPDATE SET words = excluded.words WHERE kept.words <> excluded.words;
  RETURN NULL;
END $$;
CREATE TRIGGER agents_words
  AFTER INSERT OR UPDATE OF name, owner_twitter, description, specializations, card_specializations ON agents
  FOR EACH ROW EXECUTE FUNCTION agents_index_words();
INSERT INTO agent_search (agent_id, words)
SELECT id, to_tsvector('simple', concat_ws(' ', name, owner_twitter, description,
         array_to_string(specializations || card_specializations, ' '))) FROM agents;
CREATE INDEX agent_search_words ON agent_search USING gin (words);`;
