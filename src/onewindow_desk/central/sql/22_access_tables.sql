-- People, what they prove with, files, tickets and the record of who did what.
-- Owner: owd_owner. Nobody but the functions' owner (owd_api) reads or writes them; what they must not
-- change (a key once kept, an event) they have no right to change.

-- The end of what an attached store brought along, as it said when it joined: what it sends may not differ.
ALTER TABLE owd_data.replica ADD COLUMN attached_hash bytea CHECK (octet_length(attached_hash) = 32);

CREATE TABLE owd_data.person (
    person_id uuid PRIMARY KEY,
    street text NOT NULL REFERENCES owd_data.street (street),
    roles text[] NOT NULL DEFAULT '{}',
    active boolean NOT NULL DEFAULT true,
    -- Last day of the account; null only for people who came with an attached history (origin).
    until date,
    -- The replica whose attached history made this person known; null: an administrator did.
    origin uuid,
    -- What the feed says of this person; null while only the desks can read login and name.
    body bytea,
    login text,
    -- Database login of an administrator who is this person: nobody changes their own account.
    account text,
    CHECK (until IS NOT NULL OR origin IS NOT NULL)
);
CREATE UNIQUE INDEX person_login ON owd_data.person (street, lower(login));

-- stored_key = SHA-256(client key): nothing here lets its reader prove to be the person.
CREATE TABLE owd_data.person_secret (
    person_id uuid PRIMARY KEY REFERENCES owd_data.person (person_id),
    salt bytea NOT NULL CHECK (octet_length(salt) BETWEEN 16 AND 64),
    memory_kib int NOT NULL CHECK (memory_kib BETWEEN 19456 AND 1048576),
    passes int NOT NULL CHECK (passes BETWEEN 1 AND 16),
    lanes int NOT NULL CHECK (lanes BETWEEN 1 AND 16),
    stored_key bytea NOT NULL CHECK (octet_length(stored_key) = 32)
);

-- Tries are counted per street and name asked for, whether such a person exists or not.
CREATE TABLE owd_data.person_try (
    street text NOT NULL REFERENCES owd_data.street (street),
    person_id uuid NOT NULL,
    tries int NOT NULL DEFAULT 0,
    locked_until timestamptz,
    PRIMARY KEY (street, person_id)
);

CREATE TABLE owd_data.person_key (
    replica uuid NOT NULL,
    key_id text NOT NULL CHECK (key_id ~ '^[0-9a-f]{16,64}$'),
    person_id uuid NOT NULL REFERENCES owd_data.person (person_id),
    key bytea NOT NULL CHECK (octet_length(key) = 32),
    PRIMARY KEY (replica, key_id)
);

-- One row a connection; pid and started together name a backend, pids alone are used again.
CREATE TABLE owd_data.nonce (
    pid int PRIMARY KEY,
    started timestamptz NOT NULL,
    person_id uuid NOT NULL,
    replica uuid NOT NULL,
    nonce bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE owd_data.presence (
    pid int PRIMARY KEY,
    started timestamptz NOT NULL,
    person_id uuid NOT NULL REFERENCES owd_data.person (person_id),
    replica uuid NOT NULL,
    until timestamptz NOT NULL
);

-- What a connection asked for. The answer is given only in a later transaction than `xid`, so that
-- no caller learns something and then rolls the count or the record of it back.
CREATE TABLE owd_data.asked (
    pid int NOT NULL,
    started timestamptz NOT NULL,
    what text NOT NULL,
    key bytea NOT NULL,
    outcome text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (pid, what)
);

-- Whether the operations of an attached history bear their author's MAC, found out when the key came.
CREATE TABLE owd_data.operation_proof (
    replica uuid NOT NULL,
    seq bigint NOT NULL,
    fits boolean NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (replica, seq)
);

CREATE TABLE owd_data.file (
    street text NOT NULL REFERENCES owd_data.street (street),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    size bigint NOT NULL CHECK (size BETWEEN 1 AND 52428800),
    chunk int NOT NULL CHECK (chunk BETWEEN 65536 AND 1048576),
    complete_at timestamptz,
    PRIMARY KEY (street, sha256)
);

CREATE TABLE owd_data.file_chunk (
    street text NOT NULL,
    sha256 bytea NOT NULL,
    n int NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (street, sha256, n),
    FOREIGN KEY (street, sha256) REFERENCES owd_data.file (street, sha256)
);
-- Scans are packed already: trying to pack them again costs time and gains nothing.
ALTER TABLE owd_data.file_chunk ALTER COLUMN data SET STORAGE EXTERNAL;

CREATE TABLE owd_data.ticket (
    ticket_hash bytea PRIMARY KEY,
    street text NOT NULL REFERENCES owd_data.street (street),
    label text NOT NULL,
    scope text[] NOT NULL,
    kind text NOT NULL CHECK (kind IN ('new', 'attach')),
    made_by text NOT NULL,
    good_until timestamptz NOT NULL,
    used_at timestamptz,
    said_hash bytea,
    answer jsonb
);

CREATE TABLE owd_data.ticket_try (at timestamptz NOT NULL DEFAULT clock_timestamp());

CREATE TABLE owd_data.event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    login text NOT NULL,
    person_id uuid,
    what text NOT NULL,
    subject text NOT NULL,
    outcome text NOT NULL
);
CREATE INDEX event_subject ON owd_data.event (what, subject);

-- What the made-up salts of unknown people are made from: the same question, the same answer.
CREATE TABLE owd_data.salt_seed (one boolean PRIMARY KEY DEFAULT true CHECK (one), seed bytea NOT NULL);
INSERT INTO owd_data.salt_seed (seed) VALUES (
    sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
);

DO $$
DECLARE
    held text;
BEGIN
    FOREACH held IN ARRAY ARRAY[
        'person', 'person_secret', 'person_try', 'person_key', 'nonce', 'presence', 'asked',
        'operation_proof', 'file', 'file_chunk', 'ticket', 'ticket_try', 'event', 'salt_seed'
    ] LOOP
        EXECUTE format('ALTER TABLE owd_data.%I OWNER TO owd_owner', held);
        EXECUTE format('REVOKE ALL ON owd_data.%I FROM PUBLIC', held);
        EXECUTE format('ALTER TABLE owd_data.%I ENABLE ROW LEVEL SECURITY', held);
        EXECUTE format('ALTER TABLE owd_data.%I FORCE ROW LEVEL SECURITY', held);
        EXECUTE format('CREATE POLICY functions ON owd_data.%I TO owd_api USING (true) WITH CHECK (true)', held);
        EXECUTE format('GRANT SELECT, INSERT ON owd_data.%I TO owd_api', held);
    END LOOP;
END
$$;
REVOKE INSERT ON owd_data.salt_seed FROM owd_api;
GRANT UPDATE (roles, active, until, body, login, account) ON owd_data.person TO owd_api;
GRANT UPDATE (salt, memory_kib, passes, lanes, stored_key) ON owd_data.person_secret TO owd_api;
GRANT UPDATE (tries, locked_until) ON owd_data.person_try TO owd_api;
GRANT UPDATE, DELETE ON owd_data.nonce, owd_data.presence, owd_data.asked TO owd_api;
GRANT UPDATE (size, chunk, complete_at) ON owd_data.file TO owd_api;
GRANT DELETE ON owd_data.file_chunk TO owd_api;
GRANT UPDATE (at), DELETE ON owd_data.ticket_try TO owd_api;
GRANT UPDATE (used_at, said_hash, answer) ON owd_data.ticket TO owd_api;
