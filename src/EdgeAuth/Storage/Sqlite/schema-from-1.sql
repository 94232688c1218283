-- Brings a database of version 1, whose records were in a table without row ids, to version 2.
DROP TRIGGER counters_end_with_their_key;
DROP INDEX records_by_expiry;
ALTER TABLE records RENAME TO records_before;
CREATE TABLE records (
    kind    INTEGER NOT NULL,
    id      TEXT    NOT NULL,
    payload BLOB    NOT NULL,
    version INTEGER NOT NULL,
    expires INTEGER,
    PRIMARY KEY (kind, id)
);
INSERT INTO records (kind, id, payload, version, expires) SELECT kind, id, payload, version, expires FROM records_before;
DROP TABLE records_before;
CREATE INDEX records_by_expiry ON records (expires) WHERE expires IS NOT NULL;
CREATE TRIGGER counters_end_with_their_key AFTER DELETE ON records WHEN OLD.kind = 1
BEGIN
    DELETE FROM quota_leases WHERE owner = OLD.id;
    DELETE FROM quota_counters WHERE owner = OLD.id;
END;
