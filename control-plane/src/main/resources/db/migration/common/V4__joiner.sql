-- A fifth kind of identity. A check cannot be changed in place everywhere, so the table is made anew.
CREATE TABLE credential_new (
    token_sha256 TEXT PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('operator', 'tenant', 'node', 'scraper', 'joiner')),
    subject      TEXT NOT NULL,
    created_at   ${bigint} NOT NULL
) ${strict};
INSERT INTO credential_new (token_sha256, kind, subject, created_at)
    SELECT token_sha256, kind, subject, created_at FROM credential;
DROP TABLE credential;
ALTER TABLE credential_new RENAME TO credential;
CREATE INDEX credential_subject ON credential (kind, subject);
