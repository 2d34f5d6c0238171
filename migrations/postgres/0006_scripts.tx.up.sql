-- Scripts: what admins draft and publish, what scripts keep, and what was decided.
CREATE TABLE scripts (
    name TEXT PRIMARY KEY,
    draft TEXT NOT NULL, -- '' when there is none
    draft_rev BIGINT NOT NULL,
    draft_by TEXT NOT NULL,
    draft_at BIGINT NOT NULL,
    live BIGINT NOT NULL, -- the version that is in force; 0: none was published
    state TEXT NOT NULL, -- on, off, or '' as the script says itself
    trial TEXT NOT NULL, -- '', shadow or canary
    trial_source TEXT NOT NULL,
    trial_share BIGINT NOT NULL, -- of a canary, in percent
    trial_since BIGINT NOT NULL,
    trial_ended TEXT NOT NULL, -- why a canary was taken back
    rev BIGINT NOT NULL
);
--bun:split
CREATE TABLE script_versions (
    script TEXT NOT NULL,
    version BIGINT NOT NULL,
    source TEXT NOT NULL,
    hash TEXT NOT NULL,
    author_id TEXT NOT NULL,
    author_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (script, version)
);
--bun:split
CREATE TABLE script_tests (
    script TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (script, name)
);
--bun:split
CREATE TABLE script_values (
    script TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL, -- JSON; '' is no value any more
    rev BIGINT NOT NULL,
    steps BIGINT NOT NULL, -- by how much the last write moved rev; 0: whatever it was
    expires_at BIGINT NOT NULL, -- 0: never
    PRIMARY KEY (script, key)
);
--bun:split
CREATE INDEX script_values_expire ON script_values (expires_at) WHERE expires_at > 0;
--bun:split
CREATE TABLE decisions (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    count BIGINT NOT NULL,
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
ALTER TABLE agents ADD COLUMN status_since BIGINT NOT NULL DEFAULT 0;
--bun:split
UPDATE agents SET status_since = changed_at;
--bun:split
UPDATE queues SET strategy = 'least_busy' WHERE strategy = '';
--bun:split
ALTER TABLE queues ADD COLUMN hold_limit BIGINT NOT NULL DEFAULT 60000; -- milliseconds
