-- name: what a token is for, as its maker says. expires_at: epoch milliseconds; null is never. An older version knows neither
-- scope nor expiry, so tokens that have one are made when all replicas know them.
ALTER TABLE credential ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE credential ADD COLUMN scope TEXT NOT NULL DEFAULT 'READ_WRITE' CHECK (scope IN ('READ', 'READ_WRITE'));
ALTER TABLE credential ADD COLUMN expires_at ${bigint};
