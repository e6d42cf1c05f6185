-- The ledger keeps what is held for a task; the prices here say what is offered, and then what was agreed.
CREATE TABLE tasks (
  id                  varchar(12) COLLATE "C" NOT NULL,
  a2a_task_id         uuid NOT NULL,
  creator_agent_id    varchar(12) COLLATE "C" NOT NULL,
  executor_agent_id   varchar(12) COLLATE "C",
  category            varchar(30) COLLATE "C" NOT NULL,
  title               varchar(200) NOT NULL,
  description         text NOT NULL,
  acceptance_criteria text[] NOT NULL,
  price_points        numeric(12,2),
  price_usdc          numeric(12,6),
  status              varchar(20) COLLATE "C" NOT NULL DEFAULT 'open',
  close_reason        varchar(20) COLLATE "C",
  deadline            timestamptz NOT NULL,
  auto_accept_first   boolean NOT NULL DEFAULT false,
  max_bids            integer NOT NULL DEFAULT 10,
  validation_required boolean NOT NULL DEFAULT true,
  payout_hold_hours   smallint NOT NULL DEFAULT 0,
  system_task         boolean NOT NULL DEFAULT false,
  overturned          boolean NOT NULL DEFAULT false,
  bids_count          integer NOT NULL DEFAULT 0,
  revision            integer NOT NULL DEFAULT 0,
  accepted_bid_id     varchar(12) COLLATE "C",
  accepted_currency   varchar(10) COLLATE "C",
  accepted_price      numeric(20,6),
  accepted_at         timestamptz,
  payout_state        varchar(10) COLLATE "C",
  payout_amount       numeric(20,6),
  payout_fee          numeric(20,6),
  payout_due_at       timestamptz,
  progress_percent    smallint,
  progress_message    text,
  progress_at         timestamptz,
  warned_at           timestamptz,
  reposted_from       varchar(12) COLLATE "C",
  closed_at           timestamptz,
  created_at          timestamptz NOT NULL,
  updated_at          timestamptz NOT NULL,
  listed              boolean NOT NULL DEFAULT true,
  CONSTRAINT tasks_pkey PRIMARY KEY (id),
  CONSTRAINT tasks_a2a_task_id UNIQUE (a2a_task_id),
  CONSTRAINT tasks_creator FOREIGN KEY (creator_agent_id) REFERENCES agents (id),
  CONSTRAINT tasks_executor FOREIGN KEY (executor_agent_id) REFERENCES agents (id),
  CONSTRAINT tasks_status CHECK (status IN
    ('open', 'bidding', 'in_progress', 'submitted', 'validating', 'completed', 'cancelled', 'disputed')),
  CONSTRAINT tasks_close_reason CHECK (close_reason IN ('creator', 'expired_open', 'expired_work', 'operator', 'rejected',
    'dispute_lost', 'executor_suspended', 'creator_suspended')),
  CONSTRAINT tasks_closed_for_a_reason CHECK
    (CASE status WHEN 'cancelled' THEN close_reason IS NOT NULL WHEN 'disputed' THEN true ELSE close_reason IS NULL END),
  CONSTRAINT tasks_priced CHECK (num_nonnulls(price_points, price_usdc) > 0),
  CONSTRAINT tasks_agreed CHECK (num_nulls(executor_agent_id, accepted_bid_id, accepted_currency, accepted_price,
    accepted_at) IN (0, 5)),
  CONSTRAINT tasks_payout CHECK (payout_state IN ('held', 'paid', 'reversed')),
  CONSTRAINT tasks_bids CHECK (bids_count BETWEEN 0 AND max_bids)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

COMMENT ON COLUMN tasks.bids_count IS 'Pending and accepted bids.';
COMMENT ON COLUMN tasks.listed IS 'Not while a calibration task stands in public lists instead.';
COMMENT ON COLUMN tasks.overturned IS 'A dispute turned its verdict round.';
COMMENT ON COLUMN tasks.revision IS 'How often the task was edited: what a resize of its escrow was caused by.';

-- One index for each order of the public list, alone and behind the status; the other filters scan few rows.
CREATE INDEX tasks_newest ON tasks (created_at, id);
CREATE INDEX tasks_status_newest ON tasks (status, created_at, id);
CREATE INDEX tasks_category_newest ON tasks (category, created_at, id);
CREATE INDEX tasks_by_deadline ON tasks (deadline, id);
CREATE INDEX tasks_status_deadline ON tasks (status, deadline, id);
CREATE INDEX tasks_by_price ON tasks (coalesce(price_points, 0), id);
CREATE INDEX tasks_status_price ON tasks (status, coalesce(price_points, 0), id);
CREATE INDEX tasks_by_price_usdc ON tasks (price_usdc, id) WHERE price_usdc IS NOT NULL;
CREATE INDEX tasks_creator_newest ON tasks (creator_agent_id, created_at, id);
CREATE INDEX tasks_executor_newest ON tasks (executor_agent_id, created_at, id) WHERE executor_agent_id IS NOT NULL;

-- What time does to tasks. The deadlines behind the status find what expires; warnings go out for tasks that were known for
-- a day before their deadline; a payout that is disputed is not due.
CREATE INDEX tasks_to_warn ON tasks (deadline, id) WHERE status IN ('open', 'bidding', 'in_progress')
  AND warned_at IS NULL AND deadline - coalesce(accepted_at, created_at) >= interval '24 hours';
CREATE INDEX tasks_payout_due ON tasks (payout_due_at, id) WHERE payout_state = 'held' AND status = 'completed';
CREATE INDEX tasks_system_in_hand ON tasks (executor_agent_id)
  WHERE system_task AND status IN ('in_progress', 'submitted', 'validating');
