-- What administrators do, each duty by its own people: the system's (streets, people without roles,
-- tickets, backups), the security's (roles, accounts, desks) and the auditor's (looking). Who holds two
-- of the three, or owns the database, is none of them here.

-- OW403 unless the login holds one of these duties, and only one duty at all.
CREATE FUNCTION owd_inner.duty(VARIADIC p_duties text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_held text[] := ARRAY(
        SELECT d FROM unnest(ARRAY['owd_sysadmin', 'owd_secadmin', 'owd_auditor', 'owd_desk']) d
        WHERE pg_has_role(session_user, d, 'MEMBER')
    );
BEGIN
    IF cardinality(v_held) <> 1 OR NOT v_held <@ p_duties THEN
        PERFORM owd_inner.refuse('OW403', 'owd_admin');
    END IF;
END
$$;

-- OW422 unless the text has 1 to p_most signs, none of them unseen, and no blank at either end.
CREATE FUNCTION owd_inner.check_text(p_text text, p_most int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (length(p_text) BETWEEN 1 AND p_most AND p_text !~ '[[:cntrl:]]' AND p_text = btrim(p_text)) IS NOT TRUE THEN
        PERFORM owd_inner.refuse('OW422', 'text');
    END IF;
END
$$;

-- OW422 unless all are names of roles (domain/people.Role).
CREATE FUNCTION owd_inner.check_roles(p_roles text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_roles IS NULL OR NOT p_roles <@ ARRAY[
        'guide', 'agent', 'window', 'handler', 'reviewer', 'decider', 'sealkeeper', 'issuer', 'fees',
        'liaison', 'dept', 'supervisor', 'archivist', 'system_admin', 'security_admin', 'audit_admin'
    ] OR cardinality(p_roles) > 16 THEN
        PERFORM owd_inner.refuse('OW422', 'roles');
    END IF;
END
$$;

-- Today where the streets are, whatever the session calls today.
CREATE FUNCTION owd_inner.today() RETURNS date
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (now() AT TIME ZONE 'Asia/Shanghai')::date;
END
$$;

-- The last day of an account: never without one, never more than a year away (OW422).
CREATE FUNCTION owd_inner.check_until(p_until date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (p_until BETWEEN owd_inner.today() AND (owd_inner.today() + interval '1 year')::date) IS NOT TRUE THEN
        PERFORM owd_inner.refuse('OW422', 'until');
    END IF;
END
$$;

-- Pairs of roles that one account does not hold together (domain/people.conflicts), beside the
-- administrators', who hold no other role at all. `one` comes before `other` in the list of roles.
CREATE TABLE owd_data.role_conflict (one text NOT NULL, other text NOT NULL, PRIMARY KEY (one, other));
INSERT INTO owd_data.role_conflict (one, other) VALUES
    ('window', 'handler'), ('window', 'reviewer'), ('window', 'decider'), ('window', 'sealkeeper'),
    ('handler', 'sealkeeper'), ('reviewer', 'sealkeeper'), ('decider', 'sealkeeper'),
    ('handler', 'issuer'), ('reviewer', 'issuer'), ('handler', 'fees'), ('reviewer', 'fees');
ALTER TABLE owd_data.role_conflict OWNER TO owd_owner;
ALTER TABLE owd_data.role_conflict ENABLE ROW LEVEL SECURITY;
ALTER TABLE owd_data.role_conflict FORCE ROW LEVEL SECURITY;
CREATE POLICY functions ON owd_data.role_conflict TO owd_api USING (true) WITH CHECK (true);
GRANT SELECT ON owd_data.role_conflict TO owd_api;

-- Whether one account in this street may not hold these roles together. The street's setting
-- relaxed_conflicts ({"until": day, "pairs": [["window", "handler"], ...]}) relaxes pairs up to its day,
-- never an administrator's.
CREATE FUNCTION owd_inner.conflicting(p_street text, p_roles text[]) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_relaxed jsonb := (SELECT s.settings -> 'relaxed_conflicts' FROM owd_data.street s WHERE s.street = p_street);
BEGIN
    IF p_roles && ARRAY['system_admin', 'security_admin', 'audit_admin'] THEN
        RETURN cardinality(ARRAY(SELECT DISTINCT r FROM unnest(p_roles) r)) > 1;
    END IF;
    RETURN EXISTS (
        SELECT FROM owd_data.role_conflict c WHERE c.one = ANY (p_roles) AND c.other = ANY (p_roles)
            AND NOT coalesce(
                owd_inner.day(v_relaxed ->> 'until') >= owd_inner.today()
                AND v_relaxed -> 'pairs' @> jsonb_build_array(jsonb_build_array(c.one, c.other)),
                false
            )
    );
END
$$;

-- The person of this street, locked; OW404 when there is none, OW403 when it is the caller's own self.
CREATE FUNCTION owd_inner.person_of(p_street text, p_person uuid) RETURNS owd_data.person
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_person owd_data.person;
BEGIN
    PERFORM FROM owd_data.street s WHERE s.street = p_street FOR NO KEY UPDATE;
    SELECT p.* INTO v_person FROM owd_data.person p
    WHERE p.street = p_street AND p.person_id = p_person FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM owd_inner.refuse('OW404', 'person');
    ELSIF session_user IN (v_person.account, v_person.login) THEN
        PERFORM owd_inner.refuse('OW403', 'oneself');
    END IF;
    RETURN v_person;
END
$$;

-- Tell the street's desks how a person stands now. Login and name are told where the central knows them;
-- of people from an attached history only the desks do. The caller holds the street.
CREATE FUNCTION owd_inner.publish_person(p_person uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_person owd_data.person;
    v_body bytea;
BEGIN
    SELECT p.* INTO STRICT v_person FROM owd_data.person p WHERE p.person_id = p_person;
    v_body := convert_to((
        coalesce(convert_from(v_person.body, 'UTF8')::jsonb, '{}') || jsonb_build_object(
            'person_id', v_person.person_id, 'roles', to_jsonb(v_person.roles),
            'active', v_person.active, 'until', v_person.until
        )
    )::text, 'UTF8');
    UPDATE owd_data.person p SET body = v_body WHERE p.person_id = p_person;
    PERFORM owd_inner.append_feed(
        v_person.street, 'person', sha256(v_body), '', '', NULL, NULL, NULL, NULL, NULL, v_body
    );
END
$$;

-- A new street: code of three digits, its name, its settings (settings.StreetSettings).
CREATE FUNCTION owd_admin.create_street(p_code text, p_name text, p_settings jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM owd_inner.duty('owd_sysadmin');
    PERFORM owd_inner.check_text(p_name, 60);
    IF p_code IS NULL OR p_code !~ '^[0-9]{3}$' OR jsonb_typeof(p_settings) IS DISTINCT FROM 'object'
        OR p_settings ?| ARRAY['relaxed_conflicts', 'issuer_may_seal'] THEN
        PERFORM owd_inner.refuse('OW422', 'create_street');
    END IF;
    INSERT INTO owd_data.street (street, name, settings) VALUES (p_code, p_name, p_settings) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        PERFORM owd_inner.refuse('OW422', 'create_street');
    END IF;
    PERFORM owd_inner.note('create_street', p_code, 'done');
END
$$;

-- A new person without any role: {person_id, login, name}, with `account` (their own database login, of
-- an administrator) and `until` (last day, a year from now at most and by default).
CREATE FUNCTION owd_admin.create_person(
    p_street text, p_person jsonb, p_salt bytea, p_memory int, p_passes int, p_lanes int, p_stored_key bytea
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_id uuid;
    v_until date := (owd_inner.today() + interval '1 year')::date;
BEGIN
    PERFORM owd_inner.duty('owd_sysadmin');
    PERFORM owd_inner.check_text(p_person ->> 'login', 60);
    PERFORM owd_inner.check_text(p_person ->> 'name', 60);
    IF coalesce(p_person ->> 'person_id', '') !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        PERFORM owd_inner.refuse('OW422', 'create_person');
    END IF;
    v_id := (p_person ->> 'person_id')::uuid;
    IF p_person ? 'until' THEN
        v_until := owd_inner.day(p_person ->> 'until');
    END IF;
    PERFORM owd_inner.check_until(v_until);
    PERFORM FROM owd_data.street s WHERE s.street = p_street FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM owd_inner.refuse('OW404', 'street');
    END IF;
    INSERT INTO owd_data.person (person_id, street, until, login, account, body) VALUES (
        v_id, p_street, v_until, p_person ->> 'login', p_person ->> 'account',
        convert_to(jsonb_build_object('login', p_person ->> 'login', 'name', p_person ->> 'name')::text, 'UTF8')
    ) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        PERFORM owd_inner.refuse('OW422', 'create_person');
    END IF;
    PERFORM owd_inner.put_secret(v_id, p_salt, p_memory, p_passes, p_lanes, p_stored_key);
    PERFORM owd_inner.publish_person(v_id);
    PERFORM owd_inner.note('create_person', v_id::text, 'done');
END
$$;

-- The roles a person has from now on, in place of those before, up to and with a last day.
CREATE FUNCTION owd_admin.grant_roles(p_street text, p_person uuid, p_roles text[], p_until date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM owd_inner.duty('owd_secadmin');
    PERFORM owd_inner.check_roles(p_roles);
    PERFORM owd_inner.check_until(p_until);
    PERFORM owd_inner.person_of(p_street, p_person);
    IF owd_inner.conflicting(p_street, p_roles) THEN
        PERFORM owd_inner.refuse('OW403', 'conflict');
    END IF;
    UPDATE owd_data.person p
    SET roles = ARRAY(SELECT DISTINCT r FROM unnest(p_roles) r ORDER BY r), until = p_until
    WHERE p.person_id = p_person;
    PERFORM owd_inner.publish_person(p_person);
    PERFORM owd_inner.note('grant_roles', p_person::text, array_to_string(p_roles, ' '));
END
$$;

-- End a person's account, or take it up again; who is ended is present nowhere from this moment on.
CREATE FUNCTION owd_admin.set_active(p_street text, p_person uuid, p_active boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM owd_inner.duty('owd_secadmin');
    IF p_active IS NULL THEN
        PERFORM owd_inner.refuse('OW422', 'set_active');
    END IF;
    PERFORM owd_inner.person_of(p_street, p_person);
    UPDATE owd_data.person p SET active = p_active WHERE p.person_id = p_person;
    DELETE FROM owd_data.presence s WHERE s.person_id = p_person AND NOT p_active;
    PERFORM owd_inner.publish_person(p_person);
    PERFORM owd_inner.note('set_active', p_person::text, p_active::text);
END
$$;

-- A new secret for somebody who forgot theirs; wrong tries are forgotten, presence ends.
CREATE FUNCTION owd_admin.reset_secret(
    p_street text, p_person uuid, p_salt bytea, p_memory int, p_passes int, p_lanes int, p_stored_key bytea
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM owd_inner.duty('owd_secadmin');
    PERFORM owd_inner.person_of(p_street, p_person);
    PERFORM owd_inner.put_secret(p_person, p_salt, p_memory, p_passes, p_lanes, p_stored_key);
    UPDATE owd_data.person_try t SET tries = 0, locked_until = NULL
    WHERE t.street = p_street AND t.person_id = p_person;
    PERFORM owd_inner.note('reset_secret', p_person::text, 'done');
END
$$;

-- Let pairs of roles stand on one account of a small street until a day, a year from now at most; an
-- empty list ends it. The desks see it in the street's settings.
CREATE FUNCTION owd_admin.relax_conflicts(p_street text, p_pairs jsonb, p_until date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM owd_inner.duty('owd_secadmin');
    PERFORM owd_inner.check_until(p_until);
    IF jsonb_typeof(p_pairs) IS DISTINCT FROM 'array' OR NOT (
        SELECT jsonb_agg(jsonb_build_array(c.one, c.other)) FROM owd_data.role_conflict c
    ) @> p_pairs OR p_pairs @? 'strict $[*] ? (@.type() != "array" || @.size() != 2)' THEN
        PERFORM owd_inner.refuse('OW422', 'relax_conflicts');
    END IF;
    UPDATE owd_data.street s SET settings = jsonb_set(
        s.settings, '{relaxed_conflicts}', jsonb_build_object('until', p_until, 'pairs', p_pairs)
    ) WHERE s.street = p_street;
    IF NOT FOUND THEN
        PERFORM owd_inner.refuse('OW404', 'street');
    END IF;
    PERFORM owd_inner.note('relax_conflicts', p_street, to_char(p_until, 'YYYY-MM-DD') || ' ' || p_pairs);
END
$$;

-- Let one person seal and issue the same paper in a small street until a day, a year from now at most: the
-- one pair of duties on a case that may be relaxed (domain/separation.RELAXABLE). Null ends it.
CREATE FUNCTION owd_admin.let_issuer_seal(p_street text, p_until date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM owd_inner.duty('owd_secadmin');
    IF p_until IS NOT NULL THEN
        PERFORM owd_inner.check_until(p_until);
    END IF;
    UPDATE owd_data.street s SET settings = CASE WHEN p_until IS NULL THEN s.settings - 'issuer_may_seal'
        ELSE jsonb_set(s.settings, '{issuer_may_seal}', jsonb_build_object('until', p_until)) END
    WHERE s.street = p_street;
    IF NOT FOUND THEN
        PERFORM owd_inner.refuse('OW404', 'street');
    END IF;
    PERFORM owd_inner.note('let_issuer_seal', p_street, coalesce(to_char(p_until, 'YYYY-MM-DD'), 'ended'));
END
$$;

-- A one-time ticket for a desk, good for 30 minutes: 24 signs in groups of four. Only its hash is kept.
CREATE FUNCTION owd_admin.ticket(p_street text, p_label text, p_scope text[], p_kind text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_random bytea := owd_crypto.gen_random_bytes(24);
    v_ticket text := '';
BEGIN
    PERFORM owd_inner.duty('owd_sysadmin');
    PERFORM owd_inner.check_text(p_label, 40);
    PERFORM owd_inner.check_roles(p_scope);
    IF cardinality(p_scope) = 0 OR (p_kind IN ('new', 'attach')) IS NOT TRUE OR EXISTS (
        SELECT FROM owd_data.desk d
        WHERE d.street = p_street AND d.label = p_label AND d.revoked_at IS NULL
    ) THEN
        PERFORM owd_inner.refuse('OW422', 'ticket');
    ELSIF NOT EXISTS (SELECT FROM owd_data.street s WHERE s.street = p_street) THEN
        PERFORM owd_inner.refuse('OW404', 'street');
    END IF;
    FOR v_at IN 0..23 LOOP
        -- 32 signs that are not taken for one another: a byte's last five bits are all alike in chance.
        v_ticket := v_ticket || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', get_byte(v_random, v_at) % 32 + 1, 1)
            || CASE WHEN v_at % 4 = 3 AND v_at < 23 THEN '-' ELSE '' END;
    END LOOP;
    INSERT INTO owd_data.ticket (ticket_hash, street, label, scope, kind, made_by, good_until) VALUES (
        owd_inner.ticket_hash(v_ticket), p_street, p_label, p_scope, p_kind, session_user,
        clock_timestamp() + interval '30 minutes'
    );
    PERFORM owd_inner.note('ticket', p_street || ' ' || p_label, p_kind);
    RETURN v_ticket;
END
$$;

-- A desk is out at once: its login shut, its enrolments closed, its sessions ended. Again: once more.
-- A session that comes in while this commits finds every function closed (owd_inner.mine).
CREATE FUNCTION owd_admin.revoke_desk(p_street text, p_label text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_desk owd_data.desk;
    v_replica uuid;
BEGIN
    PERFORM owd_inner.duty('owd_secadmin');
    SELECT d.* INTO v_desk FROM owd_data.desk d WHERE d.street = p_street AND d.label = p_label
    ORDER BY d.revoked_at DESC NULLS FIRST LIMIT 1;
    IF NOT FOUND THEN
        PERFORM owd_inner.refuse('OW404', 'desk');
    ELSIF v_desk.revoked_at IS NULL THEN
        PERFORM owd_inner.end_sessions(v_desk.login);
        -- All its enrolments before the street, as everybody locks.
        PERFORM FROM owd_data.replica r WHERE r.desk_id = v_desk.desk_id ORDER BY r.replica FOR NO KEY UPDATE;
        PERFORM FROM owd_data.street s WHERE s.street = p_street FOR NO KEY UPDATE;
        FOR v_replica IN
            SELECT r.replica FROM owd_data.replica r WHERE r.desk_id = v_desk.desk_id AND r.closed_at IS NULL
            ORDER BY r.replica
        LOOP
            UPDATE owd_data.replica r SET closed_at = clock_timestamp() WHERE r.replica = v_replica;
            PERFORM owd_inner.publish_replica(v_replica);
        END LOOP;
        UPDATE owd_data.desk d SET revoked_at = clock_timestamp() WHERE d.desk_id = v_desk.desk_id;
        PERFORM owd_inner.end_login(v_desk.login);
    END IF;
    PERFORM owd_inner.note('revoke_desk', p_street || ' ' || p_label, v_desk.login);
    RETURN owd_inner.end_sessions(v_desk.login);
END
$$;

-- How a street stands: numbers, desks, what waits; nothing personal.
CREATE FUNCTION owd_admin.status(p_street text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_street owd_data.street;
BEGIN
    PERFORM owd_inner.duty('owd_sysadmin', 'owd_auditor');
    SELECT s.* INTO v_street FROM owd_data.street s WHERE s.street = p_street;
    IF NOT FOUND THEN
        PERFORM owd_inner.refuse('OW404', 'street');
    END IF;
    RETURN jsonb_build_object(
        'street', p_street, 'name', v_street.name, 'head', v_street.head, 'chain', encode(v_street.chain, 'hex'),
        'durable_before', (SELECT c.durable_before FROM owd_data.central c),
        'people', (SELECT count(*) FROM owd_data.person p
            WHERE p.street = p_street AND owd_inner.in_force(p.active, p.until)),
        'desks', (SELECT coalesce(jsonb_agg(owd_inner.desk_status(d) ORDER BY d.label, d.login), '[]')
            FROM owd_data.desk d WHERE d.street = p_street),
        'waiting', (SELECT coalesce(jsonb_object_agg(w.verdict, w.n), '{}') FROM (
            SELECT w.verdict, count(*) AS n FROM owd_data.waiting w WHERE w.street = p_street GROUP BY w.verdict
        ) w),
        -- Whose work waits though nobody of that number is here: made after the backup that was restored.
        'unknown_people', (SELECT coalesce(jsonb_agg(DISTINCT o.author ORDER BY o.author), '[]')
            FROM owd_data.waiting w
            JOIN owd_data.operation o ON o.replica = w.replica AND o.seq = w.seq
            WHERE w.street = p_street AND w.verdict = 'parked' AND NOT EXISTS (
                SELECT FROM owd_data.person p WHERE p.person_id = o.author AND p.street = p_street
            ) AND o.author IS NOT NULL),
        'files_on_their_way', (SELECT count(*) FROM owd_data.file f
            WHERE f.street = p_street AND f.complete_at IS NULL),
        'open_tickets', (SELECT count(*) FROM owd_data.ticket t
            WHERE t.street = p_street AND t.used_at IS NULL AND t.good_until > clock_timestamp())
    );
END
$$;

CREATE FUNCTION owd_inner.desk_status(p_desk owd_data.desk) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_build_object(
        'label', p_desk.label, 'login', p_desk.login, 'scope', to_jsonb(p_desk.scope),
        'revoked_at', p_desk.revoked_at,
        'connections', (SELECT count(*) FROM pg_stat_activity a WHERE a.usename = p_desk.login),
        'replicas', (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'replica', r.replica, 'series', r.series, 'last_seq', r.last_seq, 'closed_at', r.closed_at,
            'heard_at', r.heard_at
        ) ORDER BY r.opened_at), '[]') FROM owd_data.replica r WHERE r.desk_id = p_desk.desk_id)
    );
END
$$;

-- Operations received before this are in a backup that was read back; the desks may let theirs go.
CREATE FUNCTION owd_admin.durable(p_before timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM owd_inner.duty('owd_sysadmin');
    IF (p_before <= clock_timestamp()) IS NOT TRUE THEN
        PERFORM owd_inner.refuse('OW422', 'durable');
    END IF;
    UPDATE owd_data.central c SET durable_before = p_before;
    PERFORM owd_inner.note('durable', to_jsonb(p_before) #>> '{}', 'done');
END
$$;
GRANT SELECT, UPDATE (durable_before) ON owd_data.central TO owd_api;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA owd_admin FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    owd_admin.create_street(text, text, jsonb),
    owd_admin.create_person(text, jsonb, bytea, int, int, int, bytea),
    owd_admin.ticket(text, text, text[], text),
    owd_admin.durable(timestamptz)
TO owd_sysadmin;
GRANT EXECUTE ON FUNCTION
    owd_admin.grant_roles(text, uuid, text[], date),
    owd_admin.set_active(text, uuid, boolean),
    owd_admin.reset_secret(text, uuid, bytea, int, int, int, bytea),
    owd_admin.relax_conflicts(text, jsonb, date),
    owd_admin.let_issuer_seal(text, date),
    owd_admin.revoke_desk(text, text)
TO owd_secadmin;
GRANT EXECUTE ON FUNCTION owd_admin.status(text) TO owd_sysadmin, owd_auditor;
