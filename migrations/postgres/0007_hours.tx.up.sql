-- When queues are open, and which runs of jobs were claimed.
CREATE TABLE schedules (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    data TEXT NOT NULL, -- the schedule as JSON
    is_default BOOLEAN NOT NULL, -- of the account: queues without one of their own go by it
    rev BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX schedules_default ON schedules (is_default) WHERE is_default;
--bun:split
ALTER TABLE queues ADD COLUMN schedule_id TEXT NOT NULL DEFAULT ''; -- '': the account's
--bun:split
CREATE TABLE job_runs (
    job TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    node TEXT NOT NULL, -- who has claimed it; '' when it failed and is anyone's
    claimed_at BIGINT NOT NULL,
    done_at BIGINT NOT NULL, -- 0: not done
    PRIMARY KEY (job, due_at)
);
--bun:split
CREATE INDEX job_runs_open ON job_runs (job, due_at) WHERE done_at = 0;
