-- Times are epoch milliseconds, ids and JSON are TEXT. Every rule of the business that can be a constraint is one.

CREATE TABLE meta (
    id          ${bigint} PRIMARY KEY CHECK (id = 1),
    incarnation TEXT NOT NULL,
    revision    ${bigint} NOT NULL
) ${strict};

CREATE TABLE credential (
    token_sha256 TEXT PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('operator', 'tenant', 'node', 'scraper')),
    subject      TEXT NOT NULL,
    created_at   ${bigint} NOT NULL
) ${strict};
CREATE INDEX credential_subject ON credential (kind, subject);

CREATE TABLE plan (
    name         TEXT PRIMARY KEY,
    cpu_millis   ${bigint} NOT NULL,
    cpu_weight   ${bigint} NOT NULL,
    memory_bytes ${bigint} NOT NULL,
    pids         ${bigint} NOT NULL,
    disk_bytes   ${bigint} NOT NULL,
    inodes       ${bigint} NOT NULL,
    priority     ${bigint} NOT NULL,
    trust_class  TEXT NOT NULL
) ${strict};

-- used_* is the sum over the tenant's workloads, kept here so that admission is one conditional UPDATE of one row.
CREATE TABLE tenant (
    name              TEXT PRIMARY KEY,
    plan              TEXT NOT NULL REFERENCES plan (name),
    state             TEXT NOT NULL CHECK (state IN ('ACTIVE', 'SUSPENDED')),
    created_at        ${bigint} NOT NULL,
    used_workloads    ${bigint} NOT NULL DEFAULT 0 CHECK (used_workloads >= 0),
    used_cpu_millis   ${bigint} NOT NULL DEFAULT 0 CHECK (used_cpu_millis >= 0),
    used_memory_bytes ${bigint} NOT NULL DEFAULT 0 CHECK (used_memory_bytes >= 0),
    used_pids         ${bigint} NOT NULL DEFAULT 0 CHECK (used_pids >= 0),
    used_disk_bytes   ${bigint} NOT NULL DEFAULT 0 CHECK (used_disk_bytes >= 0),
    used_inodes       ${bigint} NOT NULL DEFAULT 0 CHECK (used_inodes >= 0)
) ${strict};
CREATE INDEX tenant_plan ON tenant (plan);

-- The resources of one replica are columns beside the spec, because quotas are decided in SQL.
CREATE TABLE workload (
    tenant          TEXT NOT NULL REFERENCES tenant (name),
    name            TEXT NOT NULL,
    spec            TEXT NOT NULL,
    spec_version    ${bigint} NOT NULL,
    restart_counter ${bigint} NOT NULL,
    deleting        ${bigint} NOT NULL CHECK (deleting IN (0, 1)),
    replicas        ${bigint} NOT NULL,
    cpu_millis      ${bigint} NOT NULL,
    memory_bytes    ${bigint} NOT NULL,
    pids            ${bigint} NOT NULL,
    disk_bytes      ${bigint} NOT NULL,
    inodes          ${bigint} NOT NULL,
    created_at      ${bigint} NOT NULL,
    PRIMARY KEY (tenant, name)
) ${strict};

-- The counter gives ids in the order of commits; a sequence would not. scope is what shares a retention: a tenant, or ''.
CREATE TABLE event_counter (
    id   ${bigint} PRIMARY KEY CHECK (id = 1),
    last ${bigint} NOT NULL
) ${strict};
INSERT INTO event_counter (id, last) VALUES (1, 0);

CREATE TABLE event (
    id         ${bigint} PRIMARY KEY,
    scope      TEXT NOT NULL,
    at         ${bigint} NOT NULL,
    kind       TEXT NOT NULL,
    tenant     TEXT,
    workload   TEXT,
    allocation TEXT,
    node       TEXT,
    message    TEXT NOT NULL
) ${strict};
CREATE INDEX event_scope ON event (scope, id);
