-- Its node has ended it with the lease, or may not begin it any more. An older version leaves it as it is.
ALTER TABLE allocation ADD COLUMN fenced ${bigint} NOT NULL DEFAULT 0 CHECK (fenced IN (0, 1));

-- The longest silence, in milliseconds, after which any replica has lately called a node lost: leases were granted upon it.
ALTER TABLE leader ADD COLUMN lost_after ${bigint} NOT NULL DEFAULT 0;
