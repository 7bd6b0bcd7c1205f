-- What one replica is, without how many there are: named by its own digest, shared by all allocations of that content.
CREATE TABLE template (
    sha256  TEXT PRIMARY KEY,
    content TEXT NOT NULL
) ${strict};

-- started_at and the observed columns are the node's words; running_since is by the control plane's clock.
-- told_generation: the node's generation that first had this allocation, or first had it no more; null until it is numbered.
-- restart_from: the value of started_at that the last asked restart is to change.
CREATE TABLE allocation (
    id              TEXT PRIMARY KEY,
    tenant          TEXT NOT NULL,
    workload        TEXT NOT NULL,
    replica         ${bigint} NOT NULL CHECK (replica >= 0),
    node            TEXT NOT NULL REFERENCES node (name),
    template        TEXT NOT NULL REFERENCES template (sha256),
    spec_version    ${bigint} NOT NULL,
    restart_counter ${bigint} NOT NULL,
    restart_from    ${bigint},
    wanted          TEXT NOT NULL CHECK (wanted IN ('RUNNING', 'STOPPED', 'RELEASED')),
    told_generation ${bigint},
    created_at      ${bigint} NOT NULL,
    phase           TEXT,
    started_at      ${bigint} NOT NULL DEFAULT 0,
    running_since   ${bigint},
    restarts        ${bigint} NOT NULL DEFAULT 0,
    exit_code       ${bigint},
    oom_killed      ${bigint} NOT NULL DEFAULT 0,
    message         TEXT,
    gone            ${bigint} NOT NULL DEFAULT 0,
    FOREIGN KEY (tenant, workload) REFERENCES workload (tenant, name)
) ${strict};
CREATE INDEX allocation_node ON allocation (node);
CREATE INDEX allocation_workload ON allocation (tenant, workload);
CREATE INDEX allocation_template ON allocation (template);
-- However stale a plan is, a replica of one version is never placed twice.
CREATE UNIQUE INDEX allocation_replica ON allocation (tenant, workload, replica, spec_version)
    WHERE wanted = 'RUNNING' AND gone = 0;
