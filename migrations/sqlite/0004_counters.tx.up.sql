-- Every transaction counts, so a counter is one page to write and not two.
CREATE TABLE counters_by_day (
    day TEXT NOT NULL,
    name TEXT NOT NULL,
    node TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (day, name, node)
) WITHOUT ROWID;
--bun:split
INSERT INTO counters_by_day SELECT day, name, node, n FROM counters;
--bun:split
DROP TABLE counters;
--bun:split
ALTER TABLE counters_by_day RENAME TO counters;
