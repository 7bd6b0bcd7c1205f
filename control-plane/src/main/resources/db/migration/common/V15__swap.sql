-- What may be swapped out on top of memory: of a replica, in the sum of a tenant, and in a plan, where 0 sells none. An older
-- version leaves them as they are, so the sum is counted anew with each admission.
ALTER TABLE plan ADD COLUMN swap_bytes ${bigint} NOT NULL DEFAULT 0;
ALTER TABLE tenant ADD COLUMN used_swap_bytes ${bigint} NOT NULL DEFAULT 0 CHECK (used_swap_bytes >= 0);
ALTER TABLE workload ADD COLUMN swap_bytes ${bigint} NOT NULL DEFAULT 0;
-- Null also where there is none.
ALTER TABLE allocation ADD COLUMN applied_swap_bytes ${bigint};
