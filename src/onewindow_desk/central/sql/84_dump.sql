-- What the auditor takes away to check elsewhere (docs/verifying.md), who the people are, and an
-- administrator's second look at what waits. Sorts before 95_grants, which gives the functions their owner.

-- A part of the dump, one JSON object a row. `p_part`: 'begin' (the first row, streets, enrolments), 'op'
-- (of the enrolment `p_of`, seq above p_after), 'feed' (of the street `p_of`, seq above p_after), 'end'.
-- Everything binary in hex: no backslash for COPY to double. No payloads: the auditor sees nobody's data,
-- and the head that a desk signed binds them.
CREATE FUNCTION owd_admin.dump(p_part text, p_of text, p_after bigint, p_limit int)
RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off
AS $$
BEGIN
    PERFORM owd_inner.duty('owd_auditor');
    IF (p_limit BETWEEN 1 AND 10000) IS NOT TRUE OR p_after IS NULL
        OR p_part = 'op' AND NOT owd_inner.is_uuid(p_of)
    THEN
        PERFORM owd_inner.refuse('OW422', 'dump');
    END IF;
    IF p_part = 'begin' THEN
        PERFORM owd_inner.note('dump', '', 'begun');
    END IF;
    CASE p_part
        WHEN 'begin' THEN RETURN QUERY SELECT * FROM owd_inner.dump_begin();
        WHEN 'op' THEN
            RETURN QUERY SELECT owd_inner.dump_operation(o) FROM owd_data.operation o
            WHERE o.replica = p_of::uuid AND o.seq > p_after ORDER BY o.seq LIMIT p_limit;
        WHEN 'feed' THEN
            RETURN QUERY SELECT owd_inner.dump_feed(f) FROM owd_data.feed f
            WHERE f.street = p_of AND f.seq > p_after ORDER BY f.seq LIMIT p_limit;
        WHEN 'end' THEN
            RETURN QUERY SELECT json_build_object(
                'row', 'end', 'operations', (SELECT count(*) FROM owd_data.operation),
                'feed', (SELECT count(*) FROM owd_data.feed)
            )::text;
        ELSE PERFORM owd_inner.refuse('OW422', 'dump');
    END CASE;
END
$$;

CREATE FUNCTION owd_inner.dump_begin() RETURNS SETOF text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN NEXT json_build_object('row', 'dump', 'v', 1)::text;
    RETURN QUERY SELECT json_build_object(
        'row', 'street', 'street', s.street, 'head', s.head, 'chain', encode(s.chain, 'hex')
    )::text FROM owd_data.street s ORDER BY s.street;
    RETURN QUERY SELECT json_build_object(
        'row', 'replica', 'replica', r.replica, 'street', r.street, 'series', r.series,
        'public_key', encode(r.public_key, 'hex'), 'last_seq', r.last_seq,
        'last_hash', encode(r.last_hash, 'hex'), 'closed', r.closed_at IS NOT NULL
    )::text FROM owd_data.replica r ORDER BY r.replica;
END
$$;

CREATE FUNCTION owd_inner.dump_operation(p_one owd_data.operation) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN json_build_object(
        'row', 'op', 'replica', p_one.replica, 'seq', p_one.seq, 'prev', encode(p_one.prev, 'hex'),
        'hash', encode(p_one.hash, 'hex'), 'head', encode(p_one.head, 'hex'),
        'payload', NULL, 'signature', encode(p_one.desk_signature, 'hex'), 'mac', encode(p_one.person_mac, 'hex')
    )::text;
END
$$;

CREATE FUNCTION owd_inner.dump_feed(p_one owd_data.feed) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- The body of a person's row names a person; its hash is what the chain holds.
    RETURN json_build_object(
        'row', 'feed', 'street', p_one.street, 'seq', p_one.seq, 'chain', encode(p_one.chain, 'hex'),
        'what', p_one.what, 'subject', encode(p_one.subject, 'hex'), 'verdict', p_one.verdict,
        'reason', p_one.reason, 'replica', p_one.replica, 'op_seq', p_one.op_seq, 'op_id', p_one.op_id,
        'case_id', p_one.case_id, 'case_version', p_one.case_version,
        'body', CASE WHEN p_one.what = 'replica' THEN encode(p_one.body, 'hex') END
    )::text;
END
$$;

-- The people of a street for those who give out roles and those who look: login, roles, until when.
CREATE FUNCTION owd_admin.people(p_street text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM owd_inner.duty('owd_sysadmin', 'owd_secadmin', 'owd_auditor');
    IF NOT EXISTS (SELECT FROM owd_data.street s WHERE s.street = p_street) THEN
        PERFORM owd_inner.refuse('OW404', 'street');
    END IF;
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'person_id', p.person_id, 'login', p.login, 'roles', to_jsonb(p.roles), 'active', p.active,
            'until', p.until, 'came_with_desk', p.origin IS NOT NULL
        ) ORDER BY p.login, p.person_id), '[]') FROM owd_data.person p WHERE p.street = p_street
    );
END
$$;

-- One operation that waits is looked at again; what it is then, as owd.retry answers.
CREATE FUNCTION owd_admin.retry(p_street text, p_op uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    v_waiting owd_data.waiting;
    v_row owd_data.feed;
BEGIN
    PERFORM owd_inner.duty('owd_secadmin');
    PERFORM FROM owd_data.street s WHERE s.street = p_street FOR NO KEY UPDATE;
    SELECT w.* INTO v_waiting FROM owd_data.waiting w
    WHERE w.street = p_street AND w.op_id = p_op ORDER BY w.arrival LIMIT 1;
    IF NOT FOUND THEN
        PERFORM owd_inner.refuse('OW404', 'retry');
    END IF;
    PERFORM owd_inner.look_again(v_waiting);
    IF v_waiting.case_id IS NOT NULL THEN
        PERFORM owd_inner.wake(p_street, v_waiting.case_id);
    END IF;
    SELECT f.* INTO STRICT v_row FROM owd_data.feed f
    WHERE f.street = p_street AND f.replica = v_waiting.replica AND f.op_seq = v_waiting.seq
    ORDER BY f.seq DESC LIMIT 1;
    PERFORM owd_inner.note('retry', p_op::text, v_row.verdict);
    RETURN jsonb_build_object('seq', v_row.op_seq, 'verdict', v_row.verdict, 'reason', v_row.reason);
END
$$;

REVOKE ALL ON FUNCTION
    owd_admin.dump(text, text, bigint, int), owd_admin.people(text), owd_admin.retry(text, uuid)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION owd_admin.dump(text, text, bigint, int) TO owd_auditor;
GRANT EXECUTE ON FUNCTION owd_admin.people(text) TO owd_sysadmin, owd_secadmin, owd_auditor;
GRANT EXECUTE ON FUNCTION owd_admin.retry(text, uuid) TO owd_secadmin;
