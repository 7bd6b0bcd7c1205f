-- A tenant's share of a contended disk, and what may be saved up of the cap of CPU in percent of a period; null is not asked for.
-- An older version leaves them as they are.
ALTER TABLE plan ADD COLUMN io_weight ${bigint};
ALTER TABLE plan ADD COLUMN cpu_burst_percent ${bigint};
