-- What is counted. Facts and pages are made from the log and can be made from it again.

-- One row for each session that has ended. What lists are narrowed by has columns; all of it is in data.
CREATE TABLE session_facts (
    session_id TEXT PRIMARY KEY,
    seq BIGINT NOT NULL, -- of the last event that it was made of
    created_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    queue_id TEXT NOT NULL,
    outcome TEXT NOT NULL, -- why it ended
    score BIGINT NOT NULL, -- 0: not rated
    marks TEXT NOT NULL, -- |answered|rated|
    agents TEXT NOT NULL, -- |agt_x|agt_y|: who had it
    overflowed TEXT NOT NULL, -- |que_x|: where it waited too long
    data TEXT NOT NULL
);
--bun:split
CREATE INDEX session_facts_created ON session_facts (created_at, session_id);
--bun:split
CREATE INDEX session_facts_ended ON session_facts (ended_at);
--bun:split
CREATE INDEX session_facts_rated ON session_facts (created_at) WHERE score > 0;
--bun:split
-- The sums of a day in the account's zone, or of a whole month, divided by one dimension; queue_id is empty for the
-- whole account.
CREATE TABLE stats_days (
    zone TEXT NOT NULL,
    dimension TEXT NOT NULL,
    queue_id TEXT NOT NULL,
    day TEXT NOT NULL, -- 2026-10-25, or m2026-10
    data BYTEA NOT NULL,
    PRIMARY KEY (zone, dimension, queue_id, day)
);
--bun:split
-- Pages are read by the hundred: they stay in their rows, and as they are.
ALTER TABLE stats_days ALTER COLUMN data SET STORAGE EXTERNAL;
--bun:split
ALTER TABLE stats_days SET (toast_tuple_target = 8160);
--bun:split
-- How far the roll-up has come, in one row. Whoever changes anything above raises rev, and meets it when another
-- server was quicker.
CREATE TABLE stats_progress (
    id BIGINT PRIMARY KEY,
    rev BIGINT NOT NULL,
    data TEXT NOT NULL
);
--bun:split
-- What an agent was from a moment on: a status, or gone. It is the trigger below that writes it, so that none of those
-- who change a status can forget to: the agent, an admin, and the committer when offers ran out.
CREATE TABLE agent_states (
    agent_id TEXT NOT NULL,
    since BIGINT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (agent_id, since)
);
--bun:split
CREATE INDEX agent_states_since ON agent_states (since);
--bun:split
INSERT INTO agent_states (agent_id, since, state) SELECT id, greatest(status_since, created_at), status FROM agents WHERE status <> 'offline';
--bun:split
-- An agent who had not signed off and gave no sign of life for a minute was gone from the last one on.
CREATE FUNCTION note_agent_state() RETURNS trigger AS $$
BEGIN
  IF OLD.status <> 'offline' AND OLD.seen_at > 0 AND greatest(NEW.seen_at, NEW.changed_at) - OLD.seen_at > 60000 THEN
    INSERT INTO agent_states (agent_id, since, state) VALUES (NEW.id, OLD.seen_at, 'gone')
    ON CONFLICT (agent_id, since) DO UPDATE SET state = excluded.state;
  END IF;
  INSERT INTO agent_states (agent_id, since, state)
  VALUES (NEW.id, CASE WHEN NEW.status <> OLD.status THEN NEW.changed_at ELSE NEW.seen_at END, NEW.status)
  ON CONFLICT (agent_id, since) DO UPDATE SET state = excluded.state;
  RETURN NULL;
END $$ LANGUAGE plpgsql;
--bun:split
CREATE TRIGGER agents_state AFTER UPDATE OF status, seen_at ON agents FOR EACH ROW
WHEN (NEW.status <> OLD.status OR NEW.seen_at - OLD.seen_at > 60000 AND NEW.status <> 'offline')
EXECUTE FUNCTION note_agent_state();
--bun:split
-- Messages are counted by the quarter of an hour, since 1970: all zones' days begin with one.
CREATE TABLE counters_by_quarter (
    quarter BIGINT NOT NULL,
    name TEXT NOT NULL,
    node TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (quarter, name, node)
);
--bun:split
INSERT INTO counters_by_quarter SELECT extract(epoch FROM day::date)::bigint / 900, name, node, n FROM counters;
--bun:split
DROP TABLE counters;
--bun:split
ALTER TABLE counters_by_quarter RENAME TO counters;
--bun:split
-- Why a person was asked for, and who made a decision, is counted. The ledger forgets in 30 days, so older lines of it
-- stay without.
ALTER TABLE sessions ADD COLUMN reason TEXT NOT NULL DEFAULT '';
--bun:split
UPDATE sessions SET reason = coalesce(state::json -> 'reason' ->> 'code', '');
--bun:split
CREATE INDEX sessions_open_created ON sessions (created_at) WHERE status <> 'ended';
--bun:split
CREATE INDEX sessions_ended_changed ON sessions (changed_at, id) WHERE status = 'ended';
--bun:split
ALTER TABLE decisions ADD COLUMN answered TEXT NOT NULL DEFAULT '';
