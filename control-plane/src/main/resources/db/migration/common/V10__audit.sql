-- Who changed what, and who was refused. Rows are added, and go when they are old or many; nothing changes one.
-- scope is what shares a number of kept rows. tenant: whose history it is part of, if any. *_state: JSON, without secrets.
CREATE TABLE audit_counter (
    id   ${bigint} PRIMARY KEY CHECK (id = 1),
    last ${bigint} NOT NULL
) ${strict};
INSERT INTO audit_counter (id, last) VALUES (1, 0);

CREATE TABLE audit (
    id           ${bigint} PRIMARY KEY,
    scope        TEXT NOT NULL,
    at           ${bigint} NOT NULL,
    tenant       TEXT,
    actor_kind   TEXT NOT NULL,
    actor        TEXT NOT NULL,
    token_id     TEXT NOT NULL,
    request_id   TEXT NOT NULL,
    method       TEXT NOT NULL,
    resource     TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    detail       TEXT,
    before_state TEXT,
    after_state  TEXT
) ${strict};
CREATE INDEX audit_scope ON audit (scope, id);
CREATE INDEX audit_tenant ON audit (tenant, id);
CREATE INDEX audit_at ON audit (at);
