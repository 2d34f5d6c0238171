-- How queues treat those who wait, what is kept after hours, and what customers leave there.
ALTER TABLE queues ADD COLUMN rules TEXT NOT NULL DEFAULT '{}'; -- as JSON; what is not there is as in a new queue
--bun:split
ALTER TABLE customers ADD COLUMN time_zone TEXT NOT NULL DEFAULT '';
--bun:split
-- Who has the smaller one is served first: the arrival, put back for each step of priority. Those who wait now came
-- while priorities were strict.
ALTER TABLE sessions ADD COLUMN line_at BIGINT NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE sessions ADD COLUMN held_since BIGINT NOT NULL DEFAULT 0; -- when it came into its queue, or to its agent
--bun:split
ALTER TABLE sessions ADD COLUMN too_long BIGINT NOT NULL DEFAULT 0; -- 1: it was seen to wait longer than its queue allows
--bun:split
ALTER TABLE sessions ADD COLUMN replied_at BIGINT NOT NULL DEFAULT 0; -- the first message of the agent who has it
--bun:split
UPDATE sessions SET line_at = arrived_at - priority * 315360000000, held_since = arrived_at, replied_at = created_at WHERE status <> 'ended';
--bun:split
DROP INDEX sessions_line;
--bun:split
CREATE INDEX sessions_line ON sessions (queue_id, line_at, id) WHERE status IN ('waiting', 'pending');
--bun:split
CREATE INDEX sessions_held ON sessions (queue_id, status, held_since) WHERE status IN ('waiting', 'active', 'parked');
--bun:split
CREATE INDEX session_facts_queue ON session_facts (queue_id, ended_at);
--bun:split
-- What is known of customers beside their chats.
CREATE TABLE records (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL, -- ticket
    customer_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    email TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
--bun:split
CREATE INDEX records_of_customer ON records (customer_id, created_at DESC, id DESC);
