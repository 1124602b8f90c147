-- What a desk says at every connection, and what it reads.

-- domain/exchange.HelloSaid -> HelloAnswer. A replica that the central does not know (it was restored to
-- a time before) is answered as closed: the desk opens a new one.
CREATE FUNCTION owd.hello(p_replica uuid, p_said jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    v_desk owd_data.desk := owd_inner.my_desk();
    v_street owd_data.street;
    v_me owd_data.replica;
BEGIN
    IF (
        jsonb_typeof(p_said -> 'protocols') = 'array' AND owd_inner.is_whole(p_said -> 'cursor')
        AND p_said ->> 'chain' ~ '^[0-9a-f]{64}$' AND jsonb_typeof(p_said -> 'app') = 'string'
    ) IS NOT TRUE THEN
        RAISE EXCEPTION 'this hello is not well formed' USING ERRCODE = 'OW422';
    END IF;
    IF NOT p_said -> 'protocols' @> '1'::jsonb THEN
        RAISE EXCEPTION 'this program is too old for the central, or too new' USING ERRCODE = 'OW426';
    END IF;
    UPDATE owd_data.replica r SET heard_at = clock_timestamp()
    WHERE r.replica = p_replica AND r.desk_id = v_desk.desk_id
    RETURNING r.* INTO v_me;
    SELECT s.* INTO STRICT v_street FROM owd_data.street s WHERE s.street = v_desk.street;
    RETURN jsonb_build_object(
        'protocol', 1,
        'now', owd_inner.moment_text(clock_timestamp()),
        'epoch', owd_inner.epoch(),
        'last_seq', coalesce(v_me.last_seq, 0),
        'last_hash', encode(coalesce(v_me.last_hash, decode(repeat('00', 32), 'hex')), 'hex'),
        'closed', v_me.replica IS NULL OR v_me.closed_at IS NOT NULL,
        'feed_known', owd_inner.feed_known(
            v_street.street, (p_said ->> 'cursor')::bigint, decode(p_said ->> 'chain', 'hex')
        ),
        'head', v_street.head,
        'chain', encode(v_street.chain, 'hex'),
        'street', v_street.street,
        'street_settings', v_street.settings,
        'series', coalesce(v_me.series, 0),
        'spare_series', owd_inner.spare_series(p_replica, v_me.series),
        'label', v_desk.label,
        'scope', to_jsonb(v_desk.scope),
        'kinds', (SELECT jsonb_agg(r.kind ORDER BY r.kind) FROM owd_data.rule r),
        'upgrade', owd_inner.is_older(p_said ->> 'app', v_street.settings ->> 'min_app'),
        'durable_before', (SELECT owd_inner.moment_text(c.durable_before) FROM owd_data.central c)
    );
END
$$;

-- RFC 3339 in UTC, whatever the session's time zone and date style.
CREATE FUNCTION owd_inner.moment_text(p_at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- Which cluster on which timeline: another one after a restore or a promotion.
CREATE FUNCTION owd_inner.epoch() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT c.system_identifier FROM pg_control_system() c) || ':'
        || left(pg_walfile_name(pg_current_wal_lsn()), 8);
END
$$;

CREATE FUNCTION owd_inner.feed_known(p_street text, p_cursor bigint, p_chain bytea) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    RETURN p_cursor = 0 AND p_chain = decode(repeat('00', 32), 'hex') OR EXISTS (
        SELECT FROM owd_data.feed f WHERE f.street = p_street AND f.seq = p_cursor AND f.chain = p_chain
    );
END
$$;

CREATE FUNCTION owd_inner.spare_series(p_replica uuid, p_series int) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(l.series ORDER BY l.series), '[]') FROM owd_data.series_lease l
        WHERE l.replica = p_replica AND l.series <> p_series
    );
END
$$;

-- Whether one version (numbers with points) is before another; what is no version is not.
CREATE FUNCTION owd_inner.is_older(p_app text, p_least text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_form text := '^[0-9]{1,6}(?:[.][0-9]{1,6}){0,3}';
BEGIN
    RETURN coalesce(
        string_to_array(substring(p_app FROM v_form), '.')::int[]
            < string_to_array(substring(p_least FROM v_form), '.')::int[],
        false
    );
END
$$;

-- The feed after a cursor, in order, at most 5,000 rows. OW409 when the cursor is not known.
CREATE FUNCTION owd.pull(p_replica uuid, p_cursor bigint, p_chain bytea, p_limit int)
RETURNS SETOF owd.feed_row
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_me owd_data.replica := owd_inner.me(p_replica);
    v_all boolean := owd_inner.may_read_cases(
        (SELECT d.scope FROM owd_data.desk d WHERE d.desk_id = v_me.desk_id)
    );
BEGIN
    IF NOT coalesce(owd_inner.feed_known(v_me.street, p_cursor, p_chain), false) THEN
        RAISE EXCEPTION 'this cursor is not known' USING ERRCODE = 'OW409';
    END IF;
    RETURN QUERY
    SELECT f.seq, f.chain, f.what, f.subject, f.verdict, f.reason, f.op_id, f.case_id, f.case_version,
        f.replica, f.op_seq, o.prev, o.head,
        CASE WHEN v_all OR o.case_id IS NULL OR f.replica = p_replica THEN o.payload END,
        o.desk_signature, o.person_mac, f.body
    FROM owd_data.feed f
    LEFT JOIN owd_data.operation o ON f.what = 'op' AND o.replica = f.replica AND o.seq = f.op_seq
    WHERE f.street = v_me.street AND f.seq > p_cursor
    ORDER BY f.seq
    LIMIT greatest(1, least(p_limit, 5000));
END
$$;

-- The last row of the street's feed.
CREATE FUNCTION owd.head(p_replica uuid, OUT seq bigint, OUT chain bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_me owd_data.replica := owd_inner.me(p_replica);
BEGIN
    SELECT s.head, s.chain INTO STRICT seq, chain FROM owd_data.street s WHERE s.street = v_me.street;
END
$$;

-- What a new desk needs of the feed with p_after < seq <= p_upto: everything but the operations of cases
-- that have been over for 90 days, and files that no other case names. What was not applied, and what was
-- looked at again, is always there. Past the last row: no row.
CREATE FUNCTION owd.snapshot(p_replica uuid, p_after bigint, p_upto bigint, p_limit int)
RETURNS SETOF owd.feed_row
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_me owd_data.replica := owd_inner.me(p_replica);
    v_all boolean := owd_inner.may_read_cases(
        (SELECT d.scope FROM owd_data.desk d WHERE d.desk_id = v_me.desk_id)
    );
    v_since timestamptz := now() - interval '90 days';
BEGIN
    RETURN QUERY
    SELECT f.seq, f.chain, f.what, f.subject, f.verdict, f.reason, f.op_id, f.case_id, f.case_version,
        f.replica, f.op_seq, o.prev, o.head,
        CASE WHEN v_all OR o.case_id IS NULL OR f.replica = p_replica THEN o.payload END,
        o.desk_signature, o.person_mac, f.body
    FROM owd_data.feed f
    LEFT JOIN owd_data.operation o ON f.what = 'op' AND o.replica = f.replica AND o.seq = f.op_seq
    LEFT JOIN owd_data.file s ON f.what = 'file' AND s.street = f.street AND s.sha256 = f.subject
    WHERE f.street = v_me.street AND f.seq > p_after AND f.seq <= p_upto
        AND CASE
            WHEN f.what = 'file' THEN coalesce(s.complete_at > v_since, true) OR f.subject IN (
                SELECT unnest(c.files) FROM owd_data.case_ c
                WHERE c.street = v_me.street AND (c.closed_at IS NULL OR c.closed_at > v_since)
            )
            WHEN f.what = 'op' AND f.verdict IN ('applied', 'duplicate') THEN NOT EXISTS (
                SELECT FROM owd_data.case_ c
                WHERE c.case_id = f.case_id AND c.street IS NOT DISTINCT FROM f.street AND c.closed_at <= v_since
            )
            ELSE true
        END
    ORDER BY f.seq
    LIMIT greatest(1, least(p_limit, 5000));
END
$$;

-- Ends this enrolment and opens a new one of the same desk, with number series nobody ever had. The same
-- new one asked for again is answered the same: an answer may be lost. The old one may be closed already,
-- or not be known at all after the central was restored. The new one too may be closed by now: a clone that
-- was told the same name used it up. Its desk becomes it, hears so in hello, and asks for another.
CREATE FUNCTION owd.renew(p_replica uuid, p_new jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    v_desk owd_data.desk := owd_inner.my_desk();
    v_old owd_data.replica;
    v_new owd_data.replica;
    v_series int[];
BEGIN
    IF NOT (owd_inner.is_uuid(p_new ->> 'replica') AND coalesce(p_new ->> 'public_key' ~ '^[0-9a-f]{64}$', false)) THEN
        RAISE EXCEPTION 'this enrolment is not well formed' USING ERRCODE = 'OW422';
    END IF;
    SELECT r.* INTO v_old FROM owd_data.replica r
    WHERE r.replica = p_replica AND r.desk_id = v_desk.desk_id FOR NO KEY UPDATE;
    PERFORM FROM owd_data.street s WHERE s.street = v_desk.street FOR NO KEY UPDATE;
    v_desk := owd_inner.my_desk();  -- not revoked while we waited
    SELECT r.* INTO v_new FROM owd_data.replica r WHERE r.replica = (p_new ->> 'replica')::uuid;
    IF FOUND THEN
        IF v_new.desk_id <> v_desk.desk_id OR v_new.public_key <> decode(p_new ->> 'public_key', 'hex') THEN
            RAISE EXCEPTION 'this enrolment cannot be opened' USING ERRCODE = 'OW410';
        END IF;
    ELSE
        IF v_old.replica IS NOT NULL AND v_old.closed_at IS NULL THEN
            UPDATE owd_data.replica r SET closed_at = now() WHERE r.replica = p_replica;
            PERFORM owd_inner.publish_replica(p_replica);
        END IF;
        v_series := owd_inner.lease(v_desk.street, (p_new ->> 'replica')::uuid, NULL, 3);
        INSERT INTO owd_data.replica (replica, desk_id, street, public_key, series)
        VALUES (
            (p_new ->> 'replica')::uuid, v_desk.desk_id, v_desk.street, decode(p_new ->> 'public_key', 'hex'),
            v_series[1]
        )
        RETURNING * INTO v_new;
        PERFORM owd_inner.publish_replica(v_new.replica);
        PERFORM owd_inner.ring(v_desk.street);
    END IF;
    RETURN jsonb_build_object(
        'series', v_new.series, 'spare_series', owd_inner.spare_series(v_new.replica, v_new.series)
    );
END
$$;
