-- What a team keeps for itself, and the links that let somebody in. Codes are kept as SHA-256 hashes; times are
-- milliseconds.

-- A reply belongs to an agent, or to the team when owner_id is empty; queue_id is empty for those of all queues.
CREATE TABLE quick_replies (
  id         TEXT   NOT NULL PRIMARY KEY,
  owner_id   TEXT   NOT NULL,
  queue_id   TEXT   NOT NULL,
  shortcut   TEXT   NOT NULL,
  title      TEXT   NOT NULL,
  text       TEXT   NOT NULL,
  language   TEXT   NOT NULL,
  used       BIGINT NOT NULL,
  rev        BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX quick_replies_shortcut ON quick_replies (owner_id, shortcut);

-- One open invitation for each address; it goes when it is accepted, taken back or replaced, and when whoever made
-- it gets another role or loses his access.
CREATE TABLE invites (
  id         TEXT   NOT NULL PRIMARY KEY,
  hash       TEXT   NOT NULL,
  email      TEXT   NOT NULL,
  name       TEXT   NOT NULL,
  role       TEXT   NOT NULL,
  queues     TEXT   NOT NULL,
  by_id      TEXT   NOT NULL,
  by_name    TEXT   NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX invites_hash ON invites (hash);
CREATE UNIQUE INDEX invites_email ON invites (email);
CREATE INDEX invites_by ON invites (by_id);

-- One open link for each person who lost his password.
CREATE TABLE resets (
  agent_id   TEXT   NOT NULL PRIMARY KEY,
  hash       TEXT   NOT NULL,
  by_id      TEXT   NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX resets_hash ON resets (hash);
CREATE INDEX resets_by ON resets (by_id);

-- The beginning of a key, by which people tell it from others, and when it was used last; 0: never.
ALTER TABLE bot_keys ADD COLUMN prefix TEXT NOT NULL DEFAULT '';
ALTER TABLE bot_keys ADD COLUMN used_at BIGINT NOT NULL DEFAULT 0;

-- Counts the tags of a queue without reading its sessions.
CREATE INDEX sessions_tagged ON sessions (queue_id, tags) WHERE tags <> '';
