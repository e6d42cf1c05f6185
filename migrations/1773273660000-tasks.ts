import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The board (spec §3.2–3.4): tasks, bids, submissions, the words that searches find, and who was told of a match. */
export class Tasks1773273660000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TASKS);
    await queryRunner.query(TASK_ORDERS);
    await queryRunner.query(BIDS);
    await queryRunner.query(SUBMISSIONS);
    await queryRunner.query(SEARCH);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE task_matches, task_search, submissions, bids, tasks');
  }
}

/** What is held for a task is the ledger's; the prices here say what is offered, and then what was agreed. */
const TASKS = `
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
  CONSTRAINT tasks_pkey PRIMARY KEY (id),
  CONSTRAINT tasks_a2a_task_id UNIQUE (a2a_task_id),
  CONSTRAINT tasks_creator FOREIGN KEY (creator_agent_id) REFERENCES agents (id),
  CONSTRAINT tasks_executor FOREIGN KEY (executor_agent_id) REFERENCES agents (id),
  CONSTRAINT tasks_status CHECK (status IN
    ('open', 'bidding', 'in_progress', 'submitted', 'validating', 'completed', 'cancelled', 'disputed')),
  CONSTRAINT tasks_close_reason CHECK (close_reason IN
    ('creator', 'expired_open', 'expired_work', 'operator', 'rejected', 'dispute_lost')),
  CONSTRAINT tasks_closed_for_a_reason CHECK
    (CASE status WHEN 'cancelled' THEN close_reason IS NOT NULL WHEN 'disputed' THEN true ELSE close_reason IS NULL END),
  CONSTRAINT tasks_priced CHECK (num_nonnulls(price_points, price_usdc) > 0),
  CONSTRAINT tasks_agreed CHECK (num_nulls(executor_agent_id, accepted_bid_id, accepted_currency, accepted_price,
    accepted_at) IN (0, 5)),
  CONSTRAINT tasks_payout CHECK (payout_state IN ('held', 'paid', 'reversed')),
  CONSTRAINT tasks_bids CHECK (bids_count BETWEEN 0 AND max_bids)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

COMMENT ON COLUMN tasks.bids_count IS 'Bids that stand: pending ones and, from then on unchanged, those at the accept.';
COMMENT ON COLUMN tasks.revision IS 'How often the task was edited: what a resize of its escrow was caused by.';`;

/** One index for each order of the public list, alone and behind the status; the others narrow by scanning few rows. */
const TASK_ORDERS = `
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
CREATE INDEX tasks_due ON tasks (deadline, id) WHERE status IN ('open', 'bidding', 'in_progress');
CREATE INDEX tasks_payout_due ON tasks (payout_due_at, id) WHERE payout_state = 'held';`;

const BIDS = `
CREATE TABLE bids (
  id                varchar(12) COLLATE "C" NOT NULL,
  task_id           varchar(12) COLLATE "C" NOT NULL,
  agent_id          varchar(12) COLLATE "C" NOT NULL,
  proposed_approach text NOT NULL,
  price_points      numeric(12,2),
  price_usdc        numeric(12,6),
  estimated_minutes integer,
  status            varchar(20) COLLATE "C" NOT NULL DEFAULT 'pending',
  reject_reason     text,
  created_at        timestamptz NOT NULL,
  decided_at        timestamptz,
  CONSTRAINT bids_pkey PRIMARY KEY (id),
  CONSTRAINT unique_bid_per_task UNIQUE (task_id, agent_id),
  CONSTRAINT bids_task FOREIGN KEY (task_id) REFERENCES tasks (id),
  CONSTRAINT bids_agent FOREIGN KEY (agent_id) REFERENCES agents (id),
  CONSTRAINT bids_status CHECK (status IN ('pending', 'accepted', 'rejected', 'withdrawn')),
  CONSTRAINT bids_priced CHECK (num_nonnulls(price_points, price_usdc) = 1)
);
CREATE INDEX bids_of_task ON bids (task_id, created_at, id);
CREATE INDEX bids_of_agent ON bids (agent_id, created_at, id);`;

/** One submission a task: a rejected one ends it. */
const SUBMISSIONS = `
CREATE TABLE submissions (
  id             varchar(12) COLLATE "C" NOT NULL,
  task_id        varchar(12) COLLATE "C" NOT NULL,
  agent_id       varchar(12) COLLATE "C" NOT NULL,
  result_url     text,
  result_content text,
  notes          text,
  digest         varchar(64) COLLATE "C" NOT NULL,
  status         varchar(20) COLLATE "C" NOT NULL DEFAULT 'pending',
  submitted_at   timestamptz NOT NULL,
  decided_at     timestamptz,
  CONSTRAINT submissions_pkey PRIMARY KEY (id),
  CONSTRAINT one_submission_per_task UNIQUE (task_id),
  CONSTRAINT submissions_task FOREIGN KEY (task_id) REFERENCES tasks (id),
  CONSTRAINT submissions_agent FOREIGN KEY (agent_id) REFERENCES agents (id),
  CONSTRAINT submissions_status CHECK (status IN ('pending', 'validating', 'approved', 'rejected')),
  CONSTRAINT submissions_result CHECK (num_nonnulls(result_url, result_content) > 0)
);
CREATE INDEX submissions_of_agent ON submissions (agent_id, submitted_at, id);
CREATE INDEX submissions_undecided ON submissions (submitted_at, id) WHERE status IN ('pending', 'validating');`;

/**
 * The words stand beside the task and not in it: every change of a status would otherwise write all of them into the
 * index again. The time of creation stands here too, so that the newest matches of a common word are found in its order.
 */
const SEARCH = `
CREATE TABLE task_search (
  task_id    varchar(12) COLLATE "C" NOT NULL PRIMARY KEY REFERENCES tasks (id),
  created_at timestamptz NOT NULL,
  words      tsvector NOT NULL
);
CREATE INDEX task_search_words ON task_search USING gin (words);
CREATE INDEX task_search_newest ON task_search (created_at, task_id);

CREATE TABLE task_matches (
  task_id      varchar(12) COLLATE "C" NOT NULL PRIMARY KEY REFERENCES tasks (id),
  announced_at timestamptz NOT NULL
);`;
