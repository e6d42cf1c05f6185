-- Fingerprints of an installation's secrets, so no start with other secrets goes unnoticed.
CREATE TABLE kept_secrets (
  name        text NOT NULL,
  fingerprint bytea NOT NULL,
  kept_at     timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT kept_secrets_pkey PRIMARY KEY (name),
  CONSTRAINT kept_secrets_fingerprint CHECK (octet_length(fingerprint) = 32)
);
