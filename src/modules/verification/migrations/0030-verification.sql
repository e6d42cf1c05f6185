-- The latest challenge of each agent: a new one takes the place of the old.
CREATE TABLE verification_challenges (
  agent_id   varchar(12) COLLATE "C" PRIMARY KEY,
  code_hash  bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  last_error text COLLATE "C"
) WITH (fillfactor = 80);
COMMENT ON COLUMN verification_challenges.code_hash IS 'HMAC under the pepper: the code itself is shown once.';

CREATE TABLE verified_x_accounts (
  account_id  text COLLATE "C" PRIMARY KEY,
  agent_id    varchar(12) COLLATE "C" NOT NULL CONSTRAINT verified_x_accounts_agent UNIQUE,
  handle      varchar(15) COLLATE "C" NOT NULL,
  tweet_url   text NOT NULL,
  verified_at timestamptz NOT NULL
);
COMMENT ON TABLE verified_x_accounts IS
  'X''s own id of the account, which outlives its handle. Rows stay, whatever becomes of the agent.';

-- Empty outside the sandbox. Tweets belong to the account, so they move with it when it is renamed.
CREATE TABLE sandbox_x_accounts (
  account_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  handle     varchar(15) COLLATE "C" NOT NULL CONSTRAINT sandbox_x_accounts_handle UNIQUE,
  created_at timestamptz NOT NULL,
  followers  integer NOT NULL CHECK (followers >= 0),
  protected  boolean NOT NULL
);
CREATE SEQUENCE sandbox_x_tweet_ids START 1700000000000000001;
CREATE TABLE sandbox_x_tweets (
  id         numeric(19) PRIMARY KEY DEFAULT nextval('sandbox_x_tweet_ids'),
  account_id bigint NOT NULL REFERENCES sandbox_x_accounts,
  text       text NOT NULL,
  created_at timestamptz NOT NULL
);
