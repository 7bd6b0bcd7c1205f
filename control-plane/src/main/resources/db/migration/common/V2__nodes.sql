-- last_seen_at is written in batches; the newest word on it is in memory. generation numbers the node's desired set and
-- grows only when the set's digest changes.
CREATE TABLE node (
    name           TEXT PRIMARY KEY,
    state          TEXT NOT NULL CHECK (state IN ('JOINED', 'READY', 'SUSPECT', 'LOST')),
    facts          TEXT,
    joined_at      ${bigint} NOT NULL,
    last_seen_at   ${bigint} NOT NULL,
    generation     ${bigint} NOT NULL,
    desired_sha256 TEXT NOT NULL
) ${strict};

CREATE TABLE join_token (
    token_sha256 TEXT PRIMARY KEY,
    node         TEXT NOT NULL UNIQUE,
    expires_at   ${bigint} NOT NULL
) ${strict};
