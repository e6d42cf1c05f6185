-- A movement sums to zero and every leg belongs to one. One query for both: which rule a leg breaks is asked only when one
-- does. A trigger on statements checks this once, where a foreign key would ask for every row.
CREATE OR REPLACE FUNCTION ledger_check_legs()
RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM new_legs l GROUP BY movement_id, currency
              HAVING sum(amount) <> 0 OR NOT EXISTS (SELECT FROM movements m WHERE m.id = l.movement_id)) THEN
    IF EXISTS (SELECT FROM new_legs GROUP BY movement_id, currency HAVING sum(amount) <> 0) THEN
      RAISE EXCEPTION 'A movement must sum to zero.' USING ERRCODE = 'check_violation';
    END IF;
    RAISE EXCEPTION 'A leg must belong to a movement.' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER transactions_balance AFTER INSERT ON transactions
  REFERENCING NEW TABLE AS new_legs FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_legs();
CREATE OR REPLACE TRIGGER transactions_balance AFTER INSERT ON transactions_p0
  REFERENCING NEW TABLE AS new_legs FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_legs();
CREATE OR REPLACE TRIGGER transactions_balance AFTER INSERT ON transactions_p1
  REFERENCING NEW TABLE AS new_legs FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_legs();
