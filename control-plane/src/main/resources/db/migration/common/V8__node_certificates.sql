-- What lets a node in: the certificates that carry this admission, until they expire. A node that joins anew gets another
-- one, and one that is revoked has none, which makes all earlier certificates worthless on every replica.
CREATE TABLE node_admission (
    node                   TEXT PRIMARY KEY REFERENCES node (name) ON DELETE CASCADE,
    admission              TEXT NOT NULL,
    certificate_expires_at ${bigint} NOT NULL
) ${strict};

-- Nodes are known by certificates alone. An agent that has a token has to join once more.
DELETE FROM credential WHERE kind = 'node';
