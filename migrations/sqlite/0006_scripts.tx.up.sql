-- Scripts: what admins draft and publish, what scripts keep, and what was decided.
CREATE TABLE scripts (
    name TEXT PRIMARY KEY,
    draft TEXT NOT NULL, -- '' when there is none
    draft_rev INTEGER NOT NULL,
    draft_by TEXT NOT NULL,
    draft_at INTEGER NOT NULL,
    live INTEGER NOT NULL, -- the version that is in force; 0: none was published
    state TEXT NOT NULL, -- on, off, or '' as the script says itself
    trial TEXT NOT NULL, -- '', shadow or canary
    trial_source TEXT NOT NULL,
    trial_share INTEGER NOT NULL, -- of a canary, in percent
    trial_since INTEGER NOT NULL,
    trial_ended TEXT NOT NULL, -- why a canary was taken back
    rev INTEGER NOT NULL
);
--bun:split
CREATE TABLE script_versions (
    script TEXT NOT NULL,
    version INTEGER NOT NULL,
    source TEXT NOT NULL,
    hash TEXT NOT NULL,
    author_id TEXT NOT NULL,
    author_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (script, version)
);
--bun:split
CREATE TABLE script_tests (
    script TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (script, name)
);
--bun:split
CREATE TABLE script_values (
    script TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL, -- JSON; '' is no value any more
    rev INTEGER NOT NULL,
    steps INTEGER NOT NULL, -- by how much the last write moved rev; 0: whatever it was
    expires_at INTEGER NOT NULL, -- 0: never
    PRIMARY KEY (script, key)
);
--bun:split
CREATE INDEX script_values_expire ON script_values (expires_at) WHERE expires_at > 0;
--bun:split
CREATE TABLE decisions (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    count INTEGER NOT NULL,
    session_id TEXT NOT NULL,
    queue_id TEXT NOT NULL,
    hook TEXT NOT NULL,
    failed TEXT NOT NULL, -- |vip|tagging|
    trial TEXT NOT NULL, -- |vip|
    differs TEXT NOT NULL, -- |vip|
    data TEXT NOT NULL
);
--bun:split
CREATE INDEX decisions_of_session ON decisions (session_id, id);
--bun:split
CREATE INDEX decisions_of_queue ON decisions (queue_id, id);
--bun:split
CREATE INDEX decisions_failed ON decisions (id) WHERE failed <> '';
--bun:split
CREATE INDEX decisions_trial ON decisions (id) WHERE trial <> '';
--bun:split
CREATE INDEX decisions_old ON decisions (last_at);
--bun:split
ALTER TABLE agents ADD COLUMN status_since INTEGER NOT NULL DEFAULT 0;
--bun:split
UPDATE agents SET status_since = changed_at;
--bun:split
UPDATE queues SET strategy = 'least_busy' WHERE strategy = '';
--bun:split
ALTER TABLE queues ADD COLUMN hold_limit INTEGER NOT NULL DEFAULT 60000; -- milliseconds
