-- revision tells the states of a row apart, for requests that are meant for one of them. All rows share one counter, so that
-- what is deleted and made again never has a number that it had before. An older version leaves the numbers as they are.
CREATE TABLE row_counter (
    id   ${bigint} PRIMARY KEY CHECK (id = 1),
    last ${bigint} NOT NULL
) ${strict};
INSERT INTO row_counter (id, last) VALUES (1, 0);
ALTER TABLE plan ADD COLUMN revision ${bigint} NOT NULL DEFAULT 0;
ALTER TABLE tenant ADD COLUMN revision ${bigint} NOT NULL DEFAULT 0;
ALTER TABLE workload ADD COLUMN revision ${bigint} NOT NULL DEFAULT 0;
