-- A trigger, so no way of changing a name can forget the words. They stand in a table of their own: a row of agents is
-- updated with every payment and every minute of activity, and an index on its words would be written each time.
CREATE OR REPLACE FUNCTION agents_index_words()
RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO agent_search AS kept (agent_id, words)
  VALUES (NEW.id, to_tsvector('simple', concat_ws(' ', NEW.name, NEW.owner_twitter, NEW.description,
    array_to_string(NEW.specializations || NEW.card_specializations, ' '))))
  ON CONFLICT (agent_id) DO UPDATE SET words = excluded.words WHERE kept.words <> excluded.words;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER agents_words
  AFTER INSERT OR UPDATE OF name, owner_twitter, description, specializations, card_specializations ON agents
  FOR EACH ROW EXECUTE FUNCTION agents_index_words();
