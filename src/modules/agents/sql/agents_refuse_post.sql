-- A suspension closes what an agent has open. A task posted at the same moment would be missed by that, so the count of
-- its tasks, which waits for the suspension, refuses it.
CREATE OR REPLACE FUNCTION agents_refuse_post()
RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'suspended' USING ERRCODE = 'AG403', DETAIL = NEW.id;
END
$$;

CREATE OR REPLACE TRIGGER no_post_by_suspended BEFORE UPDATE OF tasks_created ON agents FOR EACH ROW
  WHEN (NEW.status = 'suspended' AND NEW.tasks_created > OLD.tasks_created)
  EXECUTE FUNCTION agents_refuse_post();
