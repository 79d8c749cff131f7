-- A state file of version 0, which kept the default sandbox alone and had no checksums.
PRAGMA application_id = 1769161045;
PRAGMA user_version = 0;
CREATE TABLE entry (
    part TEXT NOT NULL,
    key NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (part, key)
) WITHOUT ROWID;
INSERT INTO entry (part, key, data) VALUES
    ('start', 0, '{"seed":"none","clock":"2024-01-28T10:00:00Z","id_seed":0,"repeatable":true}'),
    ('clock', 0, '{"offset_s":0,"frozen_at":"2024-02-03T10:00:00Z"}'),
    ('rows:users', 1, '{"id":"user_456","created_at":"2024-01-28T10:00:00Z"}'),
    ('rows:users', 3, '{"id":"user_ö","created_at":"2024-01-29T10:00:00Z"}'),
    ('next_seqs', 'users', '4'),
    ('ledger', 1, '{"sequence":1,"at":"2024-01-28T10:00:00Z","reference":{"type":"deposit","id":"tx_1"},"postings":[{"source":"external:card","destination":"wallet:user_456:available","amount":5000,"currency":"usd"}]}'),
    ('ledger', 2, '{"sequence":2,"at":"2024-01-29T10:00:00Z","reference":{"type":"transfer","id":"tx_2"},"postings":[{"source":"wallet:user_456:available","destination":"wallet:user_ö:available","amount":1234,"currency":"usd"}]}'),
    ('events', 1, '{"id":"evt_1","type":"webhook.ping","timestamp":"2024-01-28T10:00:00Z","sequence":1,"owner":"user_456","object":{"a":1},"previous":null}'),
    ('counters', 'id:evt', '1'),
    ('jobs', 'overdue inv_1', '{"due":"2030-01-01T00:00:00Z","rank":13,"seq":5,"kind":"overdue","subject_id":"inv_1"}');
