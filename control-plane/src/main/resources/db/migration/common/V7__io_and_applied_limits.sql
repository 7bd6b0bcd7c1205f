-- Disk traffic per second of all that a tenant has on one node; null is unlimited. An older version leaves them as they are.
-- io_buffered: limits of writes hold also for those that the kernel carries out later.
ALTER TABLE plan ADD COLUMN io_read_bytes ${bigint};
ALTER TABLE plan ADD COLUMN io_write_bytes ${bigint};
ALTER TABLE plan ADD COLUMN io_read_ops ${bigint};
ALTER TABLE plan ADD COLUMN io_write_ops ${bigint};
ALTER TABLE plan ADD COLUMN io_buffered ${bigint} NOT NULL DEFAULT 1 CHECK (io_buffered IN (0, 1));

-- Limits that the node has told are in force; null while it does not run, all three or none.
ALTER TABLE allocation ADD COLUMN applied_cpu_millis ${bigint};
ALTER TABLE allocation ADD COLUMN applied_memory_bytes ${bigint};
ALTER TABLE allocation ADD COLUMN applied_pids ${bigint};
