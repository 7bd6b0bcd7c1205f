-- What each admission sums up of a tenant's workloads, in an index, so that it reads no spec. The database itself keeps the
-- length of specs, so an older version need not know it.
ALTER TABLE workload ADD COLUMN spec_length ${bigint} GENERATED ALWAYS AS (length(spec)) ${generated};
CREATE INDEX workload_sums ON workload
    (tenant, name, ${specLength}, replicas, cpu_millis, memory_bytes, pids, disk_bytes, inodes, swap_bytes);
CREATE VIEW workload_use AS
SELECT tenant, name, ${specLength} AS spec_length, replicas, cpu_millis, memory_bytes, pids, disk_bytes, inodes, swap_bytes
FROM workload;
