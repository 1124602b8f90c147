-- Personal data: which payloads go to a desk by themselves, and the one way to ask for a case's in full.

-- Whether payloads of cases go to a desk of this scope, with the person who is present: somebody must
-- need them. A person with no such role present sees none, even at a window's desk.
CREATE FUNCTION owd_inner.may_read_cases(p_scope text[]) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_readers text[] := ARRAY['window', 'handler', 'reviewer', 'decider', 'issuer', 'archivist'];
BEGIN
    RETURN p_scope && v_readers
        AND (owd_inner.present() IS NULL OR owd_inner.present_roles() && v_readers);
END
$$;

-- Payloads of operations that came without: of cases by the rule above, of the street to all its desks.
-- What is not this street's is left out as if it did not exist. At most 1,000 at a time (OW422).
CREATE FUNCTION owd.payloads(p_replica uuid, p_ops uuid[]) RETURNS TABLE (op_id uuid, payload bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    v_me owd_data.replica := owd_inner.me(p_replica);
    v_cases boolean;
BEGIN
    IF (cardinality(p_ops) <= 1000) IS NOT TRUE THEN
        PERFORM owd_inner.refuse('OW422', 'payloads');
    END IF;
    v_cases := owd_inner.may_read_cases((SELECT d.scope FROM owd_data.desk d WHERE d.desk_id = v_me.desk_id));
    RETURN QUERY SELECT o.op_id, o.payload FROM owd_data.operation o
    WHERE o.street = v_me.street AND o.op_id = ANY (p_ops) AND o.claims AND o.payload IS NOT NULL
        AND (v_cases OR o.case_id IS NULL);
END
$$;

-- Who may see a case's full personal data, when and what for. `own`: only who has had this duty on the
-- case; `proposal`: only while this proposal waits for a second person ('': whatever waits).
CREATE TABLE owd_data.reading_rule (
    role text NOT NULL,
    purpose text NOT NULL,
    state text NOT NULL,
    own boolean NOT NULL,
    proposal text NOT NULL DEFAULT '',
    PRIMARY KEY (role, purpose, state, proposal)
);
INSERT INTO owd_data.reading_rule (role, purpose, state, own, proposal) VALUES
    ('window', 'intake', 'received', true, ''),
    ('window', 'intake', 'correction', true, ''),
    ('window', 'intake', 'accepted', true, ''),
    ('handler', 'review', 'received', false, 'propose_grant_on_spot'),
    ('handler', 'review', 'reviewing', true, ''),
    ('handler', 'review', 'special', true, ''),
    ('handler', 'review', 'reported_up', true, ''),
    ('handler', 'review', 'reviewed', true, ''),
    ('reviewer', 'review', 'received', false, 'propose_refuse_acceptance'),
    ('reviewer', 'review', 'reviewing', false, ''),
    ('reviewer', 'review', 'special', false, ''),
    ('reviewer', 'review', 'reported_up', false, ''),
    ('reviewer', 'review', 'reviewed', false, ''),
    ('decider', 'decide', 'received', false, 'propose_grant_on_spot'),
    ('decider', 'decide', 'accepted', false, ''),
    ('decider', 'decide', 'reviewing', false, ''),
    ('decider', 'decide', 'special', false, ''),
    ('decider', 'decide', 'reviewed', false, ''),
    ('issuer', 'issue', 'certified', false, ''),
    ('issuer', 'issue', 'ready', false, ''),
    ('archivist', 'archive', 'delivered', false, '');

-- One case's operations are found by it, however many others there are.
CREATE INDEX IF NOT EXISTS operation_of_case ON owd_data.operation (street, case_id) WHERE claims;

-- What the asking person is told: 'given', or what stands against it.
CREATE FUNCTION owd_inner.reading(p_me owd_data.replica, p_case uuid, p_purpose text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
    v_person uuid := owd_inner.present();
    v_roles text[] := owd_inner.present_roles();
    v_scope text[] := (SELECT d.scope FROM owd_data.desk d WHERE d.desk_id = p_me.desk_id);
    v_case owd_data.case_;
BEGIN
    IF v_person IS NULL THEN
        RETURN 'presence';
    ELSIF NOT EXISTS (SELECT FROM owd_data.reading_rule r WHERE r.purpose = p_purpose) THEN
        RETURN 'purpose';
    ELSIF NOT EXISTS (
        SELECT FROM owd_data.reading_rule r WHERE r.purpose = p_purpose AND r.role = ANY (v_roles)
    ) THEN
        RETURN 'role';
    ELSIF NOT EXISTS (
        SELECT FROM owd_data.reading_rule r
        WHERE r.purpose = p_purpose AND r.role = ANY (v_roles) AND r.role = ANY (v_scope)
    ) THEN
        RETURN 'scope';
    END IF;
    SELECT c.* INTO v_case FROM owd_data.case_ c WHERE c.street = p_me.street AND c.case_id = p_case;
    IF NOT FOUND THEN
        RETURN 'unknown';
    ELSIF NOT EXISTS (
        SELECT FROM owd_data.reading_rule r
        WHERE r.purpose = p_purpose AND r.role = ANY (v_roles) AND r.role = ANY (v_scope)
            AND r.state = v_case.state AND r.proposal IN ('', v_case.proposal_kind)
            AND (NOT r.own OR v_person || ' ' || r.role = ANY (v_case.duties))
    ) THEN
        RETURN 'state';
    END IF;
    RETURN 'given';
END
$$;

-- All payloads of one case, for a purpose (intake, review, decide, issue, archive), to a present person
-- who may see them. Ask twice (82_audit): the first answer is one row 'asked'; by then it is recorded who
-- wanted to see what, and what the answer was. Then rows 'given', or one row that says what stands
-- against it: presence, purpose, role, scope, unknown (in this street), state.
CREATE FUNCTION owd.payload(p_replica uuid, p_case uuid, p_purpose text)
RETURNS TABLE (op_id uuid, payload bytea, status text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    v_me owd_data.replica := owd_inner.me(p_replica);
    v_key bytea;
    v_status text;
BEGIN
    IF p_case IS NULL OR coalesce(length(p_purpose), 0) NOT BETWEEN 1 AND 40 THEN
        PERFORM owd_inner.refuse('OW422', 'payload');
    END IF;
    v_key := sha256(
        uuid_send(p_replica) || uuid_send(p_case) || convert_to(p_purpose, 'UTF8')
        || coalesce(uuid_send(owd_inner.present()), '')
    );
    v_status := owd_inner.reading(v_me, p_case, p_purpose);
    IF owd_inner.answered('payload', v_key) IS DISTINCT FROM v_status THEN
        PERFORM owd_inner.ask('payload', v_key, v_status);
        PERFORM owd_inner.note(
            'payload',
            p_case || CASE WHEN v_status = 'purpose' THEN '' ELSE ' ' || p_purpose END,
            v_status
        );
        v_status := 'asked';
    END IF;
    IF v_status <> 'given' THEN
        RETURN QUERY SELECT NULL::uuid, NULL::bytea, v_status;
        RETURN;
    END IF;
    RETURN QUERY SELECT o.op_id, o.payload, v_status FROM owd_data.operation o
    WHERE o.street = v_me.street AND o.case_id = p_case AND o.claims AND o.payload IS NOT NULL
    ORDER BY o.received_at, o.replica, o.seq;
END
$$;
ALTER TABLE owd_data.reading_rule OWNER TO owd_owner;
ALTER TABLE owd_data.reading_rule ENABLE ROW LEVEL SECURITY;
ALTER TABLE owd_data.reading_rule FORCE ROW LEVEL SECURITY;
CREATE POLICY functions ON owd_data.reading_rule TO owd_api USING (true) WITH CHECK (true);
GRANT SELECT ON owd_data.reading_rule TO owd_api;
