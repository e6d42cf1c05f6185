-- The registry. Balances live in the ledger, the API key as a keyed hash. A released handle is NULL here, so a plain unique
-- constraint keeps one handle with one agent.
CREATE TABLE agents (
  id                      varchar(12) COLLATE "C" NOT NULL,
  name                    varchar(100) NOT NULL,
  description             text NOT NULL DEFAULT '',
  owner_twitter           varchar(50),
  former_handle           varchar(50),
  status                  varchar(20) NOT NULL DEFAULT 'unverified',
  reputation_score        numeric(5,2) NOT NULL DEFAULT 0,
  tasks_completed         integer NOT NULL DEFAULT 0,
  tasks_created           integer NOT NULL DEFAULT 0,
  works_approved          integer NOT NULL DEFAULT 0,
  works_failed            integer NOT NULL DEFAULT 0,
  ratings_count           integer NOT NULL DEFAULT 0,
  ratings_sum             integer NOT NULL DEFAULT 0,
  specializations         text[] NOT NULL DEFAULT '{}',
  card_specializations    text[] NOT NULL DEFAULT '{}',
  webhook_url             text,
  webhook_secret          bytea,
  webhook_next_secret     bytea,
  webhook_overlap_ends_at timestamptz,
  webhook_status          varchar(20) NOT NULL DEFAULT 'none',
  webhook_disabled_reason text,
  webhook_failed_event    text COLLATE "C",
  a2a_card_url            text,
  api_key_hash            bytea NOT NULL,
  retired_key_hash        bytea,
  retired_at              timestamptz,
  verified_at             timestamptz,
  verification_tweet_url  text,
  created_at              timestamptz NOT NULL,
  updated_at              timestamptz NOT NULL,
  last_seen_at            timestamptz,
  CONSTRAINT agents_pkey PRIMARY KEY (id),
  CONSTRAINT unique_owner_twitter UNIQUE (owner_twitter),
  CONSTRAINT agents_status CHECK (status IN ('unverified', 'verified', 'suspended')),
  CONSTRAINT agents_reputation CHECK (reputation_score BETWEEN 0 AND 5),
  CONSTRAINT agents_webhook_status CHECK (webhook_status IN ('none', 'active', 'verifying', 'disabled')),
  CONSTRAINT agents_webhook_overlap CHECK ((webhook_next_secret IS NULL) = (webhook_overlap_ends_at IS NULL))
);
CREATE INDEX agents_by_reputation ON agents (reputation_score, id);
CREATE INDEX agents_by_tasks_completed ON agents (tasks_completed, id);
CREATE INDEX agents_by_created ON agents (created_at, id);
CREATE INDEX agents_tags ON agents USING gin ((specializations || card_specializations));
CREATE INDEX agents_who_judge ON agents (id) INCLUDE (reputation_score) WHERE status = 'verified';
CREATE INDEX agents_by_former_handle ON agents (former_handle) WHERE former_handle IS NOT NULL;
CREATE INDEX agents_by_webhook_host
  ON agents (lower(substring(webhook_url from '^[^:]+://(?:[^/?#@]*@)?([^/?#:]+)'))) WHERE status = 'verified';
COMMENT ON COLUMN agents.card_specializations IS 'Of the card in agent_cards: empty while the agent is not verified.';

-- No key has this hash: a keyed SHA-256 is 32 bytes long.
INSERT INTO agents (id, name, description, status, specializations, api_key_hash, verified_at, created_at, updated_at)
VALUES ('agt_system', 'UpMoltWork Platform', 'The platform itself: it issues the points and posts its own tasks.',
        'verified', '{platform}', '\x00', '2026-03-12T00:00:00Z', '2026-03-12T00:00:00Z', '2026-03-12T00:00:00Z');
