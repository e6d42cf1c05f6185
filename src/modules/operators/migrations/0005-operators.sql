CREATE TABLE operator_keys (
  id         varchar(12) COLLATE "C" PRIMARY KEY,
  name       varchar(100) NOT NULL,
  role       text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  key_hash   bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz
);

CREATE TABLE audit_log (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at            timestamptz NOT NULL,
  operator_id   text COLLATE "C" NOT NULL,
  operator_name text NOT NULL,
  act           text COLLATE "C" NOT NULL,
  subject       text COLLATE "C" NOT NULL,
  reason        text NOT NULL CHECK (length(reason) BETWEEN 5 AND 500),
  details       jsonb NOT NULL
);
CREATE INDEX audit_log_subject ON audit_log (subject, id);
