-- How many bytes all attached files have together, in one row that is written with them: uploads stay within a
-- quota on all servers at once.
CREATE TABLE storage (
  id    INTEGER NOT NULL PRIMARY KEY,
  bytes BIGINT  NOT NULL
);
--bun:split
INSERT INTO storage (id, bytes) SELECT 1, COALESCE(SUM(size), 0) FROM attachments;
