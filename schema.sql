-- The schema as the migrations and functions make it. Written by `npm run migration:check -- --write`; read it, but change
-- the files beside the modules.

-- ── sequence ledger_id_seq
CREATE SEQUENCE ledger_id_seq AS bigint INCREMENT 2 START 2;
COMMENT ON SEQUENCE ledger_id_seq IS 'Even: a debit and, where it is the first, its movement. The credit is one more.';

-- ── sequence sandbox_x_tweet_ids
CREATE SEQUENCE sandbox_x_tweet_ids AS bigint INCREMENT 1 START 1700000000000000001;

-- ── table accounts
CREATE TABLE accounts (
  id character varying(12) COLLATE "C" NOT NULL,
  currency character varying(10) NOT NULL,
  balance numeric(20,6) DEFAULT 0 NOT NULL,
  debt numeric(20,6) DEFAULT 0 NOT NULL,
  spent_total numeric(20,6) DEFAULT 0 NOT NULL,
  may_receive boolean DEFAULT true NOT NULL,
  last_emission_day date,
  last_decay_step integer,
  opened_at timestamp with time zone NOT NULL,
  CONSTRAINT accounts_pkey PRIMARY KEY (id, currency),
  CONSTRAINT accounts_balance_check CHECK ((balance >= (0)::numeric)),
  CONSTRAINT accounts_currency_check CHECK (((currency)::text = ANY ((ARRAY['points'::character varying, 'usdc'::character varying])::text[]))),
  CONSTRAINT accounts_debt_check CHECK ((debt >= (0)::numeric)),
  CONSTRAINT accounts_id_check CHECK ((((id)::text ~~ 'agt\_%'::text) AND ((id)::text <> 'agt_system'::text)))
) WITH (fillfactor=70, autovacuum_vacuum_scale_factor=0.05);
COMMENT ON COLUMN accounts.balance IS 'What the legs of this account sum to, kept beside them.';
COMMENT ON COLUMN accounts.debt IS 'What is still open in debts. Spending is refused until it is nothing.';
COMMENT ON COLUMN accounts.may_receive IS 'Asked by transfers and emission alone. Whatever is due always arrives.';
COMMENT ON COLUMN accounts.spent_total IS 'All debits so far less what was given back: with it, the age of what is left needs no lots.';

-- ── table agent_cards
CREATE TABLE agent_cards (
  agent_id character varying(12) COLLATE "C" NOT NULL,
  url text NOT NULL,
  skills text[] DEFAULT '{}'::text[] NOT NULL,
  next_read_at timestamp with time zone NOT NULL,
  read_at timestamp with time zone,
  failures integer DEFAULT 0 NOT NULL,
  error text,
  CONSTRAINT agent_cards_pkey PRIMARY KEY (agent_id),
  CONSTRAINT agent_cards_agent FOREIGN KEY (agent_id) REFERENCES agents(id)
);
CREATE INDEX agent_cards_to_read ON agent_cards USING btree (next_read_at);

-- ── table agent_search
CREATE TABLE agent_search (
  agent_id character varying(12) COLLATE "C" NOT NULL,
  words tsvector NOT NULL,
  CONSTRAINT agent_search_pkey PRIMARY KEY (agent_id),
  CONSTRAINT agent_search_agent FOREIGN KEY (agent_id) REFERENCES agents(id)
);
CREATE INDEX agent_search_words ON agent_search USING gin (words);

-- ── table agents
CREATE TABLE agents (
  id character varying(12) COLLATE "C" NOT NULL,
  name character varying(100) NOT NULL,
  description text DEFAULT ''::text NOT NULL,
  owner_twitter character varying(50),
  former_handle character varying(50),
  status character varying(20) DEFAULT 'unverified'::character varying NOT NULL,
  reputation_score numeric(5,2) DEFAULT 0 NOT NULL,
  tasks_completed integer DEFAULT 0 NOT NULL,
  tasks_created integer DEFAULT 0 NOT NULL,
  works_approved integer DEFAULT 0 NOT NULL,
  works_failed integer DEFAULT 0 NOT NULL,
  ratings_count integer DEFAULT 0 NOT NULL,
  ratings_sum integer DEFAULT 0 NOT NULL,
  specializations text[] DEFAULT '{}'::text[] NOT NULL,
  card_specializations text[] DEFAULT '{}'::text[] NOT NULL,
  webhook_url text,
  webhook_secret bytea,
  webhook_next_secret bytea,
  webhook_overlap_ends_at timestamp with time zone,
  webhook_status character varying(20) DEFAULT 'none'::character varying NOT NULL,
  webhook_disabled_reason text,
  webhook_failed_event text COLLATE "C",
  a2a_card_url text,
  api_key_hash bytea NOT NULL,
  retired_key_hash bytea,
  retired_at timestamp with time zone,
  verified_at timestamp with time zone,
  verification_tweet_url text,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  last_seen_at timestamp with time zone,
  CONSTRAINT agents_pkey PRIMARY KEY (id),
  CONSTRAINT agents_reputation CHECK (((reputation_score >= (0)::numeric) AND (reputation_score <= (5)::numeric))),
  CONSTRAINT agents_status CHECK (((status)::text = ANY ((ARRAY['unverified'::character varying, 'verified'::character varying, 'suspended'::character varying])::text[]))),
  CONSTRAINT agents_webhook_overlap CHECK (((webhook_next_secret IS NULL) = (webhook_overlap_ends_at IS NULL))),
  CONSTRAINT agents_webhook_status CHECK (((webhook_status)::text = ANY ((ARRAY['none'::character varying, 'active'::character varying, 'verifying'::character varying, 'disabled'::character varying])::text[]))),
  CONSTRAINT unique_owner_twitter UNIQUE (owner_twitter)
);
CREATE INDEX agents_by_created ON agents USING btree (created_at, id);
CREATE INDEX agents_by_former_handle ON agents USING btree (former_handle) WHERE (former_handle IS NOT NULL);
CREATE INDEX agents_by_reputation ON agents USING btree (reputation_score, id);
CREATE INDEX agents_by_tasks_completed ON agents USING btree (tasks_completed, id);
CREATE INDEX agents_by_webhook_host ON agents USING btree (lower("substring"(webhook_url, '^[^:]+://(?:[^/?#@]*@)?([^/?#:]+)'::text))) WHERE ((status)::text = 'verified'::text);
CREATE INDEX agents_tags ON agents USING gin (((specializations || card_specializations)));
CREATE INDEX agents_who_judge ON agents USING btree (id) INCLUDE (reputation_score) WHERE ((status)::text = 'verified'::text);
CREATE TRIGGER agents_words AFTER INSERT OR UPDATE OF name, owner_twitter, description, specializations, card_specializations ON agents FOR EACH ROW EXECUTE FUNCTION agents_index_words();
CREATE TRIGGER no_post_by_suspended BEFORE UPDATE OF tasks_created ON agents FOR EACH ROW WHEN ((((new.status)::text = 'suspended'::text) AND (new.tasks_created > old.tasks_created))) EXECUTE FUNCTION agents_refuse_post();
COMMENT ON COLUMN agents.card_specializations IS 'Of the card in agent_cards: empty while the agent is not verified.';

-- ── table audit_log
CREATE TABLE audit_log (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  at timestamp with time zone NOT NULL,
  operator_id text COLLATE "C" NOT NULL,
  operator_name text NOT NULL,
  act text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  reason text NOT NULL,
  details jsonb NOT NULL,
  CONSTRAINT audit_log_pkey PRIMARY KEY (id),
  CONSTRAINT audit_log_reason_check CHECK (((length(reason) >= 5) AND (length(reason) <= 500)))
);
CREATE INDEX audit_log_subject ON audit_log USING btree (subject, id);
CREATE TRIGGER audit_log_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- ── table balance_snapshots
CREATE TABLE balance_snapshots (
  step integer NOT NULL,
  account_id character varying(12) COLLATE "C" NOT NULL,
  balance numeric(20,6) NOT NULL,
  spent_total numeric(20,6) NOT NULL,
  CONSTRAINT balance_snapshots_pkey PRIMARY KEY (step, account_id)
) PARTITION BY LIST (step);

-- ── table bids
CREATE TABLE bids (
  id character varying(12) COLLATE "C" NOT NULL,
  task_id character varying(12) COLLATE "C" NOT NULL,
  agent_id character varying(12) COLLATE "C" NOT NULL,
  proposed_approach text NOT NULL,
  price_points numeric(12,2),
  price_usdc numeric(12,6),
  estimated_minutes integer,
  status character varying(20) COLLATE "C" DEFAULT 'pending'::character varying NOT NULL,
  reject_reason text,
  created_at timestamp with time zone NOT NULL,
  decided_at timestamp with time zone,
  CONSTRAINT bids_pkey PRIMARY KEY (id),
  CONSTRAINT bids_agent FOREIGN KEY (agent_id) REFERENCES agents(id),
  CONSTRAINT bids_priced CHECK ((num_nonnulls(price_points, price_usdc) = 1)),
  CONSTRAINT bids_status CHECK (((status)::text = ANY ((ARRAY['pending'::character varying, 'accepted'::character varying, 'rejected'::character varying, 'withdrawn'::character varying])::text[]))),
  CONSTRAINT bids_task FOREIGN KEY (task_id) REFERENCES tasks(id),
  CONSTRAINT unique_bid_per_task UNIQUE (task_id, agent_id)
);
CREATE INDEX bids_of_agent ON bids USING btree (agent_id, created_at, id);
CREATE INDEX bids_of_task ON bids USING btree (task_id, created_at, id);

-- ── table calibration_answers
CREATE TABLE calibration_answers (
  submission_id character varying(12) COLLATE "C" NOT NULL,
  approved boolean NOT NULL,
  loaded_by text NOT NULL,
  loaded_at timestamp with time zone NOT NULL,
  CONSTRAINT calibration_answers_pkey PRIMARY KEY (submission_id),
  CONSTRAINT calibration_answers_submission FOREIGN KEY (submission_id) REFERENCES submissions(id)
);

-- ── table calibration_tasks
CREATE TABLE calibration_tasks (
  task_id character varying(12) COLLATE "C" NOT NULL,
  submission_id character varying(12) COLLATE "C" NOT NULL,
  source_task_id character varying(12) COLLATE "C" NOT NULL,
  later_by_ms bigint NOT NULL,
  validated_since timestamp with time zone NOT NULL,
  seats smallint NOT NULL,
  voting_ends timestamp with time zone NOT NULL,
  CONSTRAINT calibration_tasks_pkey PRIMARY KEY (task_id),
  CONSTRAINT calibration_tasks_source FOREIGN KEY (source_task_id) REFERENCES tasks(id),
  CONSTRAINT calibration_tasks_task FOREIGN KEY (task_id) REFERENCES tasks(id)
);

-- ── table clock
CREATE TABLE clock (
  singleton boolean DEFAULT true NOT NULL,
  offset_ms bigint DEFAULT 0 NOT NULL,
  advance_to timestamp with time zone,
  CONSTRAINT clock_pkey PRIMARY KEY (singleton),
  CONSTRAINT clock_offset_ms_check CHECK ((offset_ms >= 0)),
  CONSTRAINT clock_singleton_check CHECK (singleton)
);

-- ── table debts
CREATE TABLE debts (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  debtor character varying(12) COLLATE "C" NOT NULL,
  creditor character varying(12) COLLATE "C" NOT NULL,
  currency character varying(10) NOT NULL,
  amount numeric(20,6) NOT NULL,
  outstanding numeric(20,6) NOT NULL,
  cause text NOT NULL,
  reference character varying(64) COLLATE "C",
  movement_id bigint NOT NULL,
  booked_at timestamp with time zone NOT NULL,
  CONSTRAINT debts_pkey PRIMARY KEY (id),
  CONSTRAINT debts_amount_check CHECK ((amount > (0)::numeric)),
  CONSTRAINT debts_check CHECK (((outstanding >= (0)::numeric) AND (outstanding <= amount))),
  CONSTRAINT debts_check1 CHECK (((debtor)::text <> (creditor)::text)),
  CONSTRAINT debts_debtor_currency_fkey FOREIGN KEY (debtor, currency) REFERENCES accounts(id, currency),
  CONSTRAINT debts_movement_id_fkey FOREIGN KEY (movement_id) REFERENCES movements(id)
);
CREATE INDEX debts_open ON debts USING btree (debtor, currency, id) WHERE (outstanding > (0)::numeric);
CREATE INDEX debts_open_for ON debts USING btree (reference) WHERE (outstanding > (0)::numeric);
COMMENT ON COLUMN debts.reference IS 'What the debt is for, as the movement that booked it has it.';

-- ── table decay_steps
CREATE TABLE decay_steps (
  step integer NOT NULL,
  at timestamp with time zone NOT NULL,
  agents integer DEFAULT 0 NOT NULL,
  burnt numeric(20,6) DEFAULT 0 NOT NULL,
  snapshot_at timestamp with time zone,
  closed_at timestamp with time zone,
  CONSTRAINT decay_steps_pkey PRIMARY KEY (step)
);

-- ── table disputes
CREATE TABLE disputes (
  id character varying(12) COLLATE "C" NOT NULL,
  task_id character varying(12) COLLATE "C" NOT NULL,
  submission_id character varying(12) COLLATE "C" NOT NULL,
  filed_by character varying(12) COLLATE "C" NOT NULL,
  creator_agent_id character varying(12) COLLATE "C" NOT NULL,
  executor_agent_id character varying(12) COLLATE "C" NOT NULL,
  reasoning text NOT NULL,
  verdict character varying(10) COLLATE "C" NOT NULL,
  status character varying(10) COLLATE "C" NOT NULL,
  deadline timestamp with time zone NOT NULL,
  resolved_by character varying(10) COLLATE "C",
  resolved_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT disputes_pkey PRIMARY KEY (id),
  CONSTRAINT disputes_filed_by FOREIGN KEY (filed_by) REFERENCES agents(id),
  CONSTRAINT disputes_resolved CHECK (((((status)::text = 'open'::text) = (resolved_at IS NULL)) AND (((status)::text = 'open'::text) = (resolved_by IS NULL)))),
  CONSTRAINT disputes_status CHECK (((status)::text = ANY ((ARRAY['open'::character varying, 'won'::character varying, 'lost'::character varying])::text[]))),
  CONSTRAINT disputes_submission FOREIGN KEY (submission_id) REFERENCES judgements(submission_id),
  CONSTRAINT one_dispute_per_submission UNIQUE (submission_id)
);
CREATE INDEX disputes_of_task ON disputes USING btree (task_id);

-- ── table draw_pools
CREATE TABLE draw_pools (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  day date NOT NULL,
  pool text[] COLLATE "C" NOT NULL,
  weights smallint[] NOT NULL,
  CONSTRAINT draw_pools_pkey PRIMARY KEY (id),
  CONSTRAINT one_pool_per_day UNIQUE (day)
);

-- ── table draw_secrets
CREATE TABLE draw_secrets (
  day date NOT NULL,
  commitment character varying(64) COLLATE "C" NOT NULL,
  sealed bytea NOT NULL,
  made_at timestamp with time zone NOT NULL,
  CONSTRAINT draw_secrets_pkey PRIMARY KEY (day)
);

-- ── table due_runs
CREATE TABLE due_runs (
  name text COLLATE "C" NOT NULL,
  period timestamp with time zone NOT NULL,
  done_at timestamp with time zone NOT NULL,
  CONSTRAINT due_runs_pkey PRIMARY KEY (name, period)
);

-- ── table emission_days
CREATE TABLE emission_days (
  day date NOT NULL,
  rate numeric(20,6) NOT NULL,
  share numeric(20,6) NOT NULL,
  cap numeric(20,6) NOT NULL,
  balance_cap numeric(20,6) NOT NULL,
  eligible integer NOT NULL,
  paid numeric(20,6) DEFAULT 0 NOT NULL,
  agents integer DEFAULT 0 NOT NULL,
  opened_at timestamp with time zone NOT NULL,
  closed_at timestamp with time zone,
  CONSTRAINT emission_days_pkey PRIMARY KEY (day),
  CONSTRAINT emission_days_check CHECK (((share >= (0)::numeric) AND (share <= rate))),
  CONSTRAINT emission_days_check1 CHECK ((paid <= cap))
);
COMMENT ON TABLE emission_days IS 'What a day pays is decided once, so that a run resumed pays by the same rule.';

-- ── table escrows
CREATE TABLE escrows (
  reference character varying(12) COLLATE "C" NOT NULL,
  currency character varying(10) NOT NULL,
  balance numeric(20,6) DEFAULT 0 NOT NULL,
  CONSTRAINT escrows_pkey PRIMARY KEY (reference, currency),
  CONSTRAINT escrows_balance_check CHECK ((balance >= (0)::numeric)),
  CONSTRAINT escrows_currency_check CHECK (((currency)::text = ANY ((ARRAY['points'::character varying, 'usdc'::character varying])::text[]))),
  CONSTRAINT escrows_reference_check CHECK (((reference)::text !~~ 'agt\_%'::text))
) WITH (fillfactor=70);
CREATE INDEX escrows_held ON escrows USING btree (reference, currency) WHERE (balance > (0)::numeric);

-- ── table event_done
CREATE TABLE event_done (
  subscriber text COLLATE "C" NOT NULL,
  shard smallint NOT NULL,
  "position" bigint NOT NULL,
  held_by text,
  held_until timestamp with time zone,
  busy_since timestamp with time zone,
  asked boolean DEFAULT false NOT NULL,
  failures integer DEFAULT 0 NOT NULL,
  failed_position bigint,
  last_error text,
  retry_at timestamp with time zone,
  CONSTRAINT event_done_pkey PRIMARY KEY (subscriber, shard)
);
CREATE INDEX event_done_failing ON event_done USING btree (subscriber) WHERE (failures > 0);

-- ── table idempotency_keys
CREATE TABLE idempotency_keys (
  caller text COLLATE "C" NOT NULL,
  key_hash bytea NOT NULL,
  request_hash bytea NOT NULL,
  answer text,
  sealed bytea,
  movement_id bigint,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (caller, key_hash),
  CONSTRAINT idempotency_keys_check CHECK ((num_nonnulls(answer, sealed, movement_id) = 1))
);

-- ── table inbox
CREATE TABLE inbox (
  agent_id text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  "position" bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  CONSTRAINT inbox_pkey PRIMARY KEY (agent_id, seq)
);

-- ── table judgements
CREATE TABLE judgements (
  submission_id character varying(12) COLLATE "C" NOT NULL,
  task_id character varying(12) COLLATE "C" NOT NULL,
  creator_agent_id character varying(12) COLLATE "C" NOT NULL,
  executor_agent_id character varying(12) COLLATE "C" NOT NULL,
  digest character varying(64) COLLATE "C" NOT NULL,
  status character varying(10) COLLATE "C" NOT NULL,
  panel character varying(10) COLLATE "C" NOT NULL,
  seats smallint NOT NULL,
  quorum smallint NOT NULL,
  escalates_splits boolean DEFAULT false NOT NULL,
  round smallint DEFAULT 1 NOT NULL,
  vacant smallint DEFAULT 0 NOT NULL,
  vacant_until timestamp with time zone,
  unfilled smallint DEFAULT 0 NOT NULL,
  picks smallint DEFAULT 0 NOT NULL,
  outcome character varying(10) COLLATE "C",
  decided_by character varying(10) COLLATE "C",
  decided_at timestamp with time zone,
  fee_burnt numeric(12,2),
  queued_at timestamp with time zone,
  calibration_source_id character varying(12) COLLATE "C",
  calibration_answer boolean,
  due_at timestamp with time zone,
  opened_at timestamp with time zone NOT NULL,
  past_panels jsonb DEFAULT '[]'::jsonb NOT NULL,
  CONSTRAINT judgements_pkey PRIMARY KEY (submission_id),
  CONSTRAINT judgements_calibration CHECK (((calibration_source_id IS NULL) = (calibration_answer IS NULL))),
  CONSTRAINT judgements_calibration_source FOREIGN KEY (calibration_source_id) REFERENCES submissions(id),
  CONSTRAINT judgements_creator FOREIGN KEY (creator_agent_id) REFERENCES agents(id),
  CONSTRAINT judgements_decided CHECK ((num_nulls(outcome, decided_by, decided_at) = ANY (ARRAY[0, 3]))),
  CONSTRAINT judgements_executor FOREIGN KEY (executor_agent_id) REFERENCES agents(id),
  CONSTRAINT judgements_go_on CHECK ((((status)::text = 'decided'::text) = (due_at IS NULL))),
  CONSTRAINT judgements_outcome CHECK (((outcome)::text = ANY ((ARRAY['approved'::character varying, 'rejected'::character varying])::text[]))),
  CONSTRAINT judgements_panel CHECK (((panel)::text = ANY ((ARRAY['first'::character varying, 'deadlock'::character varying, 'dispute'::character varying])::text[]))),
  CONSTRAINT judgements_queued CHECK ((((status)::text = 'queued'::text) = (queued_at IS NOT NULL))),
  CONSTRAINT judgements_status CHECK (((status)::text = ANY ((ARRAY['judging'::character varying, 'queued'::character varying, 'decided'::character varying])::text[])))
);
CREATE INDEX judgements_due ON judgements USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX judgements_of_calibration_source ON judgements USING btree (calibration_source_id) WHERE (calibration_source_id IS NOT NULL);
CREATE INDEX judgements_of_creator ON judgements USING btree (creator_agent_id, decided_at) WHERE (fee_burnt > (0)::numeric);
CREATE INDEX judgements_of_executor ON judgements USING btree (executor_agent_id, opened_at);
CREATE INDEX judgements_of_task ON judgements USING btree (task_id);
CREATE INDEX judgements_queue ON judgements USING btree (queued_at, submission_id) WHERE ((status)::text = 'queued'::text);
CREATE INDEX judgements_vacant ON judgements USING btree (vacant_until) WHERE (vacant > 0);

-- ── table kept_secrets
CREATE TABLE kept_secrets (
  name text NOT NULL,
  fingerprint bytea NOT NULL,
  kept_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT kept_secrets_pkey PRIMARY KEY (name),
  CONSTRAINT kept_secrets_fingerprint CHECK ((octet_length(fingerprint) = 32))
);

-- ── table ledger_checkpoints
CREATE TABLE ledger_checkpoints (
  account_id character varying(12) COLLATE "C" NOT NULL,
  currency character varying(10) NOT NULL,
  balance numeric(30,6) NOT NULL,
  CONSTRAINT ledger_checkpoints_pkey PRIMARY KEY (account_id, currency)
) WITH (fillfactor=70);

-- ── table ledger_marks
CREATE TABLE ledger_marks (
  name text NOT NULL,
  upto_id bigint DEFAULT 0 NOT NULL,
  at timestamp with time zone,
  CONSTRAINT ledger_marks_pkey PRIMARY KEY (name),
  CONSTRAINT ledger_marks_name_check CHECK ((name = ANY (ARRAY['totals'::text, 'checkpoint'::text])))
);
COMMENT ON TABLE ledger_marks IS 'Up to which movement the log has been summed up.';

-- ── table ledger_totals
CREATE TABLE ledger_totals (
  day date NOT NULL,
  currency character varying(10) NOT NULL,
  type character varying(30) NOT NULL,
  transactions bigint NOT NULL,
  moved numeric(30,6) NOT NULL,
  issued numeric(30,6) NOT NULL,
  burnt numeric(30,6) NOT NULL,
  CONSTRAINT ledger_totals_pkey PRIMARY KEY (day, currency, type)
);

-- ── table movements
CREATE TABLE movements (
  id bigint NOT NULL,
  natural_key bytea NOT NULL,
  type character varying(30) NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT movements_pkey PRIMARY KEY (id),
  CONSTRAINT movements_natural_key_check CHECK ((length(natural_key) = 32)),
  CONSTRAINT movements_natural_key_key UNIQUE (natural_key)
);
CREATE TRIGGER movements_append_only BEFORE DELETE OR UPDATE ON movements FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER movements_keep BEFORE TRUNCATE ON movements FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
COMMENT ON TABLE movements IS 'One row for each time that money moved, for ever: the SHA-256 of what caused it lets it happen once only.';

-- ── table operator_keys
CREATE TABLE operator_keys (
  id character varying(12) COLLATE "C" NOT NULL,
  name character varying(100) NOT NULL,
  role text NOT NULL,
  key_hash bytea NOT NULL,
  created_at timestamp with time zone NOT NULL,
  revoked_at timestamp with time zone,
  CONSTRAINT operator_keys_pkey PRIMARY KEY (id),
  CONSTRAINT operator_keys_key_hash_key UNIQUE (key_hash),
  CONSTRAINT operator_keys_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'admin'::text])))
);

-- ── table outbox
CREATE TABLE outbox (
  row_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  audience text[] COLLATE "C" NOT NULL,
  public boolean DEFAULT false NOT NULL,
  priority smallint DEFAULT 0 NOT NULL,
  data jsonb NOT NULL,
  at timestamp with time zone NOT NULL,
  "position" bigint,
  seqs jsonb,
  CONSTRAINT outbox_pkey PRIMARY KEY (row_id)
);
CREATE INDEX outbox_public ON outbox USING btree (subject, "position") WHERE public;
CREATE INDEX outbox_unnumbered ON outbox USING btree (priority, row_id) WHERE ("position" IS NULL);
CREATE UNIQUE INDEX outbox_position ON outbox USING btree ("position");

-- ── table rate_leases
CREATE UNLOGGED TABLE rate_leases (
  key text NOT NULL,
  window_ends_at timestamp with time zone NOT NULL,
  used integer NOT NULL,
  CONSTRAINT rate_leases_pkey PRIMARY KEY (key)
) WITH (fillfactor=50);

-- ── table reputation_changes
CREATE TABLE reputation_changes (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  agent_id character varying(12) COLLATE "C" NOT NULL,
  cause character varying(30) COLLATE "C" NOT NULL,
  subject character varying(40) COLLATE "C" NOT NULL,
  delta smallint NOT NULL,
  applied smallint NOT NULL,
  score smallint NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT reputation_changes_pkey PRIMARY KEY (id),
  CONSTRAINT one_change_per_cause UNIQUE (agent_id, subject, cause),
  CONSTRAINT reputation_changes_agent FOREIGN KEY (agent_id) REFERENCES agents(id),
  CONSTRAINT reputation_changes_score CHECK (((score >= 0) AND (score <= 500)))
);
CREATE INDEX reputation_changes_of ON reputation_changes USING btree (agent_id, id);
CREATE INDEX reputation_changes_sandbox ON reputation_changes USING btree (agent_id) WHERE ((cause)::text = 'sandbox'::text);

-- ── table reputation_completions
CREATE TABLE reputation_completions (
  submission_id character varying(12) COLLATE "C" NOT NULL,
  executor_agent_id character varying(12) COLLATE "C" NOT NULL,
  creator_agent_id character varying(12) COLLATE "C" NOT NULL,
  at timestamp with time zone NOT NULL,
  overturned boolean DEFAULT false NOT NULL,
  CONSTRAINT reputation_completions_pkey PRIMARY KEY (submission_id),
  CONSTRAINT reputation_completions_executor FOREIGN KEY (executor_agent_id) REFERENCES agents(id)
);
CREATE INDEX reputation_completions_by_creator ON reputation_completions USING btree (executor_agent_id, creator_agent_id) WHERE (NOT overturned);
CREATE INDEX reputation_completions_of ON reputation_completions USING btree (executor_agent_id, at);

-- ── table sandbox_x_accounts
CREATE TABLE sandbox_x_accounts (
  account_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  handle character varying(15) COLLATE "C" NOT NULL,
  created_at timestamp with time zone NOT NULL,
  followers integer NOT NULL,
  protected boolean NOT NULL,
  CONSTRAINT sandbox_x_accounts_pkey PRIMARY KEY (account_id),
  CONSTRAINT sandbox_x_accounts_followers_check CHECK ((followers >= 0)),
  CONSTRAINT sandbox_x_accounts_handle UNIQUE (handle)
);

-- ── table sandbox_x_tweets
CREATE TABLE sandbox_x_tweets (
  id numeric(19,0) DEFAULT nextval('sandbox_x_tweet_ids'::regclass) NOT NULL,
  account_id bigint NOT NULL,
  text text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT sandbox_x_tweets_pkey PRIMARY KEY (id),
  CONSTRAINT sandbox_x_tweets_account_id_fkey FOREIGN KEY (account_id) REFERENCES sandbox_x_accounts(account_id)
);

-- ── table schedule_runs
CREATE TABLE schedule_runs (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  name text COLLATE "C" NOT NULL,
  started_at timestamp with time zone NOT NULL,
  minute timestamp with time zone NOT NULL,
  duration_ms integer NOT NULL,
  cause text NOT NULL,
  attempt integer NOT NULL,
  outcome text NOT NULL,
  error text,
  runs integer DEFAULT 1 NOT NULL,
  CONSTRAINT schedule_runs_pkey PRIMARY KEY (id),
  CONSTRAINT schedule_runs_cause_check CHECK ((cause = ANY (ARRAY['job'::text, 'clock'::text, 'operator'::text, 'process'::text]))),
  CONSTRAINT schedule_runs_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'failed'::text])))
);
CREATE INDEX schedule_runs_of ON schedule_runs USING btree (name, id);
CREATE UNIQUE INDEX schedule_runs_in_minute ON schedule_runs USING btree (name, minute, cause) WHERE (outcome = 'done'::text);

-- ── table schedules
CREATE TABLE schedules (
  name text COLLATE "C" NOT NULL,
  last_started_at timestamp with time zone,
  last_finished_at timestamp with time zone,
  last_outcome text,
  last_error text,
  CONSTRAINT schedules_pkey PRIMARY KEY (name),
  CONSTRAINT schedules_last_outcome_check CHECK ((last_outcome = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text])))
);

-- ── table schema_files
CREATE TABLE schema_files (
  name text COLLATE "C" NOT NULL,
  checksum bytea NOT NULL,
  applied_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT schema_files_pkey PRIMARY KEY (name)
);

-- ── table showcase_agent_days
CREATE TABLE showcase_agent_days (
  agent_id character varying(12) COLLATE "C" NOT NULL,
  day date NOT NULL,
  tasks_completed bigint DEFAULT 0 NOT NULL,
  earned_points numeric(30,6) DEFAULT 0 NOT NULL,
  earned_usdc numeric(30,6) DEFAULT 0 NOT NULL,
  reputation numeric(5,2),
  CONSTRAINT showcase_agent_days_pkey PRIMARY KEY (agent_id, day)
) WITH (fillfactor=80);
CREATE INDEX showcase_agent_days_by_day ON showcase_agent_days USING btree (day, agent_id);
COMMENT ON COLUMN showcase_agent_days.reputation IS 'The score at the end of the day; empty where it did not change.';

-- ── table showcase_agents
CREATE TABLE showcase_agents (
  agent_id character varying(12) COLLATE "C" NOT NULL,
  registered date,
  verified date,
  is_listed boolean DEFAULT true NOT NULL,
  reputation numeric(5,2) DEFAULT 0 NOT NULL,
  CONSTRAINT showcase_agents_pkey PRIMARY KEY (agent_id)
) WITH (fillfactor=80);
COMMENT ON COLUMN showcase_agents.is_listed IS 'Only verified agents are on a leaderboard, and not the platform.';

-- ── table showcase_board
CREATE TABLE showcase_board (
  category character varying(30) COLLATE "C" NOT NULL,
  status character varying(20) COLLATE "C" NOT NULL,
  tasks bigint NOT NULL,
  points numeric(30,6) NOT NULL,
  CONSTRAINT showcase_board_pkey PRIMARY KEY (category, status)
) WITH (fillfactor=50);

-- ── table showcase_days
CREATE TABLE showcase_days (
  day date NOT NULL,
  agents_registered bigint DEFAULT 0 NOT NULL,
  agents_verified bigint DEFAULT 0 NOT NULL,
  tasks_posted bigint DEFAULT 0 NOT NULL,
  tasks_completed bigint DEFAULT 0 NOT NULL,
  tasks_cancelled bigint DEFAULT 0 NOT NULL,
  works_approved bigint DEFAULT 0 NOT NULL,
  works_rejected bigint DEFAULT 0 NOT NULL,
  verdicts_unanimous bigint DEFAULT 0 NOT NULL,
  volume_points numeric(30,6) DEFAULT 0 NOT NULL,
  volume_usdc numeric(30,6) DEFAULT 0 NOT NULL,
  CONSTRAINT showcase_days_pkey PRIMARY KEY (day)
) WITH (fillfactor=50);

-- ── table showcase_standings
CREATE TABLE showcase_standings (
  period character varying(10) COLLATE "C" NOT NULL,
  agent_id character varying(12) COLLATE "C" NOT NULL,
  is_listed boolean NOT NULL,
  reputation numeric(5,2) NOT NULL,
  tasks_completed bigint DEFAULT 0 NOT NULL,
  earned_points numeric(30,6) DEFAULT 0 NOT NULL,
  CONSTRAINT showcase_standings_pkey PRIMARY KEY (period, agent_id),
  CONSTRAINT showcase_standings_period_fkey FOREIGN KEY (period) REFERENCES showcase_windows(period)
) WITH (fillfactor=80);
CREATE INDEX showcase_by_earnings ON showcase_standings USING btree (period, earned_points, agent_id) WHERE is_listed;
CREATE INDEX showcase_by_reputation ON showcase_standings USING btree (period, reputation, agent_id) WHERE is_listed;
CREATE INDEX showcase_by_tasks ON showcase_standings USING btree (period, tasks_completed, agent_id) WHERE is_listed;

-- ── table showcase_tasks
CREATE TABLE showcase_tasks (
  task_id character varying(12) COLLATE "C" NOT NULL,
  title character varying(200) NOT NULL,
  category character varying(30) COLLATE "C" NOT NULL,
  status character varying(20) COLLATE "C" NOT NULL,
  creator_agent_id character varying(12) COLLATE "C" NOT NULL,
  executor_agent_id character varying(12) COLLATE "C",
  currency character varying(10) COLLATE "C" NOT NULL,
  price numeric(20,6) NOT NULL,
  earned numeric(20,6) NOT NULL,
  votes_for smallint,
  votes_against smallint,
  verdict character varying(10) COLLATE "C",
  verdict_at timestamp with time zone,
  submission_id character varying(12) COLLATE "C",
  result_url text,
  result_excerpt text,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  closed_at timestamp with time zone,
  CONSTRAINT showcase_tasks_pkey PRIMARY KEY (task_id),
  CONSTRAINT showcase_tasks_verdict CHECK ((num_nulls(votes_for, votes_against, verdict, verdict_at) = ANY (ARRAY[0, 4])))
) WITH (fillfactor=80, autovacuum_vacuum_scale_factor=0.05);
CREATE INDEX showcase_feed ON showcase_tasks USING btree (closed_at, task_id) WHERE ((status)::text = 'completed'::text);
COMMENT ON TABLE showcase_tasks IS 'What has been counted of each task: the figures below are the sums of these rows, whatever is told twice.';

-- ── table showcase_windows
CREATE TABLE showcase_windows (
  period character varying(10) COLLATE "C" NOT NULL,
  since date NOT NULL,
  CONSTRAINT showcase_windows_pkey PRIMARY KEY (period)
);
COMMENT ON COLUMN showcase_windows.since IS 'The first day that counts in this period.';

-- ── table submissions
CREATE TABLE submissions (
  id character varying(12) COLLATE "C" NOT NULL,
  task_id character varying(12) COLLATE "C" NOT NULL,
  agent_id character varying(12) COLLATE "C" NOT NULL,
  result_url text,
  result_content text,
  notes text,
  digest character varying(64) COLLATE "C" NOT NULL,
  status character varying(20) COLLATE "C" DEFAULT 'pending'::character varying NOT NULL,
  submitted_at timestamp with time zone NOT NULL,
  decided_at timestamp with time zone,
  disputed_at timestamp with time zone,
  CONSTRAINT submissions_pkey PRIMARY KEY (id),
  CONSTRAINT one_submission_per_task UNIQUE (task_id),
  CONSTRAINT submissions_agent FOREIGN KEY (agent_id) REFERENCES agents(id),
  CONSTRAINT submissions_result CHECK ((num_nonnulls(result_url, result_content) > 0)),
  CONSTRAINT submissions_status CHECK (((status)::text = ANY ((ARRAY['pending'::character varying, 'validating'::character varying, 'approved'::character varying, 'rejected'::character varying])::text[]))),
  CONSTRAINT submissions_task FOREIGN KEY (task_id) REFERENCES tasks(id)
);
CREATE INDEX submissions_of_agent ON submissions USING btree (agent_id, submitted_at, id);
CREATE INDEX submissions_undecided ON submissions USING btree (submitted_at, id) WHERE ((status)::text = ANY ((ARRAY['pending'::character varying, 'validating'::character varying])::text[]));

-- ── table system_calendar
CREATE TABLE system_calendar (
  cadence text COLLATE "C" NOT NULL,
  period timestamp with time zone NOT NULL,
  CONSTRAINT system_calendar_pkey PRIMARY KEY (cadence)
);
COMMENT ON COLUMN system_calendar.period IS 'When the last period began for which everything was posted.';

-- ── table system_catalogue_edits
CREATE TABLE system_catalogue_edits (
  kind text COLLATE "C" NOT NULL,
  title character varying(200),
  description text,
  acceptance_criteria text[],
  points numeric(12,2),
  category character varying(30) COLLATE "C",
  variants text[],
  deadline_days smallint,
  enabled boolean,
  edited_at timestamp with time zone NOT NULL,
  CONSTRAINT system_catalogue_edits_pkey PRIMARY KEY (kind)
);
COMMENT ON TABLE system_catalogue_edits IS 'What operators changed; null where the shipped catalogue holds.';

-- ── table system_claims
CREATE TABLE system_claims (
  kind text COLLATE "C" NOT NULL,
  claim text COLLATE "C" NOT NULL,
  task_id character varying(12) COLLATE "C" NOT NULL,
  CONSTRAINT system_claims_pkey PRIMARY KEY (kind, claim),
  CONSTRAINT system_claims_of_task FOREIGN KEY (task_id) REFERENCES tasks(id)
);
COMMENT ON COLUMN system_claims.claim IS 'Such as agt_7f3a9b2c:week:2026-03-09 or day:2026-03-12:1.';

-- ── table system_postings
CREATE TABLE system_postings (
  kind text COLLATE "C" NOT NULL,
  occasion text COLLATE "C" NOT NULL,
  variant text COLLATE "C" DEFAULT ''::text NOT NULL,
  task_id character varying(12) COLLATE "C" NOT NULL,
  row_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  posted_at timestamp with time zone NOT NULL,
  CONSTRAINT system_postings_pkey PRIMARY KEY (kind, occasion),
  CONSTRAINT system_postings_of_task FOREIGN KEY (task_id) REFERENCES tasks(id),
  CONSTRAINT system_postings_task UNIQUE (task_id)
);
CREATE INDEX system_postings_last ON system_postings USING btree (kind, variant, row_id);

-- ── table task_matches
CREATE TABLE task_matches (
  task_id character varying(12) COLLATE "C" NOT NULL,
  creator_agent_id character varying(12) COLLATE "C" NOT NULL,
  announced_at timestamp with time zone NOT NULL,
  told boolean NOT NULL,
  CONSTRAINT task_matches_pkey PRIMARY KEY (task_id),
  CONSTRAINT task_matches_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id)
);
CREATE INDEX task_matches_told ON task_matches USING btree (creator_agent_id, announced_at) WHERE told;

-- ── table task_search
CREATE TABLE task_search (
  task_id character varying(12) COLLATE "C" NOT NULL,
  created_at timestamp with time zone NOT NULL,
  words tsvector NOT NULL,
  listed boolean DEFAULT true NOT NULL,
  CONSTRAINT task_search_pkey PRIMARY KEY (task_id),
  CONSTRAINT task_search_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id)
);
CREATE INDEX task_search_newest ON task_search USING btree (created_at, task_id);
CREATE INDEX task_search_words ON task_search USING gin (words);

-- ── table tasks
CREATE TABLE tasks (
  id character varying(12) COLLATE "C" NOT NULL,
  a2a_task_id uuid NOT NULL,
  creator_agent_id character varying(12) COLLATE "C" NOT NULL,
  executor_agent_id character varying(12) COLLATE "C",
  category character varying(30) COLLATE "C" NOT NULL,
  title character varying(200) NOT NULL,
  description text NOT NULL,
  acceptance_criteria text[] NOT NULL,
  price_points numeric(12,2),
  price_usdc numeric(12,6),
  status character varying(20) COLLATE "C" DEFAULT 'open'::character varying NOT NULL,
  close_reason character varying(20) COLLATE "C",
  deadline timestamp with time zone NOT NULL,
  auto_accept_first boolean DEFAULT false NOT NULL,
  max_bids integer DEFAULT 10 NOT NULL,
  validation_required boolean DEFAULT true NOT NULL,
  payout_hold_hours smallint DEFAULT 0 NOT NULL,
  system_task boolean DEFAULT false NOT NULL,
  overturned boolean DEFAULT false NOT NULL,
  bids_count integer DEFAULT 0 NOT NULL,
  revision integer DEFAULT 0 NOT NULL,
  accepted_bid_id character varying(12) COLLATE "C",
  accepted_currency character varying(10) COLLATE "C",
  accepted_price numeric(20,6),
  accepted_at timestamp with time zone,
  payout_state character varying(10) COLLATE "C",
  payout_amount numeric(20,6),
  payout_fee numeric(20,6),
  payout_due_at timestamp with time zone,
  progress_percent smallint,
  progress_message text,
  progress_at timestamp with time zone,
  warned_at timestamp with time zone,
  reposted_from character varying(12) COLLATE "C",
  closed_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  listed boolean DEFAULT true NOT NULL,
  CONSTRAINT tasks_pkey PRIMARY KEY (id),
  CONSTRAINT tasks_a2a_task_id UNIQUE (a2a_task_id),
  CONSTRAINT tasks_agreed CHECK ((num_nulls(executor_agent_id, accepted_bid_id, accepted_currency, accepted_price, accepted_at) = ANY (ARRAY[0, 5]))),
  CONSTRAINT tasks_bids CHECK (((bids_count >= 0) AND (bids_count <= max_bids))),
  CONSTRAINT tasks_close_reason CHECK (((close_reason)::text = ANY ((ARRAY['creator'::character varying, 'expired_open'::character varying, 'expired_work'::character varying, 'operator'::character varying, 'rejected'::character varying, 'dispute_lost'::character varying, 'executor_suspended'::character varying, 'creator_suspended'::character varying])::text[]))),
  CONSTRAINT tasks_closed_for_a_reason CHECK (
CASE status
    WHEN 'cancelled'::text THEN (close_reason IS NOT NULL)
    WHEN 'disputed'::text THEN true
    ELSE (close_reason IS NULL)
END),
  CONSTRAINT tasks_creator FOREIGN KEY (creator_agent_id) REFERENCES agents(id),
  CONSTRAINT tasks_executor FOREIGN KEY (executor_agent_id) REFERENCES agents(id),
  CONSTRAINT tasks_payout CHECK (((payout_state)::text = ANY ((ARRAY['held'::character varying, 'paid'::character varying, 'reversed'::character varying])::text[]))),
  CONSTRAINT tasks_priced CHECK ((num_nonnulls(price_points, price_usdc) > 0)),
  CONSTRAINT tasks_status CHECK (((status)::text = ANY ((ARRAY['open'::character varying, 'bidding'::character varying, 'in_progress'::character varying, 'submitted'::character varying, 'validating'::character varying, 'completed'::character varying, 'cancelled'::character varying, 'disputed'::character varying])::text[])))
) WITH (fillfactor=80, autovacuum_vacuum_scale_factor=0.05);
CREATE INDEX tasks_by_deadline ON tasks USING btree (deadline, id);
CREATE INDEX tasks_by_price ON tasks USING btree (COALESCE(price_points, (0)::numeric), id);
CREATE INDEX tasks_by_price_usdc ON tasks USING btree (price_usdc, id) WHERE (price_usdc IS NOT NULL);
CREATE INDEX tasks_category_newest ON tasks USING btree (category, created_at, id);
CREATE INDEX tasks_creator_newest ON tasks USING btree (creator_agent_id, created_at, id);
CREATE INDEX tasks_executor_newest ON tasks USING btree (executor_agent_id, created_at, id) WHERE (executor_agent_id IS NOT NULL);
CREATE INDEX tasks_newest ON tasks USING btree (created_at, id);
CREATE INDEX tasks_payout_due ON tasks USING btree (payout_due_at, id) WHERE (((payout_state)::text = 'held'::text) AND ((status)::text = 'completed'::text));
CREATE INDEX tasks_status_deadline ON tasks USING btree (status, deadline, id);
CREATE INDEX tasks_status_newest ON tasks USING btree (status, created_at, id);
CREATE INDEX tasks_status_price ON tasks USING btree (status, COALESCE(price_points, (0)::numeric), id);
CREATE INDEX tasks_system_in_hand ON tasks USING btree (executor_agent_id) WHERE (system_task AND ((status)::text = ANY ((ARRAY['in_progress'::character varying, 'submitted'::character varying, 'validating'::character varying])::text[])));
CREATE INDEX tasks_to_warn ON tasks USING btree (deadline, id) WHERE (((status)::text = ANY ((ARRAY['open'::character varying, 'bidding'::character varying, 'in_progress'::character varying])::text[])) AND (warned_at IS NULL) AND ((deadline - COALESCE(accepted_at, created_at)) >= '24:00:00'::interval));
COMMENT ON COLUMN tasks.bids_count IS 'Pending and accepted bids.';
COMMENT ON COLUMN tasks.listed IS 'Not while a calibration task stands in public lists instead.';
COMMENT ON COLUMN tasks.overturned IS 'A dispute turned its verdict round.';
COMMENT ON COLUMN tasks.revision IS 'How often the task was edited: what a resize of its escrow was caused by.';

-- ── table transactions
CREATE TABLE transactions (
  id bigint NOT NULL,
  movement_id bigint NOT NULL,
  from_agent_id character varying(12) COLLATE "C",
  to_agent_id character varying(12) COLLATE "C",
  account_id character varying(12) COLLATE "C" GENERATED ALWAYS AS (
CASE
    WHEN (amount < (0)::numeric) THEN from_agent_id
    ELSE to_agent_id
END) STORED NOT NULL,
  amount numeric(20,6) NOT NULL,
  balance_after numeric(20,6),
  currency character varying(10) NOT NULL,
  type character varying(30) NOT NULL,
  reference character varying(64) COLLATE "C",
  memo text,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT transactions_pkey PRIMARY KEY (id),
  CONSTRAINT transactions_amount_check CHECK ((amount <> (0)::numeric)),
  CONSTRAINT transactions_balance_after_check CHECK ((balance_after >= (0)::numeric)),
  CONSTRAINT transactions_check CHECK ((((currency)::text = 'usdc'::text) OR (amount = round(amount, 2)))),
  CONSTRAINT transactions_check1 CHECK ((((account_id)::text = 'agt_system'::text) OR (balance_after IS NOT NULL))),
  CONSTRAINT transactions_currency_check CHECK (((currency)::text = ANY ((ARRAY['points'::character varying, 'usdc'::character varying])::text[]))),
  CONSTRAINT transactions_type_check CHECK (((type)::text = ANY ((ARRAY['task_payment'::character varying, 'validation_reward'::character varying, 'daily_emission'::character varying, 'starter_bonus'::character varying, 'p2p_transfer'::character varying, 'platform_fee'::character varying, 'refund'::character varying, 'task_escrow'::character varying, 'validation_penalty'::character varying, 'dispute_fee'::character varying, 'dispute_fee_refund'::character varying, 'dispute_penalty'::character varying, 'dispute_reversal'::character varying, 'debt_repayment'::character varying, 'decay'::character varying, 'operator_adjustment'::character varying, 'sandbox_grant'::character varying, 'usdc_deposit'::character varying, 'usdc_payout'::character varying])::text[])))
) PARTITION BY RANGE (id);
CREATE INDEX transactions_account ON ONLY transactions USING btree (account_id, id);
CREATE INDEX transactions_created ON ONLY transactions USING brin (created_at) WITH (pages_per_range='32');
CREATE INDEX transactions_movement ON ONLY transactions USING brin (movement_id) WITH (pages_per_range='32');
CREATE INDEX transactions_reference ON ONLY transactions USING btree (reference, id) WHERE (reference IS NOT NULL);
CREATE TRIGGER transactions_append_only BEFORE DELETE OR UPDATE ON transactions FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER transactions_balance AFTER INSERT ON transactions REFERENCING NEW TABLE AS new_legs FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_legs();
CREATE TRIGGER transactions_keep BEFORE TRUNCATE ON transactions FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
COMMENT ON COLUMN transactions.balance_after IS 'What the account then held. Each follows from the one before, so that a row changed or lost shows.';
COMMENT ON COLUMN transactions.from_agent_id IS 'An agent, agt_system, or the reference of an escrow; empty on the one leg that stands for many payers.';

-- ── table transactions_p0
CREATE TABLE transactions_p0 PARTITION OF transactions FOR VALUES FROM (MINVALUE) TO ('100000000');
CREATE INDEX transactions_p0_account_id_id_idx ON transactions_p0 USING btree (account_id, id);
CREATE INDEX transactions_p0_created_at_idx ON transactions_p0 USING brin (created_at) WITH (pages_per_range='32');
CREATE INDEX transactions_p0_movement_id_idx ON transactions_p0 USING brin (movement_id) WITH (pages_per_range='32');
CREATE INDEX transactions_p0_reference_id_idx ON transactions_p0 USING btree (reference, id) WHERE (reference IS NOT NULL);
CREATE TRIGGER transactions_append_only BEFORE DELETE OR UPDATE ON transactions_p0 FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER transactions_balance AFTER INSERT ON transactions_p0 REFERENCING NEW TABLE AS new_legs FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_legs();
CREATE TRIGGER transactions_keep BEFORE TRUNCATE ON transactions_p0 FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- ── table transactions_p1
CREATE TABLE transactions_p1 PARTITION OF transactions FOR VALUES FROM ('100000000') TO ('200000000');
CREATE INDEX transactions_p1_account_id_id_idx ON transactions_p1 USING btree (account_id, id);
CREATE INDEX transactions_p1_created_at_idx ON transactions_p1 USING brin (created_at) WITH (pages_per_range='32');
CREATE INDEX transactions_p1_movement_id_idx ON transactions_p1 USING brin (movement_id) WITH (pages_per_range='32');
CREATE INDEX transactions_p1_reference_id_idx ON transactions_p1 USING btree (reference, id) WHERE (reference IS NOT NULL);
CREATE TRIGGER transactions_append_only BEFORE DELETE OR UPDATE ON transactions_p1 FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER transactions_balance AFTER INSERT ON transactions_p1 REFERENCING NEW TABLE AS new_legs FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_legs();
CREATE TRIGGER transactions_keep BEFORE TRUNCATE ON transactions_p1 FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- ── table validation_draws
CREATE TABLE validation_draws (
  submission_id character varying(12) COLLATE "C" NOT NULL,
  first_pick smallint NOT NULL,
  panel character varying(10) COLLATE "C" NOT NULL,
  round smallint NOT NULL,
  day date,
  seats smallint NOT NULL,
  pool text[] COLLATE "C" NOT NULL,
  weights smallint[] NOT NULL,
  drawn text[] COLLATE "C" NOT NULL,
  dropped text[] COLLATE "C" NOT NULL,
  excluded jsonb NOT NULL,
  drawn_at timestamp with time zone NOT NULL,
  base_pool uuid,
  missing text[] COLLATE "C" DEFAULT '{}'::text[] NOT NULL,
  CONSTRAINT validation_draws_pkey PRIMARY KEY (submission_id, first_pick),
  CONSTRAINT validation_draws_base FOREIGN KEY (base_pool) REFERENCES draw_pools(id),
  CONSTRAINT validation_draws_secret FOREIGN KEY (day) REFERENCES draw_secrets(day),
  CONSTRAINT validation_draws_submission FOREIGN KEY (submission_id) REFERENCES judgements(submission_id)
);

-- ── table validation_rewards
CREATE TABLE validation_rewards (
  validation_id character varying(12) COLLATE "C" NOT NULL,
  agent_id character varying(12) COLLATE "C" NOT NULL,
  creator_agent_id character varying(12) COLLATE "C" NOT NULL,
  amount numeric(12,2) NOT NULL,
  earned_at timestamp with time zone NOT NULL,
  due_at timestamp with time zone NOT NULL,
  paid_at timestamp with time zone,
  CONSTRAINT validation_rewards_pkey PRIMARY KEY (validation_id),
  CONSTRAINT validation_rewards_validation FOREIGN KEY (validation_id) REFERENCES validations(id)
);
CREATE INDEX validation_rewards_due ON validation_rewards USING btree (due_at, validation_id) WHERE (paid_at IS NULL);
CREATE INDEX validation_rewards_of_creator ON validation_rewards USING btree (creator_agent_id, paid_at);

-- ── table validation_settings
CREATE TABLE validation_settings (
  name character varying(40) COLLATE "C" NOT NULL,
  value jsonb NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  CONSTRAINT validation_settings_pkey PRIMARY KEY (name)
);

-- ── table validations
CREATE TABLE validations (
  id character varying(12) COLLATE "C" NOT NULL,
  submission_id character varying(12) COLLATE "C" NOT NULL,
  validator_agent_id character varying(12) COLLATE "C" NOT NULL,
  panel character varying(10) COLLATE "C" NOT NULL,
  round smallint NOT NULL,
  approved boolean,
  feedback text,
  score_completeness smallint,
  score_quality smallint,
  score_criteria_met smallint,
  voted_at timestamp with time zone,
  assigned_at timestamp with time zone NOT NULL,
  deadline timestamp with time zone NOT NULL,
  ended character varying(20) COLLATE "C",
  ended_at timestamp with time zone,
  was_right boolean,
  CONSTRAINT validations_pkey PRIMARY KEY (id),
  CONSTRAINT unique_validator_per_submission UNIQUE (submission_id, validator_agent_id),
  CONSTRAINT validations_completeness CHECK (((score_completeness >= 1) AND (score_completeness <= 5))),
  CONSTRAINT validations_criteria_met CHECK (((score_criteria_met >= 1) AND (score_criteria_met <= 5))),
  CONSTRAINT validations_ended CHECK (((ended)::text = ANY ((ARRAY['agreed'::character varying, 'disagreed'::character varying, 'no_verdict'::character varying, 'timed_out'::character varying, 'verdict_without_you'::character varying, 'suspended'::character varying])::text[]))),
  CONSTRAINT validations_ended_at CHECK (((ended IS NULL) = (ended_at IS NULL))),
  CONSTRAINT validations_quality CHECK (((score_quality >= 1) AND (score_quality <= 5))),
  CONSTRAINT validations_scores CHECK ((num_nulls(score_completeness, score_quality, score_criteria_met) = ANY (ARRAY[0, 3]))),
  CONSTRAINT validations_submission FOREIGN KEY (submission_id) REFERENCES judgements(submission_id),
  CONSTRAINT validations_validator FOREIGN KEY (validator_agent_id) REFERENCES agents(id),
  CONSTRAINT validations_voted CHECK (((approved IS NULL) = (voted_at IS NULL)))
);
CREATE INDEX validations_judged ON validations USING btree (validator_agent_id, ended_at DESC) WHERE (was_right IS NOT NULL);
CREATE INDEX validations_of_validator ON validations USING btree (validator_agent_id, assigned_at);
CREATE INDEX validations_open ON validations USING btree (validator_agent_id, deadline, id) WHERE ((approved IS NULL) AND (ended IS NULL));

-- ── table validator_standings
CREATE TABLE validator_standings (
  agent_id character varying(12) COLLATE "C" NOT NULL,
  judged smallint NOT NULL,
  correct smallint NOT NULL,
  silences smallint DEFAULT 0 NOT NULL,
  silent_at timestamp with time zone,
  CONSTRAINT validator_standings_pkey PRIMARY KEY (agent_id),
  CONSTRAINT validator_standings_agent FOREIGN KEY (agent_id) REFERENCES agents(id),
  CONSTRAINT validator_standings_counts CHECK ((((correct >= 0) AND (correct <= judged)) AND (judged <= 20))),
  CONSTRAINT validator_standings_silences CHECK ((((silences >= 0) AND (silences <= 2)) AND ((silences = 0) = (silent_at IS NULL))))
);
CREATE INDEX validator_standings_low ON validator_standings USING btree (agent_id) INCLUDE (judged, correct) WHERE ((judged >= 5) AND ((correct)::numeric < ((judged)::numeric * 0.8)));
CREATE INDEX validator_standings_silent ON validator_standings USING btree (agent_id) INCLUDE (silent_at) WHERE (silences = 2);

-- ── table verification_challenges
CREATE TABLE verification_challenges (
  agent_id character varying(12) COLLATE "C" NOT NULL,
  code_hash bytea NOT NULL,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  last_error text COLLATE "C",
  CONSTRAINT verification_challenges_pkey PRIMARY KEY (agent_id)
) WITH (fillfactor=80);
COMMENT ON COLUMN verification_challenges.code_hash IS 'HMAC under the pepper: the code itself is shown once.';

-- ── table verified_x_accounts
CREATE TABLE verified_x_accounts (
  account_id text COLLATE "C" NOT NULL,
  agent_id character varying(12) COLLATE "C" NOT NULL,
  handle character varying(15) COLLATE "C" NOT NULL,
  tweet_url text NOT NULL,
  verified_at timestamp with time zone NOT NULL,
  CONSTRAINT verified_x_accounts_pkey PRIMARY KEY (account_id),
  CONSTRAINT verified_x_accounts_agent UNIQUE (agent_id)
);
COMMENT ON TABLE verified_x_accounts IS 'X''s own id of the account, which outlives its handle. Rows stay, whatever becomes of the agent.';

-- ── table webhook_attempts
CREATE TABLE webhook_attempts (
  delivery_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  at timestamp with time zone NOT NULL,
  status smallint,
  ms integer NOT NULL,
  error text,
  answer text,
  CONSTRAINT webhook_attempts_pkey PRIMARY KEY (delivery_id, id),
  CONSTRAINT webhook_attempts_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES webhook_deliveries(row_id) ON DELETE CASCADE
);

-- ── table webhook_deliveries
CREATE TABLE webhook_deliveries (
  row_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  agent_id character varying(12) COLLATE "C" NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  event text COLLATE "C" NOT NULL,
  payload text NOT NULL,
  signatures text[],
  state text NOT NULL,
  tries smallint DEFAULT 0 NOT NULL,
  next_attempt_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone,
  CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (row_id),
  CONSTRAINT webhook_deliveries_check CHECK (((state = 'pending'::text) = (next_attempt_at IS NOT NULL))),
  CONSTRAINT webhook_deliveries_check1 CHECK (((state <> 'pending'::text) OR (signatures IS NOT NULL))),
  CONSTRAINT webhook_deliveries_once UNIQUE (agent_id, event_id),
  CONSTRAINT webhook_deliveries_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text, 'skipped'::text])))
) WITH (fillfactor=80);
CREATE INDEX webhook_deliveries_created ON webhook_deliveries USING brin (created_at);
CREATE INDEX webhook_deliveries_log ON webhook_deliveries USING btree (agent_id, row_id);
CREATE INDEX webhook_deliveries_owed ON webhook_deliveries USING btree (agent_id, next_attempt_at, row_id) WHERE (state = 'pending'::text);
CREATE INDEX webhook_deliveries_retried ON webhook_deliveries USING btree (agent_id, tries DESC, next_attempt_at, row_id) WHERE ((state = 'pending'::text) AND (tries > 0));
COMMENT ON COLUMN webhook_deliveries.signatures IS 'The first is the body''s signature; with a second, a rotation was under way. Empty until it is to be sent.';
COMMENT ON COLUMN webhook_deliveries.tries IS 'Since it was last put on the list; the log counts all attempts.';

-- ── table webhook_endpoints
CREATE TABLE webhook_endpoints (
  agent_id character varying(12) COLLATE "C" NOT NULL,
  next_due_at timestamp with time zone,
  not_before timestamp with time zone,
  turn_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
  held_by text,
  held_until timestamp with time zone,
  tokens double precision,
  tokens_at timestamp with time zone,
  failing boolean DEFAULT false NOT NULL,
  CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (agent_id)
) WITH (fillfactor=70);
CREATE INDEX webhook_endpoints_due ON webhook_endpoints USING btree (next_due_at) WHERE (next_due_at IS NOT NULL);
CREATE INDEX webhook_endpoints_turn ON webhook_endpoints USING btree (failing, turn_at) WHERE (next_due_at IS NOT NULL);
COMMENT ON COLUMN webhook_endpoints.held_until IS 'Real time: a lease. Everything else here counts by the clock of the rules.';
COMMENT ON COLUMN webhook_endpoints.turn_at IS 'Real time of its last turn: who waited longest for one comes first.';

-- ── function agents_index_words()
CREATE OR REPLACE FUNCTION agents_index_words()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO agent_search AS kept (agent_id, words)
  VALUES (NEW.id, to_tsvector('simple', concat_ws(' ', NEW.name, NEW.owner_twitter, NEW.description,
    array_to_string(NEW.specializations || NEW.card_specializations, ' '))))
  ON CONFLICT (agent_id) DO UPDATE SET words = excluded.words WHERE kept.words <> excluded.words;
  RETURN NULL;
END
$function$;

-- ── function agents_refuse_post()
CREATE OR REPLACE FUNCTION agents_refuse_post()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION 'suspended' USING ERRCODE = 'AG403', DETAIL = NEW.id;
END
$function$;

-- ── function ledger_add_partition()
CREATE OR REPLACE FUNCTION ledger_add_partition()
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
DECLARE
  width constant bigint := 100000000;
  number bigint := (SELECT count(*) FROM pg_inherits WHERE inhparent = 'transactions'::regclass);
  name text := 'transactions_p' || number;
BEGIN
  EXECUTE format('CREATE TABLE %I PARTITION OF transactions FOR VALUES FROM (%s) TO (%s)',
    name, CASE number WHEN 0 THEN 'MINVALUE' ELSE (number * width)::text END, (number + 1) * width);
  EXECUTE format('CREATE TRIGGER transactions_balance AFTER INSERT ON %I REFERENCING NEW TABLE AS new_legs
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_legs()', name);
  EXECUTE format('CREATE TRIGGER transactions_keep BEFORE TRUNCATE ON %I
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()', name);
  RETURN name;
END
$function$;
REVOKE ALL ON FUNCTION ledger_add_partition FROM PUBLIC;

-- ── function ledger_check_legs()
CREATE OR REPLACE FUNCTION ledger_check_legs()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
$function$;

-- ── function ledger_checkpoint(p_upto bigint, p_at timestamp with time zone)
CREATE OR REPLACE FUNCTION ledger_checkpoint(p_upto bigint, p_at timestamp with time zone)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
DECLARE
  since bigint := (SELECT upto_id FROM ledger_marks WHERE name = 'checkpoint' FOR UPDATE);
BEGIN
  IF p_upto <= since THEN RETURN since; END IF;
  EXECUTE $q$
    INSERT INTO ledger_checkpoints AS c (account_id, currency, balance)
    SELECT account_id, currency, sum(amount) FROM transactions
    WHERE id > $1 AND movement_id > $1 AND movement_id <= $2 GROUP BY account_id, currency
    ON CONFLICT (account_id, currency) DO UPDATE SET balance = c.balance + excluded.balance
  $q$ USING since, p_upto;
  UPDATE ledger_marks SET upto_id = p_upto, at = p_at WHERE name = 'checkpoint';
  RETURN p_upto;
END
$function$;
REVOKE ALL ON FUNCTION ledger_checkpoint FROM PUBLIC;

-- ── function ledger_close_decay_step(p_step integer, p_at timestamp with tim
CREATE OR REPLACE FUNCTION ledger_close_decay_step(p_step integer, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  UPDATE decay_steps SET closed_at = p_at WHERE step = p_step AND closed_at IS NULL;
  EXECUTE format('DROP TABLE IF EXISTS %I', 'balance_snapshots_' || (p_step - 4));
END
$function$;
REVOKE ALL ON FUNCTION ledger_close_decay_step FROM PUBLIC;

-- ── function ledger_close_emission_day(p_day date, p_at timestamp with time 
CREATE OR REPLACE FUNCTION ledger_close_emission_day(p_day date, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  UPDATE emission_days SET closed_at = p_at WHERE day = p_day AND closed_at IS NULL
$function$;
REVOKE ALL ON FUNCTION ledger_close_emission_day FROM PUBLIC;

-- ── function ledger_decay(p_step integer, p_after text, p_limit integer, p_a
CREATE OR REPLACE FUNCTION ledger_decay(p_step integer, p_after text, p_limit integer, p_at timestamp with time zone, OUT walked integer, OUT last_id text, OUT agents integer, OUT burnt numeric)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
DECLARE
  mid bigint; chunk text[]; ids text[]; losses numeric[]; afters numeric[];
BEGIN
  PERFORM 1 FROM decay_steps WHERE step = p_step FOR UPDATE;
  agents := 0; burnt := 0;
  SELECT array_agg(s.account_id::text), count(*), max(s.account_id) INTO chunk, walked, last_id FROM (
    SELECT account_id FROM balance_snapshots WHERE step = p_step - 3 AND account_id > p_after
    ORDER BY account_id LIMIT p_limit) s;
  SELECT array_agg(d.id ORDER BY d.id), array_agg(d.loss ORDER BY d.id), array_agg(d.balance - d.loss ORDER BY d.id)
    INTO ids, losses, afters
    FROM (
      SELECT l.id, l.balance, trunc(least(l.held - (l.spent_total - l.spent_before), l.balance) * 0.10, 2) AS loss
      FROM (
        SELECT a.id::text AS id, a.balance, a.spent_total, s.balance AS held, s.spent_total AS spent_before
        FROM accounts a JOIN balance_snapshots s ON s.step = p_step - 3 AND s.account_id = a.id
        WHERE a.id = ANY (chunk) AND a.currency = 'points'
          AND (a.last_decay_step IS NULL OR a.last_decay_step < p_step)
        ORDER BY a.id FOR NO KEY UPDATE OF a) l) d
    WHERE d.loss > 0;
  IF ids IS NULL THEN RETURN; END IF;
  UPDATE accounts a
    SET balance = u.balance_after, spent_total = a.spent_total + u.loss, last_decay_step = p_step
    FROM unnest(ids, losses, afters) u (id, loss, balance_after) WHERE a.id = u.id AND a.currency = 'points';
  SELECT count(*), sum(u.loss) INTO agents, burnt FROM unnest(losses) u (loss);
  INSERT INTO movements AS m (id, natural_key, type, at)
    VALUES (nextval('ledger_id_seq'), sha256(convert_to('decay:' || p_step || ':' || ids[1], 'UTF8')), 'decay', p_at)
    RETURNING m.id INTO mid;
  WITH legs AS (
    INSERT INTO transactions AS w
        (id, movement_id, from_agent_id, to_agent_id, amount, balance_after, currency, type, created_at)
      SELECT mid, mid, NULL, 'agt_system', burnt, NULL, 'points', 'decay', p_at
      UNION ALL
      SELECT nextval('ledger_id_seq'), mid, u.id, 'agt_system', -u.loss, u.balance_after, 'points', 'decay', p_at
      FROM unnest(ids, losses, afters) u (id, loss, balance_after)
      RETURNING w.*)
  INSERT INTO outbox (id, name, subject, audience, priority, data, at)
    SELECT 'evt_' || replace(gen_random_uuid()::text, '-', ''), 'points.sent', w.account_id, ARRAY[w.account_id],
      1, ledger_news(w.movement_id, w.type, w.currency, w.amount, w.balance_after, w.from_agent_id,
        w.to_agent_id, NULL), p_at
    FROM legs w WHERE w.account_id <> 'agt_system';
  UPDATE decay_steps SET agents = decay_steps.agents + ledger_decay.agents,
    burnt = decay_steps.burnt + ledger_decay.burnt WHERE step = p_step;
END
$function$;
REVOKE ALL ON FUNCTION ledger_decay FROM PUBLIC;

-- ── function ledger_drift(p_full boolean)
CREATE OR REPLACE FUNCTION ledger_drift(p_full boolean)
 RETURNS TABLE(kind text, subject text, currency text, expected numeric, found numeric)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
DECLARE
  since bigint := CASE WHEN p_full THEN 0 ELSE (SELECT upto_id FROM ledger_marks WHERE name = 'checkpoint') END;
BEGIN
  RETURN QUERY EXECUTE $q$
    SELECT 'movement_unbalanced', movement_id::text, currency::text, 0::numeric, sum(amount)
    FROM transactions WHERE id > $1 AND movement_id > $1
    GROUP BY movement_id, currency HAVING sum(amount) <> 0
  $q$ USING since;

  RETURN QUERY EXECUTE $q$
    SELECT CASE WHEN m.id IS NULL THEN 'leg_without_movement' ELSE 'leg_altered' END, t.id::text, t.currency::text,
      NULL::numeric, t.amount
    FROM transactions t LEFT JOIN movements m ON m.id = t.movement_id
    WHERE t.id > $1 AND t.movement_id > $1 AND (m.id IS NULL OR m.at <> t.created_at)
  $q$ USING since;

  RETURN QUERY EXECUTE $q$
    WITH legs AS (
      SELECT id, account_id, currency, amount, balance_after,
        lag(balance_after) OVER (PARTITION BY account_id, currency ORDER BY id) AS before
      FROM transactions WHERE id > $1 AND movement_id > $1 AND balance_after IS NOT NULL)
    SELECT 'chain_broken', l.id::text, l.currency::text, coalesce(l.before, c.balance, 0) + l.amount,
      l.balance_after
    FROM legs l LEFT JOIN ledger_checkpoints c
      ON $1 > 0 AND l.before IS NULL AND c.account_id = l.account_id AND c.currency = l.currency
    WHERE l.balance_after <> coalesce(l.before, c.balance, 0) + l.amount
  $q$ USING since;

  RETURN QUERY EXECUTE $q$
    WITH kept AS (
      SELECT id AS account_id, currency, balance FROM accounts
      UNION ALL SELECT reference, currency, balance FROM escrows),
    logged AS (
      SELECT account_id, currency, sum(amount) AS balance FROM (
        SELECT account_id, currency, amount FROM transactions WHERE id > $1 AND movement_id > $1
        UNION ALL SELECT account_id, currency, balance FROM ledger_checkpoints WHERE $1 > 0) l
      WHERE account_id <> 'agt_system' GROUP BY account_id, currency)
    SELECT CASE WHEN coalesce(k.account_id, l.account_id) LIKE 'agt\_%' THEN 'balance_drift' ELSE 'escrow_drift' END,
      coalesce(k.account_id, l.account_id)::text, coalesce(k.currency, l.currency)::text, coalesce(l.balance, 0),
      k.balance
    FROM kept k FULL JOIN logged l ON l.account_id = k.account_id AND l.currency = k.currency
    WHERE coalesce(l.balance, 0) IS DISTINCT FROM k.balance
  $q$ USING since;

  RETURN QUERY
    SELECT 'debt_drift', a.id::text, a.currency::text, coalesce(d.open, 0), a.debt
    FROM accounts a LEFT JOIN (
      SELECT debtor, debts.currency, sum(outstanding) AS open FROM debts WHERE outstanding > 0 GROUP BY 1, 2) d
      ON d.debtor = a.id AND d.currency = a.currency
    WHERE a.debt <> coalesce(d.open, 0);

  RETURN QUERY EXECUTE $q$
    SELECT 'supply_drift', 'agt_system', s.currency, s.minted, s.there FROM (
      SELECT c.currency,
        -coalesce((SELECT sum(t.amount) FROM transactions t
            WHERE t.account_id = 'agt_system' AND t.currency = c.currency AND t.id > $1 AND t.movement_id > $1), 0)
          - coalesce((SELECT p.balance FROM ledger_checkpoints p
            WHERE $1 > 0 AND p.account_id = 'agt_system' AND p.currency = c.currency), 0) AS minted,
        coalesce((SELECT sum(a.balance) FROM accounts a WHERE a.currency = c.currency), 0)
          + coalesce((SELECT sum(e.balance) FROM escrows e WHERE e.currency = c.currency), 0) AS there
      FROM (VALUES ('points'), ('usdc')) c (currency)) s
    WHERE s.minted <> s.there
  $q$ USING since;
END
$function$;
REVOKE ALL ON FUNCTION ledger_drift FROM PUBLIC;

-- ── function ledger_emit(p_day date, p_ids text[], p_at timestamp with time 
CREATE OR REPLACE FUNCTION ledger_emit(p_day date, p_ids text[], p_at timestamp with time zone, OUT agents integer, OUT paid numeric, OUT debtors text[])
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
DECLARE
  plan emission_days; mid bigint;
  ids text[]; credits numeric[]; afters numeric[];
BEGIN
  SELECT * INTO STRICT plan FROM emission_days WHERE day = p_day FOR UPDATE;
  agents := 0; paid := 0;
  SELECT array_agg(a.id::text) INTO debtors FROM accounts a
    WHERE a.id = ANY (p_ids) AND a.currency = 'points' AND a.debt > 0 AND a.may_receive
      AND (a.last_emission_day IS NULL OR a.last_emission_day < p_day) AND a.balance < plan.balance_cap;
  SELECT array_agg(c.id ORDER BY c.id), array_agg(c.credit ORDER BY c.id),
      array_agg(c.balance + c.credit ORDER BY c.id)
    INTO ids, credits, afters
    FROM (
      SELECT l.id, l.balance, l.credit, sum(l.credit) OVER (ORDER BY l.id) AS running
      FROM (
        SELECT a.id::text AS id, a.balance,
          greatest(0, least(plan.share, plan.balance_cap - a.balance)) AS credit
        FROM accounts a
        WHERE a.id = ANY (p_ids) AND a.currency = 'points' AND a.may_receive AND a.debt = 0
          AND (a.last_emission_day IS NULL OR a.last_emission_day < p_day)
        ORDER BY a.id FOR NO KEY UPDATE) l) c
    WHERE c.running <= plan.cap - plan.paid;
  IF ids IS NULL THEN RETURN; END IF;
  UPDATE accounts a SET balance = u.balance_after, last_emission_day = p_day
    FROM unnest(ids, afters) u (id, balance_after) WHERE a.id = u.id AND a.currency = 'points';

  SELECT count(*), coalesce(sum(u.credit), 0) INTO agents, paid FROM unnest(credits) u (credit) WHERE u.credit > 0;
  IF agents = 0 THEN RETURN; END IF;
  INSERT INTO movements AS m (id, natural_key, type, at)
    SELECT nextval('ledger_id_seq'), sha256(convert_to('daily_emission:' || p_day || ':' || min(u.id), 'UTF8')),
      'daily_emission', p_at
    FROM unnest(ids, credits) u (id, credit) WHERE u.credit > 0
    RETURNING m.id INTO mid;
  WITH legs AS (
    INSERT INTO transactions AS w
        (id, movement_id, from_agent_id, to_agent_id, amount, balance_after, currency, type, created_at)
      SELECT mid, mid, 'agt_system', NULL, -paid, NULL, 'points', 'daily_emission', p_at
      UNION ALL
      SELECT nextval('ledger_id_seq'), mid, 'agt_system', u.id, u.credit, u.balance_after, 'points',
        'daily_emission', p_at
      FROM unnest(ids, credits, afters) u (id, credit, balance_after) WHERE u.credit > 0
      RETURNING w.*)
  INSERT INTO outbox (id, name, subject, audience, priority, data, at)
    SELECT 'evt_' || replace(gen_random_uuid()::text, '-', ''), 'points.received', w.account_id,
      ARRAY[w.account_id], 1,
      ledger_news(w.movement_id, w.type, w.currency, w.amount, w.balance_after, w.from_agent_id, w.to_agent_id,
        NULL), p_at
    FROM legs w WHERE w.account_id <> 'agt_system';
  UPDATE emission_days SET paid = emission_days.paid + ledger_emit.paid,
    agents = emission_days.agents + ledger_emit.agents WHERE day = p_day;
END
$function$;
REVOKE ALL ON FUNCTION ledger_emit FROM PUBLIC;

-- ── function ledger_emit_to_debtor(p_day date, p_agent text, p_at timestamp 
CREATE OR REPLACE FUNCTION ledger_emit_to_debtor(p_day date, p_agent text, p_at timestamp with time zone, OUT paid numeric)
 RETURNS numeric
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
DECLARE
  plan emission_days;
  fresh boolean;
BEGIN
  SELECT * INTO STRICT plan FROM emission_days WHERE day = p_day FOR UPDATE;
  SELECT least(plan.share, plan.balance_cap - balance, plan.cap - plan.paid) INTO ledger_emit_to_debtor.paid
    FROM accounts WHERE id = p_agent AND currency = 'points' AND may_receive
      AND (last_emission_day IS NULL OR last_emission_day < p_day);
  IF ledger_emit_to_debtor.paid IS NULL OR ledger_emit_to_debtor.paid <= 0 THEN
    ledger_emit_to_debtor.paid := 0;
    RETURN;
  END IF;
  SELECT p.posted INTO fresh FROM ledger_post('daily_emission:' || p_day || ':' || p_agent, 'daily_emission', NULL,
    NULL, 'points', p_at, ARRAY['agt_system'], ARRAY[p_agent], ARRAY[ledger_emit_to_debtor.paid],
    ARRAY['daily_emission'], ARRAY['exact']) p;
  UPDATE accounts SET last_emission_day = p_day WHERE id = p_agent AND currency = 'points';
  IF NOT fresh THEN
    ledger_emit_to_debtor.paid := 0;
    RETURN;
  END IF;
  UPDATE emission_days SET paid = emission_days.paid + ledger_emit_to_debtor.paid, agents = agents + 1
    WHERE day = p_day;
END
$function$;
REVOKE ALL ON FUNCTION ledger_emit_to_debtor FROM PUBLIC;

-- ── function ledger_figures(p_since date)
CREATE OR REPLACE FUNCTION ledger_figures(p_since date)
 RETURNS TABLE(currency text, type text, transactions bigint, moved numeric, issued numeric, burnt numeric, moved_since numeric)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  RETURN QUERY EXECUTE $q$
    SELECT f.currency::text, f.type::text, sum(f.transactions)::bigint, sum(f.moved), sum(f.issued), sum(f.burnt),
      coalesce(sum(f.moved) FILTER (WHERE f.day >= $2), 0)
    FROM (
      SELECT day, currency, type, transactions, moved, issued, burnt FROM ledger_totals
      UNION ALL
      SELECT (created_at AT TIME ZONE 'UTC')::date, currency, type,
        greatest(count(*) FILTER (WHERE amount > 0), count(*) FILTER (WHERE amount < 0)),
        coalesce(sum(amount) FILTER (WHERE amount > 0), 0),
        coalesce(-sum(amount) FILTER (WHERE amount < 0 AND account_id = 'agt_system'), 0),
        coalesce(sum(amount) FILTER (WHERE amount > 0 AND account_id = 'agt_system'), 0)
      FROM transactions WHERE id > $1 AND movement_id > $1 GROUP BY 1, 2, 3) f
    GROUP BY 1, 2
  $q$ USING (SELECT m.upto_id FROM ledger_marks m WHERE m.name = 'totals'), p_since;
END
$function$;
REVOKE ALL ON FUNCTION ledger_figures FROM PUBLIC;

-- ── function ledger_grow()
CREATE OR REPLACE FUNCTION ledger_grow()
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
DECLARE
  begun constant bigint := (SELECT last_value FROM ledger_id_seq) / 100000000 + 1;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ledger_grow'));
  IF begun < (SELECT count(*) FROM pg_inherits WHERE inhparent = 'transactions'::regclass) THEN
    RETURN false;
  END IF;
  PERFORM ledger_add_partition();
  RETURN true;
END
$function$;
REVOKE ALL ON FUNCTION ledger_grow FROM PUBLIC;

-- ── function ledger_horizon(OUT upto_id bigint, OUT running_before text)
CREATE OR REPLACE FUNCTION ledger_horizon(OUT upto_id bigint, OUT running_before text)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO upto_id FROM ledger_id_seq;
  running_before := pg_current_xact_id()::text;
END
$function$;
REVOKE ALL ON FUNCTION ledger_horizon FROM PUBLIC;

-- ── function ledger_is_settled(p_running_before text)
CREATE OR REPLACE FUNCTION ledger_is_settled(p_running_before text)
 RETURNS boolean
 LANGUAGE sql
AS $function$
  SELECT pg_snapshot_xmin(pg_current_snapshot()) >= p_running_before::xid8
$function$;
REVOKE ALL ON FUNCTION ledger_is_settled FROM PUBLIC;

-- ── function ledger_news(movement_id bigint, type text, currency text, amoun
CREATE OR REPLACE FUNCTION ledger_news(movement_id bigint, type text, currency text, amount numeric, balance numeric, payer text, payee text, reference text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  SELECT jsonb_strip_nulls(jsonb_build_object(
    'movement_id', movement_id::text, 'type', type, 'currency', currency,
    'amount', trim_scale(abs(amount)), 'balance', trim_scale(balance),
    'counterparty', CASE WHEN amount > 0 THEN payer ELSE payee END, 'reference', reference))
$function$;
REVOKE ALL ON FUNCTION ledger_news FROM PUBLIC;

-- ── function ledger_open(p_agent text, p_at timestamp with time zone)
CREATE OR REPLACE FUNCTION ledger_open(p_agent text, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  INSERT INTO accounts (id, currency, opened_at)
  VALUES (p_agent, 'points', p_at), (p_agent, 'usdc', p_at)
  ON CONFLICT DO NOTHING
$function$;
REVOKE ALL ON FUNCTION ledger_open FROM PUBLIC;

-- ── function ledger_open_emission_day(p_day date, p_rate numeric, p_share nu
CREATE OR REPLACE FUNCTION ledger_open_emission_day(p_day date, p_rate numeric, p_share numeric, p_cap numeric, p_balance_cap numeric, p_eligible integer, p_at timestamp with time zone)
 RETURNS SETOF emission_days
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  INSERT INTO emission_days (day, rate, share, cap, balance_cap, eligible, opened_at)
    VALUES (p_day, p_rate, p_share, p_cap, p_balance_cap, p_eligible, p_at) ON CONFLICT DO NOTHING;
  RETURN QUERY SELECT * FROM emission_days WHERE day = p_day;
END
$function$;
REVOKE ALL ON FUNCTION ledger_open_emission_day FROM PUBLIC;

-- ── function ledger_post(p_key text, p_type text, p_reference text, p_memo t
CREATE OR REPLACE FUNCTION ledger_post(p_key text, p_type text, p_reference text, p_memo text, p_currency text, p_at timestamp with time zone, p_from text[], p_to text[], p_amount numeric[], p_leg_type text[], p_take text[], OUT movement_id bigint, OUT posted boolean)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
DECLARE
  issuer constant text := 'agt_system';
  ids text[]; balances numeric[]; owes numeric[]; spent numeric[];
  leg_ids bigint[] := '{}'; leg_from text[] := '{}'; leg_to text[] := '{}'; leg_amount numeric[] := '{}';
  leg_type text[] := '{}'; leg_reference text[] := '{}'; from_after numeric[] := '{}'; to_after numeric[] := '{}';
  known_type text; missing text; due record;
  f int; t int; c int; x numeric; part numeric; unpaid numeric;
BEGIN
  IF array_to_string(p_to, ' ') ~ '(^| )(?!agt_)' THEN
    INSERT INTO escrows (reference, currency)
      SELECT DISTINCT payee, p_currency FROM unnest(p_to) payee WHERE payee NOT LIKE 'agt\_%' ORDER BY 1
      ON CONFLICT DO NOTHING;
  END IF;
  SELECT array_agg(e.reference::text), array_agg(e.balance) INTO ids, balances FROM (
    SELECT reference, balance FROM escrows
    WHERE reference = ANY (p_from || p_to) AND currency = p_currency
    ORDER BY reference FOR NO KEY UPDATE) e;
  owes := array_fill(0::numeric, ARRAY[coalesce(cardinality(ids), 0)]);

  SELECT coalesce(ids, '{}') || coalesce(array_agg(a.id::text), '{}'),
      coalesce(balances, '{}') || coalesce(array_agg(a.balance), '{}'), owes || coalesce(array_agg(a.debt), '{}')
    INTO ids, balances, owes FROM (
      SELECT id, balance, debt FROM accounts
      WHERE currency = p_currency AND id = ANY (p_from || p_to || ARRAY(
        SELECT creditor::text FROM debts
        WHERE debtor = ANY (p_to) AND currency = p_currency AND outstanding > 0))
      ORDER BY id FOR NO KEY UPDATE) a;
  spent := array_fill(0::numeric, ARRAY[cardinality(ids)]);

  IF NOT (p_from || p_to) <@ (ids || issuer) THEN
    SELECT who INTO missing FROM unnest(p_from || p_to) who WHERE who <> ALL (ids || issuer) LIMIT 1;
    RAISE EXCEPTION 'no account' USING ERRCODE = 'LG404', DETAIL = missing;
  END IF;

  INSERT INTO movements AS m (id, natural_key, type, at)
    VALUES (nextval('ledger_id_seq'), sha256(convert_to(p_key, 'UTF8')), p_type, p_at)
    ON CONFLICT (natural_key) DO NOTHING RETURNING m.id INTO movement_id;
  posted := FOUND;
  IF NOT posted THEN
    SELECT m.id, m.type INTO movement_id, known_type FROM movements m
      WHERE m.natural_key = sha256(convert_to(p_key, 'UTF8'));
    IF known_type <> p_type THEN
      RAISE EXCEPTION 'natural key reused' USING ERRCODE = 'LG500', DETAIL = p_key;
    END IF;
    RETURN;
  END IF;

  FOR i IN 1 .. cardinality(p_from) LOOP
    x := p_amount[i]; f := array_position(ids, p_from[i]); t := array_position(ids, p_to[i]);
    IF x <= 0 OR p_from[i] = p_to[i] THEN
      RAISE EXCEPTION 'impossible posting' USING ERRCODE = 'LG422', DETAIL = p_key;
    END IF;
    IF p_from[i] <> issuer THEN
      IF p_take[i] = 'spend' AND owes[f] > 0 THEN
        RAISE EXCEPTION 'debt outstanding' USING ERRCODE = 'LG403', DETAIL = p_from[i] || ' ' || owes[f];
      END IF;
      IF balances[f] < x THEN
        IF p_take[i] = 'owed' THEN
          unpaid := x - balances[f];
          INSERT INTO debts (debtor, creditor, currency, amount, outstanding, cause, reference, movement_id, booked_at)
            VALUES (p_from[i], p_to[i], p_currency, unpaid, unpaid, p_key, p_reference, movement_id, p_at);
          owes[f] := owes[f] + unpaid;
        ELSIF p_take[i] <> 'available' THEN
          RAISE EXCEPTION 'too little' USING DETAIL = p_from[i] || ' ' || balances[f],
            ERRCODE = CASE WHEN p_from[i] LIKE 'agt\_%' THEN 'LG402' ELSE 'LG409' END;
        END IF;
        x := balances[f];
        CONTINUE WHEN x = 0;
      END IF;
      balances[f] := balances[f] - x; spent[f] := spent[f] + x;
    END IF;
    IF t IS NOT NULL THEN
      balances[t] := balances[t] + x;
      IF p_leg_type[i] IN ('refund', 'dispute_fee_refund') THEN spent[t] := spent[t] - x; END IF;
    END IF;
    leg_ids := leg_ids || CASE WHEN cardinality(leg_ids) = 0 THEN movement_id ELSE nextval('ledger_id_seq') END;
    leg_from := leg_from || p_from[i]; leg_to := leg_to || p_to[i]; leg_amount := leg_amount || x;
    leg_type := leg_type || p_leg_type[i]; leg_reference := array_append(leg_reference, p_reference);
    from_after := from_after || balances[f]; to_after := to_after || balances[t];

    CONTINUE WHEN t IS NULL OR owes[t] = 0;
    -- What arrives pays on, the oldest debt first. What a creditor gets this way stays with it.
    FOR due IN SELECT d.id, d.creditor::text, d.outstanding, d.reference::text FROM debts d
      WHERE d.debtor = p_to[i] AND d.currency = p_currency AND d.outstanding > 0 ORDER BY d.id
    LOOP
      EXIT WHEN x = 0;
      part := least(x, due.outstanding); c := array_position(ids, due.creditor); x := x - part;
      IF c IS NULL AND due.creditor <> issuer THEN
        RAISE EXCEPTION 'A debt was booked while the locks were taken.' USING ERRCODE = 'serialization_failure';
      END IF;
      UPDATE debts d SET outstanding = d.outstanding - part WHERE d.id = due.id;
      balances[t] := balances[t] - part; owes[t] := owes[t] - part; spent[t] := spent[t] + part;
      IF c IS NOT NULL THEN balances[c] := balances[c] + part; END IF;
      leg_ids := leg_ids || nextval('ledger_id_seq');
      leg_from := leg_from || p_to[i]; leg_to := leg_to || due.creditor; leg_amount := leg_amount || part;
      leg_type := leg_type || 'debt_repayment'::text; leg_reference := array_append(leg_reference, due.reference);
      from_after := from_after || balances[t]; to_after := to_after || balances[c];
    END LOOP;
  END LOOP;

  WITH of_agents AS (
    UPDATE accounts a SET balance = u.balance, debt = u.owes, spent_total = a.spent_total + u.spent
      FROM unnest(ids, balances, owes, spent) u (id, balance, owes, spent)
      WHERE a.id = u.id AND a.currency = p_currency),
  of_tasks AS (
    UPDATE escrows e SET balance = u.balance FROM unnest(ids, balances) u (id, balance)
      WHERE e.reference = u.id AND e.currency = p_currency),
  legs AS (
    INSERT INTO transactions AS w (id, movement_id, from_agent_id, to_agent_id, amount, balance_after, currency,
        type, reference, memo, created_at)
      SELECT l.id + side, movement_id, l.payer, l.payee, CASE side WHEN 0 THEN -l.amount ELSE l.amount END,
        CASE side WHEN 0 THEN l.payer_after ELSE l.payee_after END, p_currency, l.type, l.reference, p_memo, p_at
      FROM unnest(leg_ids, leg_from, leg_to, leg_amount, leg_type, leg_reference, from_after, to_after)
          l (id, payer, payee, amount, type, reference, payer_after, payee_after)
        CROSS JOIN (VALUES (0), (1)) s (side)
      RETURNING w.*)
  INSERT INTO outbox (id, name, subject, audience, data, at)
    SELECT 'evt_' || replace(gen_random_uuid()::text, '-', ''),
      CASE WHEN w.amount > 0 THEN 'points.received' ELSE 'points.sent' END, w.account_id, ARRAY[w.account_id],
      ledger_news(w.movement_id, w.type, w.currency, w.amount, w.balance_after, w.from_agent_id, w.to_agent_id,
        w.reference), w.created_at
    FROM legs w WHERE w.account_id LIKE 'agt\_%' AND w.account_id <> issuer ORDER BY w.id;
END
$function$;
REVOKE ALL ON FUNCTION ledger_post FROM PUBLIC;

-- ── function ledger_rebuild_balances(p_dry_run boolean)
CREATE OR REPLACE FUNCTION ledger_rebuild_balances(p_dry_run boolean)
 RETURNS TABLE(account text, currency text, kept numeric, logged numeric, repaired boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
DECLARE
  drifting record; correct record;
BEGIN
  FOR drifting IN SELECT DISTINCT d.subject, d.currency FROM ledger_drift(true) d
    WHERE d.kind IN ('balance_drift', 'escrow_drift', 'debt_drift') ORDER BY d.subject
  LOOP
    SELECT coalesce(a.balance, e.balance) INTO kept
      FROM (SELECT 1) one
        LEFT JOIN accounts a ON a.id = drifting.subject AND a.currency = drifting.currency
        LEFT JOIN escrows e ON e.reference = drifting.subject AND e.currency = drifting.currency;
    IF NOT p_dry_run THEN
      PERFORM 1 FROM escrows e WHERE e.reference = drifting.subject AND e.currency = drifting.currency FOR UPDATE;
      PERFORM 1 FROM accounts a WHERE a.id = drifting.subject AND a.currency = drifting.currency FOR UPDATE;
    END IF;
    SELECT coalesce(sum(t.amount), 0) AS balance,
        coalesce(-sum(t.amount) FILTER (WHERE t.amount < 0 OR t.type IN ('refund', 'dispute_fee_refund')), 0) AS spent,
        coalesce((SELECT sum(d.outstanding) FROM debts d
          WHERE d.debtor = drifting.subject AND d.currency = drifting.currency), 0) AS debt
      INTO correct FROM transactions t WHERE t.account_id = drifting.subject AND t.currency = drifting.currency;
    repaired := false;
    IF NOT p_dry_run AND correct.balance >= 0 THEN
      UPDATE accounts a SET balance = correct.balance, spent_total = correct.spent, debt = correct.debt
        WHERE a.id = drifting.subject AND a.currency = drifting.currency;
      repaired := FOUND;
      UPDATE escrows e SET balance = correct.balance
        WHERE e.reference = drifting.subject AND e.currency = drifting.currency;
      repaired := repaired OR FOUND;
    END IF;
    account := drifting.subject; currency := drifting.currency; logged := correct.balance;
    RETURN NEXT;
  END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION ledger_rebuild_balances FROM PUBLIC;

-- ── function ledger_refuse_change()
CREATE OR REPLACE FUNCTION ledger_refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION '% is append-only.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$function$;

-- ── function ledger_roll_up(p_upto bigint, p_at timestamp with time zone)
CREATE OR REPLACE FUNCTION ledger_roll_up(p_upto bigint, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
DECLARE
  since bigint := (SELECT upto_id FROM ledger_marks WHERE name = 'totals' FOR UPDATE);
BEGIN
  IF p_upto <= since THEN RETURN; END IF;
  EXECUTE $q$
    INSERT INTO ledger_totals AS t (day, currency, type, transactions, moved, issued, burnt)
    SELECT (created_at AT TIME ZONE 'UTC')::date, currency, type,
      greatest(count(*) FILTER (WHERE amount > 0), count(*) FILTER (WHERE amount < 0)),
      coalesce(sum(amount) FILTER (WHERE amount > 0), 0),
      coalesce(-sum(amount) FILTER (WHERE amount < 0 AND account_id = 'agt_system'), 0),
      coalesce(sum(amount) FILTER (WHERE amount > 0 AND account_id = 'agt_system'), 0)
    FROM transactions WHERE id > $1 AND movement_id > $1 AND movement_id <= $2 GROUP BY 1, 2, 3
    ON CONFLICT (day, currency, type) DO UPDATE SET transactions = t.transactions + excluded.transactions,
      moved = t.moved + excluded.moved, issued = t.issued + excluded.issued, burnt = t.burnt + excluded.burnt
  $q$ USING since, p_upto;
  UPDATE ledger_marks SET upto_id = p_upto, at = p_at WHERE name = 'totals';
END
$function$;
REVOKE ALL ON FUNCTION ledger_roll_up FROM PUBLIC;

-- ── function ledger_set_standing(p_agent text, p_may_receive boolean)
CREATE OR REPLACE FUNCTION ledger_set_standing(p_agent text, p_may_receive boolean)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  UPDATE accounts SET may_receive = p_may_receive WHERE id = p_agent;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no account' USING ERRCODE = 'LG404', DETAIL = p_agent;
  END IF;
END
$function$;
REVOKE ALL ON FUNCTION ledger_set_standing FROM PUBLIC;

-- ── function ledger_snapshot(p_step integer, p_boundary timestamp with time 
CREATE OR REPLACE FUNCTION ledger_snapshot(p_step integer, p_boundary timestamp with time zone, p_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
DECLARE
  name text := 'balance_snapshots_' || p_step;
  done boolean;
BEGIN
  INSERT INTO decay_steps (step, at) VALUES (p_step, p_boundary) ON CONFLICT DO NOTHING;
  SELECT snapshot_at IS NOT NULL INTO done FROM decay_steps WHERE step = p_step FOR UPDATE;
  IF done THEN RETURN false; END IF;
  EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF balance_snapshots FOR VALUES IN (%s)', name, p_step);
  INSERT INTO balance_snapshots (step, account_id, balance, spent_total)
    SELECT p_step, a.id, a.balance - coalesce(later.moved, 0), a.spent_total - coalesce(later.spent, 0)
    FROM accounts a LEFT JOIN (
      SELECT account_id, sum(amount) AS moved,
        -sum(amount) FILTER (WHERE amount < 0 OR type IN ('refund', 'dispute_fee_refund')) AS spent
      FROM transactions WHERE created_at >= p_boundary AND currency = 'points' GROUP BY account_id) later
      ON later.account_id = a.id
    WHERE a.currency = 'points' AND a.balance - coalesce(later.moved, 0) > 0
    ORDER BY a.id;
  UPDATE decay_steps SET snapshot_at = p_at WHERE step = p_step;
  RETURN true;
END
$function$;
REVOKE ALL ON FUNCTION ledger_snapshot FROM PUBLIC;

-- ── function ledger_transfer_batch(p_at timestamp with time zone, p_key byte
CREATE OR REPLACE FUNCTION ledger_transfer_batch(p_at timestamp with time zone, p_key bytea[], p_hash bytea[], p_from text[], p_to text[], p_amount numeric[], p_memo text[])
 RETURNS TABLE(status text, movement_id bigint, payee text, amount numeric, memo text, balance numeric, at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
DECLARE
  issuer constant text := 'agt_system';
  n constant int := cardinality(p_from);
  ids text[]; balances numeric[]; owes numeric[]; spent numeric[]; may boolean[]; touched boolean[];
  payer_at int[]; payee_at int[]; earlier bigint[]; is_used boolean[]; first_twin int[];
  posted_twin int[] := array_fill(NULL::int, ARRAY[n]);
  outcome text[] := array_fill(NULL::text, ARRAY[n]); mids bigint[] := array_fill(NULL::bigint, ARRAY[n]);
  afters numeric[] := array_fill(NULL::numeric, ARRAY[n]);
  leg_ids bigint[] := '{}'; leg_of int[] := '{}'; leg_from text[] := '{}'; leg_to text[] := '{}';
  leg_amount numeric[] := '{}'; leg_type text[] := '{}'; leg_reference text[] := '{}'; from_after numeric[] := '{}'; to_after numeric[] := '{}';
  known boolean := false; due record; expected bigint; written bigint;
  f int; t int; c int; j int; x numeric; part numeric;
BEGIN
  SELECT array_agg(a.id::text), array_agg(a.balance), array_agg(a.debt), array_agg(a.may_receive)
    INTO ids, balances, owes, may FROM (
      SELECT id, ac.balance, debt, may_receive FROM accounts ac
      WHERE currency = 'points' AND id = ANY (p_from || p_to || ARRAY(
        SELECT creditor::text FROM debts
        WHERE debtor = ANY (p_to) AND currency = 'points' AND outstanding > 0))
      ORDER BY id FOR NO KEY UPDATE) a;
  spent := array_fill(0::numeric, ARRAY[coalesce(cardinality(ids), 0)]);
  touched := array_fill(false, ARRAY[coalesce(cardinality(ids), 0)]);

  SELECT array_agg(u.payer_at ORDER BY u.place), array_agg(u.payee_at ORDER BY u.place),
      array_agg(u.earlier ORDER BY u.place), array_agg(u.is_used ORDER BY u.place), array_agg(u.first_twin ORDER BY u.place)
    INTO payer_at, payee_at, earlier, is_used, first_twin
    FROM (
      SELECT i.place, a.place AS payer_at, b.place AS payee_at,
        CASE WHEN i.key IS NOT NULL THEN
          (SELECT m.id FROM movements m WHERE m.natural_key = ledger_transfer_key(i.payer, i.key)) END AS earlier,
        i.key IS NOT NULL AND EXISTS (
          SELECT FROM idempotency_keys k WHERE k.caller = i.payer AND k.key_hash = i.key) AS is_used,
        min(i.place) OVER (PARTITION BY i.payer, i.key) AS first_twin
      FROM unnest(p_from, p_to, p_key) WITH ORDINALITY i (payer, payee, key, place)
        LEFT JOIN unnest(ids) WITH ORDINALITY a (id, place) ON a.id = i.payer
        LEFT JOIN unnest(ids) WITH ORDINALITY b (id, place) ON b.id = i.payee) u;

  FOR i IN 1 .. n LOOP
    x := p_amount[i]; f := payer_at[i]; t := payee_at[i];
    IF p_key[i] IS NOT NULL THEN
      IF earlier[i] IS NOT NULL THEN
        outcome[i] := 'known'; mids[i] := earlier[i]; known := true;
        CONTINUE;
      END IF;
      j := posted_twin[first_twin[i]];
      IF j IS NOT NULL THEN
        outcome[i] := CASE WHEN p_hash[j] = p_hash[i] THEN 'replayed' ELSE 'key_reused' END;
        mids[i] := mids[j]; known := true;
        CONTINUE;
      END IF;
    END IF;
    IF is_used[i] THEN
      outcome[i] := 'key_reused';
      CONTINUE;
    END IF;
    outcome[i] := CASE
      WHEN x IS NULL OR x <= 0 OR x <> round(x, 2) THEN 'invalid'
      WHEN f IS NULL THEN 'no_payer'
      WHEN p_from[i] = p_to[i] THEN 'to_self'
      WHEN t IS NULL AND p_to[i] <> issuer THEN 'no_payee'
      WHEN NOT may[t] THEN 'payee_suspended'
      WHEN owes[f] > 0 THEN 'debt_outstanding'
      WHEN balances[f] < x THEN 'insufficient_balance'
      ELSE 'posted' END;
    IF outcome[i] <> 'posted' THEN
      afters[i] := CASE outcome[i] WHEN 'debt_outstanding' THEN owes[f] ELSE balances[f] END;
      CONTINUE;
    END IF;

    balances[f] := balances[f] - x; spent[f] := spent[f] + x; touched[f] := true;
    mids[i] := nextval('ledger_id_seq'); afters[i] := balances[f];
    IF p_key[i] IS NOT NULL THEN posted_twin[first_twin[i]] := i; END IF;
    IF t IS NOT NULL THEN balances[t] := balances[t] + x; touched[t] := true; END IF;
    leg_ids := leg_ids || mids[i]; leg_of := leg_of || i; leg_from := leg_from || p_from[i];
    leg_to := leg_to || p_to[i]; leg_amount := leg_amount || x; leg_type := leg_type || 'p2p_transfer'::text; leg_reference := array_append(leg_reference, NULL::text);
    from_after := from_after || balances[f]; to_after := to_after || balances[t];

    CONTINUE WHEN t IS NULL OR owes[t] = 0;
    -- Within one call a debt may be paid on several times, so each is written before the next is read.
    FOR due IN SELECT d.id, d.creditor::text, d.outstanding, d.reference::text FROM debts d
      WHERE d.debtor = p_to[i] AND d.currency = 'points' AND d.outstanding > 0 ORDER BY d.id
    LOOP
      EXIT WHEN x = 0;
      part := least(x, due.outstanding); c := array_position(ids, due.creditor); x := x - part;
      IF c IS NULL AND due.creditor <> issuer THEN
        RAISE EXCEPTION 'A debt was booked while the locks were taken.' USING ERRCODE = 'serialization_failure';
      END IF;
      UPDATE debts d SET outstanding = d.outstanding - part WHERE d.id = due.id;
      balances[t] := balances[t] - part; owes[t] := owes[t] - part; spent[t] := spent[t] + part;
      IF c IS NOT NULL THEN balances[c] := balances[c] + part; touched[c] := true; END IF;
      leg_ids := leg_ids || nextval('ledger_id_seq'); leg_of := leg_of || i; leg_from := leg_from || p_to[i];
      leg_to := leg_to || due.creditor; leg_amount := leg_amount || part;
      leg_type := leg_type || 'debt_repayment'::text; leg_reference := array_append(leg_reference, due.reference);
      from_after := from_after || balances[t]; to_after := to_after || balances[c];
    END LOOP;
  END LOOP;

  IF cardinality(leg_ids) > 0 THEN
    INSERT INTO movements (id, natural_key, type, at)
      SELECT u.mid, CASE WHEN u.key IS NULL THEN sha256(convert_to('p2p_transfer:' || u.mid, 'UTF8'))
        ELSE ledger_transfer_key(u.payer, u.key) END, 'p2p_transfer', p_at
      FROM unnest(mids, p_key, p_from, outcome) u (mid, key, payer, outcome) WHERE u.outcome = 'posted';
    SELECT count(*) INTO expected FROM unnest(p_key, outcome) u (key, outcome)
      WHERE u.outcome = 'posted' AND u.key IS NOT NULL;
    IF expected > 0 THEN
      INSERT INTO idempotency_keys AS k (caller, key_hash, request_hash, movement_id, created_at)
        SELECT u.payer, u.key, u.hash, u.mid, p_at
        FROM unnest(p_from, p_key, p_hash, mids, outcome) u (payer, key, hash, mid, outcome)
        WHERE u.outcome = 'posted' AND u.key IS NOT NULL
        ON CONFLICT DO NOTHING;
      GET DIAGNOSTICS written = ROW_COUNT;
      IF written < expected THEN
        RAISE EXCEPTION 'A key was used for another deed.' USING ERRCODE = 'LG422';
      END IF;
    END IF;
    UPDATE accounts a SET balance = u.balance, debt = u.owes, spent_total = a.spent_total + u.spent
      FROM unnest(ids, balances, owes, spent, touched) u (id, balance, owes, spent, touched)
      WHERE a.id = u.id AND a.currency = 'points' AND u.touched;
    WITH legs AS (
      INSERT INTO transactions AS w (id, movement_id, from_agent_id, to_agent_id, amount, balance_after, currency,
          type, reference, memo, created_at)
        SELECT l.id + side, mids[l.of], l.payer, l.payee, CASE side WHEN 0 THEN -l.amount ELSE l.amount END,
          CASE side WHEN 0 THEN l.payer_after ELSE l.payee_after END, 'points', l.type, l.reference,
          CASE l.type WHEN 'p2p_transfer' THEN p_memo[l.of] END, p_at
        FROM unnest(leg_ids, leg_of, leg_from, leg_to, leg_amount, leg_type, leg_reference, from_after, to_after)
            l (id, of, payer, payee, amount, type, reference, payer_after, payee_after)
          CROSS JOIN (VALUES (0), (1)) s (side)
        RETURNING w.*)
    INSERT INTO outbox (id, name, subject, audience, data, at)
      SELECT 'evt_' || replace(gen_random_uuid()::text, '-', ''),
        CASE WHEN w.amount > 0 THEN 'points.received' ELSE 'points.sent' END, w.account_id, ARRAY[w.account_id],
        ledger_news(w.movement_id, w.type, w.currency, w.amount, w.balance_after, w.from_agent_id, w.to_agent_id,
          w.reference), w.created_at
      FROM legs w WHERE w.account_id <> issuer ORDER BY w.id;
  END IF;

  IF NOT known THEN
    RETURN QUERY SELECT u.outcome, u.mid, u.payee, u.amount, u.memo, u.after, p_at
      FROM unnest(outcome, mids, p_to, p_amount, p_memo, afters)
        WITH ORDINALITY u (outcome, mid, payee, amount, memo, after, place) ORDER BY u.place;
    RETURN;
  END IF;
  RETURN QUERY
    SELECT CASE WHEN u.outcome <> 'known' THEN u.outcome
        WHEN coalesce(k.request_hash = u.hash, w.to_agent_id = u.payee AND -w.amount = u.amount
          AND w.memo IS NOT DISTINCT FROM u.memo) THEN 'replayed' ELSE 'key_reused' END,
      u.mid, coalesce(w.to_agent_id::text, u.payee), coalesce(-w.amount, u.amount),
      CASE WHEN w.id IS NULL THEN u.memo ELSE w.memo END, coalesce(w.balance_after, u.after),
      coalesce(w.created_at, p_at)
    FROM unnest(outcome, mids, p_from, p_to, p_amount, p_memo, afters, p_key, p_hash)
        WITH ORDINALITY u (outcome, mid, payer, payee, amount, memo, after, key, hash, place)
      LEFT JOIN LATERAL (SELECT z.* FROM transactions z WHERE z.id = u.mid OFFSET 0) w ON true
      LEFT JOIN LATERAL (SELECT z.request_hash FROM idempotency_keys z
        WHERE u.outcome = 'known' AND z.caller = u.payer AND z.key_hash = u.key OFFSET 0) k ON true
    ORDER BY u.place;
END
$function$;
REVOKE ALL ON FUNCTION ledger_transfer_batch FROM PUBLIC;

-- ── function ledger_transfer_key(payer text, key bytea)
CREATE OR REPLACE FUNCTION ledger_transfer_key(payer text, key bytea)
 RETURNS bytea
 LANGUAGE sql
 STABLE
AS $function$
  SELECT sha256(convert_to('p2p_transfer:' || payer || ':' || encode(key, 'hex'), 'UTF8'))
$function$;
REVOKE ALL ON FUNCTION ledger_transfer_key FROM PUBLIC;

-- ── function refuse_change()
CREATE OR REPLACE FUNCTION refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
END
$function$;
