-- What was done under a key that the caller gave, so that asking once more does not do it once more. scope: the public id of the
-- token. status and body are the answer; without a status it is not known, and without a body it is not kept.
CREATE TABLE idempotency (
    scope          TEXT NOT NULL,
    key_sha256     TEXT NOT NULL,
    request_sha256 TEXT NOT NULL,
    at             ${bigint} NOT NULL,
    status         ${bigint},
    body           TEXT,
    PRIMARY KEY (scope, key_sha256)
) ${strict};
CREATE INDEX idempotency_scope ON idempotency (scope, at);
CREATE INDEX idempotency_at ON idempotency (at);
