-- Payloads are too long for a table without row ids: its tree would hold them, and be searched through them.
CREATE TABLE records (
    kind    INTEGER NOT NULL,
    id      TEXT    NOT NULL,
    payload BLOB    NOT NULL,
    version INTEGER NOT NULL,
    expires INTEGER,
    -- Its index entries, as JSON: [[score, name, expiry if it is earlier than the record's], ...]. They go with it and need no index to be found by.
    entries TEXT,
    PRIMARY KEY (kind, id)
);
CREATE INDEX records_by_expiry ON records (expires) WHERE expires IS NOT NULL;

CREATE TABLE index_entries (
    kind    INTEGER NOT NULL,
    name    TEXT    NOT NULL,
    score   INTEGER NOT NULL,
    id      TEXT    NOT NULL,
    expires INTEGER,
    -- 1 where it expires before its record does.
    early   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, name, score, id)
) WITHOUT ROWID;
CREATE INDEX index_entries_by_early_expiry ON index_entries (expires) WHERE early = 1;

CREATE TABLE quota_counters (
    owner   TEXT    NOT NULL,
    scope   TEXT    NOT NULL,
    used    INTEGER NOT NULL,
    ends    INTEGER,
    PRIMARY KEY (owner, scope)
) WITHOUT ROWID;
CREATE INDEX quota_counters_by_end ON quota_counters (ends) WHERE ends IS NOT NULL;

CREATE TABLE quota_leases (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    owner   TEXT    NOT NULL,
    scope   TEXT    NOT NULL
);
CREATE INDEX quota_leases_by_counter ON quota_leases (owner, scope);

-- A key's counters end with its record, however that goes: deleted, revoked, rotated or expired. Kind 1 is a Key; its id is the owner.
CREATE TRIGGER counters_end_with_their_key AFTER DELETE ON records WHEN OLD.kind = 1
BEGIN
    DELETE FROM quota_leases WHERE owner = OLD.id;
    DELETE FROM quota_counters WHERE owner = OLD.id;
END;
