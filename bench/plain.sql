-- Memberships as one would write them down first: the same rows, with Django's foreign keys and their indexes only.
-- The stock version reads this table, and writing to it is what writing here is compared with.
CREATE TABLE bench_membership (LIKE memberships_membership INCLUDING IDENTITY);
INSERT INTO bench_membership SELECT * FROM memberships_membership;
SELECT setval(pg_get_serial_sequence('bench_membership', 'id'), max(id)) FROM bench_membership;
ALTER TABLE bench_membership ADD PRIMARY KEY (id);
ALTER TABLE bench_membership ADD FOREIGN KEY (user_id) REFERENCES roster_user DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE bench_membership ADD FOREIGN KEY (position_id) REFERENCES organizations_position DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ON bench_membership (user_id);
CREATE INDEX ON bench_membership (position_id);
