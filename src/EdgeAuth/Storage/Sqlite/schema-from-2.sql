-- Brings a database of version 2, which found a record's index entries by an index of their own, to version 3, where the record names them.
ALTER TABLE records ADD COLUMN entries TEXT;
UPDATE records SET entries = (
    SELECT json_group_array(json_array(e.score, e.name, NULLIF(e.expires, records.expires))) FROM index_entries e WHERE e.kind = records.kind AND e.id = records.id)
WHERE EXISTS (SELECT 1 FROM index_entries e WHERE e.kind = records.kind AND e.id = records.id);
ALTER TABLE index_entries ADD COLUMN early INTEGER NOT NULL DEFAULT 0;
UPDATE index_entries SET early = 1
WHERE expires IS NOT NULL AND expires IS NOT (SELECT r.expires FROM records r WHERE r.kind = index_entries.kind AND r.id = index_entries.id);
DROP INDEX index_entries_by_record;
DROP INDEX index_entries_by_expiry;
CREATE INDEX index_entries_by_early_expiry ON index_entries (expires) WHERE early = 1;
