-- The log is the truth; sessions and counters are made from it. Times are milliseconds.
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    session_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    public_prev INTEGER NOT NULL, -- seq of the public event before; -1: staff only
    kind TEXT NOT NULL,
    role TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    client_hash INTEGER NOT NULL, -- of author and client id; 0: no message
    unread INTEGER NOT NULL, -- 1: a customer's message that the agent side is to read
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    UNIQUE (session_id, seq)
);
--bun:split
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    status TEXT NOT NULL,
    queue_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    offered_to TEXT NOT NULL,
    bot_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    priority INTEGER NOT NULL,
    tags TEXT NOT NULL, -- |vip|refund|
    decided INTEGER NOT NULL,
    arrived_at INTEGER NOT NULL,
    deadline_at INTEGER NOT NULL, -- 0: ended
    created_at INTEGER NOT NULL,
    state TEXT NOT NULL, -- the session as of state_seq
    details TEXT NOT NULL, -- context, tried and attributes, which lists leave out
    last_seq INTEGER NOT NULL,
    public_seq INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    last_text TEXT NOT NULL,
    last_role TEXT NOT NULL,
    last_text_at INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    unanswered_since INTEGER NOT NULL,
    customer_delivered INTEGER NOT NULL,
    customer_read INTEGER NOT NULL,
    agent_delivered INTEGER NOT NULL,
    agent_read INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
);
--bun:split
CREATE UNIQUE INDEX sessions_one_open_conversation ON sessions (bot_id, conversation_id) WHERE status <> 'ended' AND bot_id <> '';
--bun:split
CREATE UNIQUE INDEX sessions_one_open_customer ON sessions (customer_id) WHERE status <> 'ended' AND bot_id = '';
--bun:split
CREATE INDEX sessions_open_by_activity ON sessions (last_at DESC, id DESC) WHERE status <> 'ended';
--bun:split
CREATE INDEX sessions_by_activity ON sessions (last_at DESC, id DESC);
--bun:split
CREATE INDEX sessions_line ON sessions (queue_id, priority DESC, arrived_at, id) WHERE status IN ('waiting', 'pending');
--bun:split
CREATE INDEX sessions_deadline ON sessions (deadline_at) WHERE deadline_at > 0;
--bun:split
CREATE INDEX sessions_of_agent ON sessions (agent_id, last_at DESC) WHERE status = 'active';
--bun:split
CREATE INDEX sessions_offered ON sessions (offered_to) WHERE offered_to <> '';
--bun:split
CREATE INDEX sessions_of_customer ON sessions (customer_id, created_at DESC);
--bun:split
CREATE INDEX sessions_changed ON sessions (changed_at);
--bun:split
CREATE TABLE agents (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    status TEXT NOT NULL,
    capacity INTEGER NOT NULL,
    active INTEGER NOT NULL DEFAULT 0,
    load INTEGER NOT NULL DEFAULT 0,
    queues TEXT NOT NULL, -- |que_x|que_y|
    skills TEXT NOT NULL,
    languages TEXT NOT NULL,
    disabled BOOLEAN NOT NULL,
    missed INTEGER NOT NULL DEFAULT 0,
    seen_at INTEGER NOT NULL DEFAULT 0,
    last_assigned INTEGER NOT NULL DEFAULT 0,
    rev INTEGER NOT NULL DEFAULT 1,
    generation INTEGER NOT NULL DEFAULT 1,
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
);
--bun:split
CREATE INDEX agents_changed ON agents (changed_at);
--bun:split
CREATE TABLE queues (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    strategy TEXT NOT NULL,
    rev INTEGER NOT NULL,
    created_at INTEGER NOT NULL
);
--bun:split
CREATE TABLE customers (
    id TEXT PRIMARY KEY,
    bot_id TEXT NOT NULL,
    external_id TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    locale TEXT NOT NULL,
    verified BOOLEAN NOT NULL,
    attributes TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
--bun:split
CREATE UNIQUE INDEX customers_of_bot ON customers (bot_id, external_id) WHERE external_id <> '';
--bun:split
CREATE UNIQUE INDEX customers_verified ON customers (issuer, subject) WHERE subject <> '';
--bun:split
-- What followers are still to be given, in the order of each session; a follower acknowledges by deleting.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    follower TEXT NOT NULL,
    session_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    created_at INTEGER NOT NULL
);
--bun:split
CREATE INDEX outbox_by_follower ON outbox (follower, session_id, seq);
--bun:split
CREATE TABLE idempotency (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    session_id TEXT NOT NULL,
    result TEXT NOT NULL,
    seq INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
);
--bun:split
CREATE INDEX idempotency_age ON idempotency (created_at);
--bun:split
CREATE TABLE counters (
    day TEXT NOT NULL,
    name TEXT NOT NULL,
    node TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (day, name, node)
);
--bun:split
-- A row for each transaction of a committer: after a broken commit it tells whether all of it was written.
CREATE TABLE commits (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL
);
--bun:split
CREATE INDEX commits_age ON commits (at);
--bun:split
CREATE TABLE nodes (
    id TEXT PRIMARY KEY,
    started_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
);
--bun:split
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor_role TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    data TEXT NOT NULL
);
--bun:split
CREATE INDEX sessions_undecided ON sessions (arrived_at) WHERE status = 'waiting' AND decided = 0;
