-- Who may come in, and how that ends. Secrets are kept as SHA-256 hashes; times are milliseconds.

CREATE TABLE logins (
  id         TEXT    NOT NULL PRIMARY KEY,
  hash       TEXT    NOT NULL,
  agent_id   TEXT    NOT NULL,
  generation BIGINT  NOT NULL,
  created_at BIGINT  NOT NULL,
  used_at    BIGINT  NOT NULL
);
CREATE UNIQUE INDEX logins_hash ON logins (hash);
CREATE INDEX logins_agent ON logins (agent_id);

CREATE TABLE bots (
  id         TEXT    NOT NULL PRIMARY KEY,
  name       TEXT    NOT NULL,
  created_at BIGINT  NOT NULL
);
CREATE UNIQUE INDEX bots_name ON bots (name);

-- A bot has two places for keys, so that a new one can be in use before the old one goes. The unique index is
-- what keeps a third from being made, whoever tries at the same time.
CREATE TABLE bot_keys (
  id         TEXT    NOT NULL PRIMARY KEY,
  hash       TEXT    NOT NULL,
  bot_id     TEXT    NOT NULL,
  place      INTEGER NOT NULL,
  scopes     TEXT    NOT NULL,
  created_at BIGINT  NOT NULL
);
CREATE UNIQUE INDEX bot_keys_hash ON bot_keys (hash);
CREATE UNIQUE INDEX bot_keys_place ON bot_keys (bot_id, place);

CREATE TABLE visitor_tokens (
  id          TEXT   NOT NULL PRIMARY KEY,
  hash        TEXT   NOT NULL,
  customer_id TEXT   NOT NULL,
  issuer      TEXT   NOT NULL,
  created_at  BIGINT NOT NULL,
  used_at     BIGINT NOT NULL
);
CREATE UNIQUE INDEX visitor_tokens_hash ON visitor_tokens (hash);
CREATE INDEX visitor_tokens_customer ON visitor_tokens (customer_id);
CREATE INDEX visitor_tokens_used ON visitor_tokens (used_at);

CREATE TABLE tickets (
  hash       TEXT   NOT NULL PRIMARY KEY,
  credential TEXT   NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX tickets_expires ON tickets (expires_at);

-- Codes that make the first owner; all go when one is used.
CREATE TABLE setup_codes (
  hash       TEXT   NOT NULL PRIMARY KEY,
  created_at BIGINT NOT NULL
);

CREATE TABLE login_failures (
  subject    TEXT    NOT NULL PRIMARY KEY,
  failures   INTEGER NOT NULL,
  first_at   BIGINT  NOT NULL,
  last_at    BIGINT  NOT NULL
);
CREATE INDEX login_failures_last ON login_failures (last_at);

-- What was revoked lately, for the nodes that still have a socket or a cached answer of it: one credential, or
-- all credentials of a person that are older than his new generation.
CREATE TABLE revocations (
  id         TEXT   NOT NULL PRIMARY KEY,
  subject    TEXT   NOT NULL,
  generation BIGINT NOT NULL,
  at         BIGINT NOT NULL
);
CREATE INDEX revocations_at ON revocations (at);

CREATE TABLE secrets (
  name  TEXT NOT NULL PRIMARY KEY,
  value BLOB NOT NULL
);

CREATE TABLE settings (
  key   TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE attachments (
  id            TEXT    NOT NULL PRIMARY KEY,
  session_id    TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  type          TEXT    NOT NULL,
  size          BIGINT  NOT NULL,
  width         INTEGER NOT NULL,
  height        INTEGER NOT NULL,
  uploader_role TEXT    NOT NULL,
  uploader_id   TEXT    NOT NULL,
  created_at    BIGINT  NOT NULL,
  posted        BOOLEAN NOT NULL
);
CREATE INDEX attachments_session ON attachments (session_id);
CREATE INDEX attachments_unposted ON attachments (created_at) WHERE NOT posted;
