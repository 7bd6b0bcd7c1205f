-- Which replica of the control plane schedules. epoch grows with each term; held_until is by the clock of the database.
CREATE TABLE leader (
    id         ${bigint} PRIMARY KEY CHECK (id = 1),
    holder     TEXT NOT NULL,
    epoch      ${bigint} NOT NULL,
    held_until ${bigint} NOT NULL
) ${strict};
INSERT INTO leader (id, holder, epoch, held_until) VALUES (1, '', 0, 0);

-- The replicas of the control plane that are, or were of late. addresses: IPv4 that sandboxes must not reach, by commas.
-- A port of 0 is one that does not listen. seen_at is by the clock of the database.
CREATE TABLE replica (
    id              TEXT PRIMARY KEY,
    name            TEXT NOT NULL,
    node_port       ${bigint} NOT NULL,
    management_port ${bigint} NOT NULL,
    addresses       TEXT NOT NULL,
    seen_at         ${bigint} NOT NULL
) ${strict};

-- When a node was heard of, by the clock of the database, and by which replica. Narrow, because it is written each second.
CREATE TABLE node_seen (
    node    TEXT PRIMARY KEY REFERENCES node (name) ON DELETE CASCADE,
    at      ${bigint} NOT NULL,
    replica TEXT NOT NULL
) ${strict};

-- The digest of the authority whose certificates all replicas show; empty until the first one is there.
ALTER TABLE meta ADD COLUMN authority_sha256 TEXT NOT NULL DEFAULT '';

-- What agents are asked to dial back for by a replica to which they are not connected. Kept for seconds.
CREATE TABLE dial_call (
    id      TEXT PRIMARY KEY,
    node    TEXT NOT NULL,
    kind    TEXT NOT NULL CHECK (kind IN ('LOG', 'EXEC')),
    request TEXT NOT NULL,
    at      ${bigint} NOT NULL
) ${strict};
