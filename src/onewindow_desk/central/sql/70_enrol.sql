-- How a desk comes in: a one-time ticket, a login of its own, its number series, its row in the feed.

-- owd_watch sees when sessions began and ends those of a revoked desk; it can do nothing else. It is
-- not owd_useradm, so that who makes logins cannot end sessions and the other way round.
DO $$
BEGIN
    CREATE ROLE owd_watch NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END
$$;
GRANT pg_read_all_stats, pg_signal_backend TO owd_watch;
ALTER ROLE owd_enrol SET statement_timeout = '10s';
ALTER ROLE owd_enrol SET idle_in_transaction_session_timeout = '5s';
-- From PostgreSQL 16 on, CREATEROLE alone no longer lets a role give membership in another.
GRANT owd_desk TO owd_useradm WITH ADMIN OPTION;

-- Whether a text is a SCRAM-SHA-256 verifier: anything else PostgreSQL would take for a password.
CREATE FUNCTION owd_inner.is_verifier(p_text text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_parts text[] := regexp_match(
        p_text, '^SCRAM-SHA-256[$]([0-9]{4,6}):([A-Za-z0-9+/]{22}==)[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$'
    );
BEGIN
    RETURN v_parts IS NOT NULL AND v_parts[1]::int >= 4096;
END
$$;

CREATE FUNCTION owd_inner.make_login(p_login text, p_verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_login !~ '^owd_d_[0-9a-f]{32}$' OR owd_inner.is_verifier(p_verifier) IS NOT TRUE THEN
        RAISE EXCEPTION 'malformed argument' USING ERRCODE = 'OW422';
    END IF;
    EXECUTE format(
        'CREATE ROLE %I LOGIN CONNECTION LIMIT 4 PASSWORD %L IN ROLE owd_desk', p_login, p_verifier
    );
    EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', p_login, '10s');
    EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', p_login, '5s');
END
$$;

CREATE FUNCTION owd_inner.change_verifier(p_login text, p_verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_login !~ '^owd_d_[0-9a-f]{32}$' OR owd_inner.is_verifier(p_verifier) IS NOT TRUE THEN
        RAISE EXCEPTION 'malformed argument' USING ERRCODE = 'OW422';
    END IF;
    EXECUTE format('ALTER ROLE %I PASSWORD %L', p_login, p_verifier);
END
$$;

CREATE FUNCTION owd_inner.end_login(p_login text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_login !~ '^owd_d_[0-9a-f]{32}$' THEN
        RAISE EXCEPTION 'malformed argument' USING ERRCODE = 'OW422';
    END IF;
    EXECUTE format('ALTER ROLE %I NOLOGIN', p_login);
END
$$;

CREATE FUNCTION owd_inner.end_sessions(p_login text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_login !~ '^owd_d_[0-9a-f]{32}$' THEN
        RAISE EXCEPTION 'malformed argument' USING ERRCODE = 'OW422';
    END IF;
    RETURN count(*) FILTER (WHERE pg_terminate_backend(a.pid)) FROM pg_stat_activity a WHERE a.usename = p_login;
END
$$;

-- When this connection began; with its pid it names the connection for ever.
CREATE FUNCTION owd_inner.session_started() RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN a.backend_start FROM pg_stat_get_activity(pg_backend_pid()) a;
END
$$;

ALTER FUNCTION owd_inner.make_login(text, text) OWNER TO owd_useradm;
ALTER FUNCTION owd_inner.change_verifier(text, text) OWNER TO owd_useradm;
ALTER FUNCTION owd_inner.end_login(text) OWNER TO owd_useradm;
ALTER FUNCTION owd_inner.end_sessions(text) OWNER TO owd_watch;
ALTER FUNCTION owd_inner.session_started() OWNER TO owd_watch;
REVOKE ALL ON FUNCTION
    owd_inner.is_verifier(text), owd_inner.make_login(text, text),
    owd_inner.change_verifier(text, text), owd_inner.end_login(text), owd_inner.end_sessions(text),
    owd_inner.session_started()
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION owd_inner.is_verifier(text) TO owd_api, owd_useradm;
GRANT EXECUTE ON FUNCTION
    owd_inner.make_login(text, text), owd_inner.change_verifier(text, text), owd_inner.end_login(text),
    owd_inner.end_sessions(text),
    owd_inner.session_started()
TO owd_api;

-- The name under which a ticket is kept: typed with or without its dashes, in small letters or large.
CREATE FUNCTION owd_inner.ticket_hash(p_ticket text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN sha256(convert_to(
        'onewindow ticket 1' || chr(10) || upper(regexp_replace(p_ticket, '[^0-9A-Za-z]', '', 'g')), 'UTF8'
    ));
END
$$;

-- Whether what a desk says of itself has the shape it must have (domain/access.Joining).
CREATE FUNCTION owd_inner.is_joining(p_said jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_attach jsonb := p_said -> 'attach';
    v_whole text := '^(0|[1-9][0-9]{0,8})$';
BEGIN
    RETURN jsonb_typeof(p_said) = 'object'
        AND octet_length(p_said::text) <= 8192
        AND p_said ->> 'replica' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        AND p_said ->> 'public_key' ~ '^[0-9a-f]{64}$'
        AND length(p_said ->> 'fingerprint') BETWEEN 1 AND 200
        AND owd_inner.is_verifier(p_said ->> 'verifier')
        AND (v_attach IS NULL OR jsonb_typeof(v_attach) = 'null' OR (
            jsonb_typeof(v_attach) = 'object'
            AND v_attach ->> 'last_seq' ~ v_whole AND (v_attach ->> 'last_seq')::int > 0
            AND v_attach ->> 'last_hash' ~ '^[0-9a-f]{64}$'
            AND v_attach ->> 'series' ~ v_whole AND (v_attach ->> 'series')::int <= 9999
            AND v_attach ->> 'street' ~ '^[0-9]{3}$'
        ));
END
$$;

-- Number series of a street that nobody was ever given: `p_wanted` first when it is free, then the
-- lowest ones. The caller holds the street's row lock. OW404 when there are not `p_count` left.
CREATE FUNCTION owd_inner.lease(p_street text, p_replica uuid, p_wanted int, p_count int) RETURNS int[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_series int[];
BEGIN
    SELECT array_agg(f.n ORDER BY f.place) INTO v_series FROM (
        SELECT n, row_number() OVER (ORDER BY n <> coalesce(p_wanted, -1), n) AS place
        FROM generate_series(0, 9999) n
        WHERE (n > 0 OR p_wanted = 0)
            AND NOT EXISTS (SELECT FROM owd_data.series_lease l WHERE l.street = p_street AND l.series = n)
        ORDER BY place LIMIT p_count
    ) f;
    IF coalesce(cardinality(v_series), 0) < p_count THEN
        PERFORM owd_inner.refuse('OW404', 'series');
    END IF;
    INSERT INTO owd_data.series_lease (street, series, replica)
    SELECT p_street, n, p_replica FROM unnest(v_series) n;
    RETURN v_series;
END
$$;

-- The feed row that tells the street of an enrolment (domain/exchange.ReplicaBody); caller holds the street.
CREATE FUNCTION owd_inner.publish_replica(p_replica uuid) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_street text;
    v_body bytea;
BEGIN
    SELECT r.street, convert_to(jsonb_build_object(
        'replica', r.replica, 'desk', d.desk_id, 'label', d.label, 'series', r.series,
        'public_key', encode(r.public_key, 'hex'), 'closed', r.closed_at IS NOT NULL
    )::text, 'UTF8') INTO STRICT v_street, v_body
    FROM owd_data.replica r JOIN owd_data.desk d ON d.desk_id = r.desk_id WHERE r.replica = p_replica;
    RETURN owd_inner.append_feed(
        v_street, 'replica', sha256(v_body), '', '', NULL, NULL, NULL, p_replica, NULL, v_body
    );
END
$$;

-- A desk's place is made for it; returns what it is told. The caller holds ticket and street.
CREATE FUNCTION owd_inner.join_street(p_ticket owd_data.ticket, p_said jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_replica uuid := (p_said ->> 'replica')::uuid;
    v_attach jsonb := nullif(p_said -> 'attach', 'null'::jsonb);
    v_desk uuid := gen_random_uuid();
    v_login text := 'owd_d_' || replace(v_desk::text, '-', '');
    v_series int[];
BEGIN
    IF EXISTS (SELECT FROM owd_data.replica r WHERE r.replica = v_replica) OR EXISTS (
        SELECT FROM owd_data.desk d
        WHERE d.street = p_ticket.street AND d.label = p_ticket.label AND d.revoked_at IS NULL
    ) THEN
        PERFORM owd_inner.refuse('OW422', 'enrol');
    END IF;
    v_series := owd_inner.lease(p_ticket.street, v_replica, (v_attach ->> 'series')::int, 3);
    INSERT INTO owd_data.desk (desk_id, street, label, login, scope)
    VALUES (v_desk, p_ticket.street, p_ticket.label, v_login, p_ticket.scope);
    INSERT INTO owd_data.replica (replica, desk_id, street, public_key, series, attached_upto, attached_hash)
    VALUES (
        v_replica, v_desk, p_ticket.street, decode(p_said ->> 'public_key', 'hex'), v_series[1],
        coalesce((v_attach ->> 'last_seq')::bigint, 0), decode(v_attach ->> 'last_hash', 'hex')
    );
    PERFORM owd_inner.make_login(v_login, p_said ->> 'verifier');
    PERFORM owd_inner.publish_replica(v_replica);
    RETURN jsonb_build_object(
        'login', v_login, 'series', v_series[1], 'spare_series', to_jsonb(v_series[2:]),
        'street', p_ticket.street, 'label', p_ticket.label, 'scope', to_jsonb(p_ticket.scope),
        'street_settings', (SELECT s.settings FROM owd_data.street s WHERE s.street = p_ticket.street)
    );
END
$$;

-- What names a desk that joins: all it says but the verifier, which it may have made anew meanwhile.
CREATE FUNCTION owd_inner.said_hash(p_said jsonb) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN sha256(convert_to((p_said - 'verifier')::text, 'UTF8'));
END
$$;

-- Whether this ticket lets in who says this: not used; or used by the very same desk, whose answer
-- was lost, as long as it has not begun to work.
CREATE FUNCTION owd_inner.ticket_fits(p_ticket owd_data.ticket, p_said jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_attach jsonb := nullif(p_said -> 'attach', 'null'::jsonb);
BEGIN
    RETURN p_ticket.good_until > clock_timestamp()
        AND (p_ticket.kind = 'attach') = (v_attach IS NOT NULL)
        AND coalesce(v_attach ->> 'street' = p_ticket.street, true)
        AND (p_ticket.answer IS NULL OR (
            p_ticket.said_hash = owd_inner.said_hash(p_said)
            AND EXISTS (
                SELECT FROM owd_data.replica r JOIN owd_data.desk d ON d.desk_id = r.desk_id
                WHERE r.replica = (p_said ->> 'replica')::uuid AND r.last_seq = 0 AND d.revoked_at IS NULL
            )
        ));
END
$$;

-- 20 wrong tickets within an hour shut the door for everybody until the hour is over. What another
-- caller is about to sweep out is left to them: nobody waits here for anybody.
CREATE FUNCTION owd_inner.door_is_shut() RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM owd_data.ticket_try t WHERE t.ctid = ANY (ARRAY(
        SELECT o.ctid FROM owd_data.ticket_try o WHERE o.at <= clock_timestamp() - interval '1 hour'
        FOR UPDATE SKIP LOCKED
    ));
    RETURN (
        SELECT count(*) >= 20 FROM owd_data.ticket_try t WHERE t.at > clock_timestamp() - interval '1 hour'
    );
END
$$;

-- The first answer to a ticket: counted when it is wrong, written down, and not told.
CREATE FUNCTION owd_inner.take_ticket(p_ticket owd_data.ticket, p_said jsonb, p_key bytea) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_outcome text := 'good';
BEGIN
    IF owd_inner.door_is_shut() THEN
        PERFORM owd_inner.refuse('OW429', 'enrol');
    END IF;
    IF p_ticket.ticket_hash IS NULL OR owd_inner.ticket_fits(p_ticket, p_said) IS NOT TRUE THEN
        v_outcome := 'wrong';
        INSERT INTO owd_data.ticket_try DEFAULT VALUES;
    END IF;
    PERFORM owd_inner.ask('enrol', p_key, v_outcome);
    PERFORM owd_inner.note('enrol', coalesce(p_ticket.street || ' ' || p_ticket.label, ''), v_outcome);
    RETURN jsonb_build_object('asked', true);
END
$$;

-- The second answer to a good ticket: join, or say again what was said to the same desk before.
CREATE FUNCTION owd_inner.use_ticket(p_ticket owd_data.ticket, p_said jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_answer jsonb := p_ticket.answer;
BEGIN
    IF v_answer IS NOT NULL THEN
        PERFORM owd_inner.change_verifier(v_answer ->> 'login', p_said ->> 'verifier');
        RETURN v_answer;
    END IF;
    PERFORM FROM owd_data.street s WHERE s.street = p_ticket.street FOR NO KEY UPDATE;
    v_answer := owd_inner.join_street(p_ticket, p_said);
    UPDATE owd_data.ticket t
    SET used_at = clock_timestamp(), said_hash = owd_inner.said_hash(p_said), answer = v_answer
    WHERE t.ticket_hash = p_ticket.ticket_hash;
    PERFORM owd_inner.note('enrolled', p_ticket.street || ' ' || p_ticket.label, v_answer ->> 'login');
    RETURN v_answer;
END
$$;

-- domain/access.Joining in, Joined out. Ask twice (82_audit): the first answer is {"asked": true}.
-- OW404: no such ticket for this desk, or not any more; OW429: the door is shut; OW422: malformed, or
-- the street has such a desk already.
CREATE FUNCTION owd.enrol(p_ticket text, p_said jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_hash bytea;
    v_key bytea;
    v_ticket owd_data.ticket;
    v_outcome text;
BEGIN
    IF owd_inner.is_joining(p_said) IS NOT TRUE OR coalesce(length(p_ticket), 0) NOT BETWEEN 1 AND 100 THEN
        PERFORM owd_inner.refuse('OW422', 'enrol');
    END IF;
    v_hash := owd_inner.ticket_hash(p_ticket);
    v_key := sha256(v_hash || convert_to(p_said::text, 'UTF8'));
    SELECT t.* INTO v_ticket FROM owd_data.ticket t WHERE t.ticket_hash = v_hash FOR NO KEY UPDATE;
    v_outcome := owd_inner.answered('enrol', v_key);
    IF v_outcome IS NULL THEN
        RETURN owd_inner.take_ticket(v_ticket, p_said, v_key);
    END IF;
    IF v_outcome <> 'good' OR owd_inner.ticket_fits(v_ticket, p_said) IS NOT TRUE THEN
        PERFORM owd_inner.refuse('OW404', 'enrol');
    END IF;
    RETURN owd_inner.use_ticket(v_ticket, p_said);
END
$$;
