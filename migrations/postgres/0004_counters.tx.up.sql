-- Nothing to change here: this step is about how SQLite stores the table.
SELECT 1;
