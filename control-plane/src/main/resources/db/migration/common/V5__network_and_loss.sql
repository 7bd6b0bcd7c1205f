-- duty: what an operator lets the node do. state_since: epoch milliseconds. loss_confirmed: an operator has said that what
-- was on the lost node is to be replaced, however many others are lost. subnet_*: its part of the cluster's addresses.
ALTER TABLE node ADD COLUMN duty TEXT NOT NULL DEFAULT 'OPEN' CHECK (duty IN ('OPEN', 'CORDONED', 'DRAINING'));
ALTER TABLE node ADD COLUMN state_since ${bigint} NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN loss_confirmed ${bigint} NOT NULL DEFAULT 0 CHECK (loss_confirmed IN (0, 1));
ALTER TABLE node ADD COLUMN subnet_first ${bigint};
ALTER TABLE node ADD COLUMN subnet_last ${bigint};
CREATE UNIQUE INDEX node_subnet ON node (subnet_first);

-- address: IPv4 as a number. host_ports: one per published port of the template, in its order.
-- displaced: another allocation takes its place; it runs on only until that one serves.
ALTER TABLE allocation ADD COLUMN address ${bigint};
ALTER TABLE allocation ADD COLUMN host_ports TEXT NOT NULL DEFAULT '';
ALTER TABLE allocation ADD COLUMN displaced ${bigint} NOT NULL DEFAULT 0 CHECK (displaced IN (0, 1));
ALTER TABLE allocation ADD COLUMN health TEXT CHECK (health IN ('STARTING', 'HEALTHY', 'UNHEALTHY'));
CREATE UNIQUE INDEX allocation_address ON allocation (address);
DROP INDEX allocation_replica;
CREATE UNIQUE INDEX allocation_replica ON allocation (tenant, workload, replica, spec_version)
    WHERE wanted = 'RUNNING' AND gone = 0 AND displaced = 0;

-- However stale a plan is, a port of a node is given once.
CREATE TABLE host_port (
    node       TEXT NOT NULL,
    protocol   TEXT NOT NULL CHECK (protocol IN ('TCP', 'UDP')),
    port       ${bigint} NOT NULL CHECK (port BETWEEN 1 AND 65535),
    allocation TEXT NOT NULL REFERENCES allocation (id) ON DELETE CASCADE,
    PRIMARY KEY (node, protocol, port)
) ${strict};
CREATE INDEX host_port_allocation ON host_port (allocation);

CREATE TABLE tenant_avoids (
    tenant  TEXT NOT NULL REFERENCES tenant (name) ON DELETE CASCADE,
    avoided TEXT NOT NULL REFERENCES tenant (name) ON DELETE CASCADE,
    PRIMARY KEY (tenant, avoided),
    CHECK (tenant <> avoided)
) ${strict};
CREATE INDEX tenant_avoids_avoided ON tenant_avoids (avoided);
