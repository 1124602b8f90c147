-- What the central keeps. Clients have no right on any of it.
-- An index that begins with the street would be taken for any question of that street by a plan that was
-- made while the table was small. So where another index is to be taken, the street is asked for with
-- IS NOT DISTINCT FROM, which no index answers.
-- No foreign key on operation, feed and case_: the functions are the only writers, and a key
-- costs a look-up for every row of every push.

CREATE TABLE owd_data.central (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    durable_before timestamptz  -- operations received before it are in a checked backup
);
INSERT INTO owd_data.central DEFAULT VALUES;

CREATE TABLE owd_data.street (
    street text PRIMARY KEY CHECK (street ~ '^[0-9]{3}$'),
    name text NOT NULL,
    settings jsonb NOT NULL DEFAULT '{}',
    head bigint NOT NULL DEFAULT 0,  -- number of the feed's last row
    chain bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex')
) WITH (fillfactor = 20);  -- one small row changes with every push: leave room beside it

CREATE TABLE owd_data.desk (
    desk_id uuid PRIMARY KEY,
    street text NOT NULL REFERENCES owd_data.street,
    label text NOT NULL,
    login text NOT NULL UNIQUE,
    scope text[] NOT NULL DEFAULT '{}',
    revoked_at timestamptz
);
CREATE INDEX desk_of_street ON owd_data.desk (street);

CREATE TABLE owd_data.replica (
    replica uuid PRIMARY KEY,
    desk_id uuid NOT NULL REFERENCES owd_data.desk,
    street text NOT NULL,
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
    series int NOT NULL CHECK (series BETWEEN 0 AND 9999),
    last_seq bigint NOT NULL DEFAULT 0,
    last_hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    closed_at timestamptz,
    attached_upto bigint NOT NULL DEFAULT 0,  -- operations up to here were made before there was a central
    opened_at timestamptz NOT NULL DEFAULT now(),
    heard_at timestamptz  -- last hello
) WITH (fillfactor = 50);
CREATE INDEX replica_of_desk ON owd_data.replica (desk_id);

CREATE TABLE owd_data.series_lease (
    street text NOT NULL,
    series int NOT NULL CHECK (series BETWEEN 0 AND 9999),
    replica uuid NOT NULL,
    PRIMARY KEY (street, series)
);
CREATE INDEX series_of_replica ON owd_data.series_lease (replica);

-- Every operation that any desk ever sent, in the bytes it came in. `claims`: its op_id counts as
-- known from now on (an unreadable one's does not, nor a duplicate's).
CREATE TABLE owd_data.operation (
    replica uuid NOT NULL,
    seq bigint NOT NULL,
    street text NOT NULL,
    op_id uuid,
    claims boolean NOT NULL,
    case_id uuid,
    kind text,
    author uuid,
    prev bytea NOT NULL,
    hash bytea NOT NULL,
    head bytea NOT NULL,
    payload bytea,
    desk_signature bytea NOT NULL,
    person_mac bytea NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (replica, seq)
);
-- Payloads are packed already, and rows of 2 KB read faster in one piece.
ALTER TABLE owd_data.operation ALTER head SET STORAGE EXTERNAL, ALTER payload SET STORAGE EXTERNAL;
ALTER TABLE owd_data.operation SET (toast_tuple_target = 8160);
CREATE UNIQUE INDEX operation_once ON owd_data.operation (op_id, street) WHERE claims;

CREATE TABLE owd_data.feed (
    street text NOT NULL,
    seq bigint NOT NULL,
    chain bytea NOT NULL,
    what text NOT NULL CHECK (what IN ('op', 'verdict', 'file', 'person', 'replica')),
    subject bytea NOT NULL,
    verdict text NOT NULL,
    reason text NOT NULL,
    op_id uuid,
    case_id uuid,
    case_version int,
    replica uuid,
    op_seq bigint,
    body bytea,
    PRIMARY KEY (street, seq)
);

-- Operations that are not settled: parked ones wait for `key`, quarantined ones for a person.
-- `arrival` is the number of their row in the feed and the order in which they are looked at again.
CREATE TABLE owd_data.waiting (
    replica uuid NOT NULL,
    seq bigint NOT NULL,
    street text NOT NULL,
    arrival bigint NOT NULL,
    op_id uuid,
    case_id uuid,
    verdict text NOT NULL CHECK (verdict IN ('parked', 'quarantined')),
    reason text NOT NULL,
    key text NOT NULL,
    present boolean NOT NULL,  -- the author was proven present when it came
    PRIMARY KEY (replica, seq)
);
CREATE INDEX waiting_for ON owd_data.waiting (street, reason, key, arrival);
CREATE INDEX waiting_of_case ON owd_data.waiting (case_id, arrival);
CREATE INDEX waiting_by_name ON owd_data.waiting (op_id);

-- What the rules ask of a case's history (domain/records.Case), and nothing personal.
CREATE TABLE owd_data.case_ (
    street text NOT NULL,
    case_id uuid NOT NULL,
    state text NOT NULL,
    version int NOT NULL,
    receipt_no text,
    received_at timestamptz,
    decision_level text,
    decided_level text,
    extended boolean NOT NULL,
    defects text[] NOT NULL,    -- of the last correction notice
    tolerated text[] NOT NULL,  -- materials still outstanding
    files bytea[] NOT NULL,     -- addresses that its acts name
    duties text[] NOT NULL,     -- 'person role', each once: who has done what on the case
    proposal_kind text,
    proposal_op uuid,
    proposal_author uuid,
    proposal_defects text[],
    closed_at timestamptz,
    PRIMARY KEY (case_id, street)
);
CREATE INDEX case_by_end ON owd_data.case_ (street, closed_at);
CREATE UNIQUE INDEX case_by_receipt ON owd_data.case_ (receipt_no, street) WHERE receipt_no IS NOT NULL;

-- The one table of rules (domain/lifecycle.py), a row a kind of act; written by schema.bring_up.
CREATE TABLE owd_data.rule (
    kind text PRIMARY KEY,
    nature text NOT NULL CHECK (nature IN ('move', 'propose', 'decline', 'add', 'street')),
    step text NOT NULL,             -- the row's own kind, for a proposal too
    sources text[] NOT NULL,
    targets text[] NOT NULL,
    actors text[] NOT NULL,         -- who may do this kind of act
    guards text[] NOT NULL,
    fact_names text[] NOT NULL,     -- facts that have a shape when they are there,
    fact_shapes text[] NOT NULL,    -- and which
    fine jsonpath NOT NULL,         -- true of an envelope whose facts, but for the
    numbers text[] NOT NULL,        -- numbers, surely have their shapes
    proposal text NOT NULL,         -- the first person's kind, '' where one person is enough
    same_person_relaxable boolean NOT NULL,
    needs_base boolean NOT NULL,
    present boolean NOT NULL,
    awaits_files boolean NOT NULL,
    own boolean NOT NULL,           -- asks something more of its own
    plain boolean NOT NULL,         -- may go the short way: changes no more than state and version, if anything,
    sure jsonpath NOT NULL,         -- where this is true of an envelope, but for the numbers
    apart jsonb NOT NULL            -- role -> roles that nobody may have held on the case before
);

-- Read for every operation: compressed, it would be opened as often.
ALTER TABLE owd_data.rule ALTER fine SET STORAGE EXTERNAL, ALTER sure SET STORAGE EXTERNAL, ALTER apart SET STORAGE EXTERNAL;
ALTER TABLE owd_data.rule SET (toast_tuple_target = 8160);

-- The pairs of duties that are apart (domain/separation.py), both ways round, for the readers.
CREATE TABLE owd_data.separation (
    one text NOT NULL,
    other text NOT NULL,
    relaxable boolean NOT NULL,
    PRIMARY KEY (one, other)
);

-- Operations and feeds only grow, whoever asks.
CREATE FUNCTION owd_inner.only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'operations and feed rows are only ever added' USING ERRCODE = '42501';
END
$$;
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON owd_data.operation
    FOR EACH STATEMENT EXECUTE FUNCTION owd_inner.only_added();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON owd_data.feed
    FOR EACH STATEMENT EXECUTE FUNCTION owd_inner.only_added();

CREATE TYPE owd.feed_row AS (
    seq bigint, chain bytea, what text, subject bytea, verdict text, reason text, op_id uuid,
    case_id uuid, case_version int, replica uuid, op_seq bigint, prev bytea, head bytea, payload bytea,
    desk_signature bytea, person_mac bytea, body bytea
);

-- The caller's desk, not revoked. Only READ COMMITTED sees a revocation that came meanwhile.
CREATE FUNCTION owd_inner.my_desk() RETURNS owd_data.desk LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_desk owd_data.desk;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'only in read committed' USING ERRCODE = 'OW422';
    END IF;
    SELECT d.* INTO v_desk FROM owd_data.desk d WHERE d.login = session_user AND d.revoked_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this desk is not known' USING ERRCODE = 'OW401';
    END IF;
    RETURN v_desk;
END
$$;

-- The replica that speaks, when it is the caller's own: closed or not.
CREATE FUNCTION owd_inner.mine(p_replica uuid) RETURNS owd_data.replica LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_desk owd_data.desk := owd_inner.my_desk();
    v_replica owd_data.replica;
BEGIN
    SELECT r.* INTO v_replica FROM owd_data.replica r
    WHERE r.replica = p_replica AND r.desk_id = v_desk.desk_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this desk is not known' USING ERRCODE = 'OW401';
    END IF;
    RETURN v_replica;
END
$$;

-- The replica that speaks, open.
CREATE FUNCTION owd_inner.me(p_replica uuid) RETURNS owd_data.replica
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_replica owd_data.replica := owd_inner.mine(p_replica);
BEGIN
    IF v_replica.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'this enrolment is over' USING ERRCODE = 'OW410';
    END IF;
    RETURN v_replica;
END
$$;

-- One more row in a street's feed; the caller holds the street's row lock. Returns its number.
CREATE FUNCTION owd_inner.append_feed(
    p_street text, p_what text, p_subject bytea, p_verdict text, p_reason text, p_op_id uuid,
    p_case uuid, p_case_version int, p_replica uuid, p_op_seq bigint, p_body bytea
) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    v_street owd_data.street;
    v_chain bytea;
BEGIN
    SELECT s.* INTO STRICT v_street FROM owd_data.street s WHERE s.street = p_street FOR NO KEY UPDATE;
    v_chain := owd_inner.feed_chain(
        v_street.chain, v_street.head + 1, p_subject, owd_inner.feed_tail(p_what, p_verdict, p_reason)
    );
    INSERT INTO owd_data.feed VALUES (
        p_street, v_street.head + 1, v_chain, p_what, p_subject, p_verdict, p_reason, p_op_id,
        p_case, p_case_version, p_replica, p_op_seq, p_body
    );
    UPDATE owd_data.street SET head = head + 1, chain = v_chain WHERE street = p_street;
    RETURN v_street.head + 1;
END
$$;

-- domain/exchange.feed_chain; `p_tail` from feed_tail.
CREATE FUNCTION owd_inner.feed_chain(p_before bytea, p_seq bigint, p_subject bytea, p_tail bytea)
RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT pg_catalog.sha256(
        pg_catalog.decode('6f6e6577696e646f77206665656420310a', 'hex') || p_before || pg_catalog.int8send(p_seq)
        || p_subject || p_tail
    )
$$;

CREATE FUNCTION owd_inner.feed_tail(p_what text, p_verdict text, p_reason text)
RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT pg_catalog.convert_to(p_what, 'UTF8') || pg_catalog.decode('00', 'hex')
        || pg_catalog.convert_to(p_verdict, 'UTF8') || pg_catalog.decode('00', 'hex')
        || pg_catalog.convert_to(p_reason, 'UTF8') || pg_catalog.decode('00', 'hex')
$$;
