-- Who is present: a person proves to know their password, and is present on this one connection.
-- SCRAM-like (domain/access): the central keeps SHA-256 of the client key and cannot prove to be anybody.

-- Whether a person's account is in force today, in the street's own time.
CREATE FUNCTION owd_inner.in_force(p_active boolean, p_until date) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN p_active AND (p_until IS NULL OR p_until >= (now() AT TIME ZONE 'Asia/Shanghai')::date);
END
$$;

-- The person present on this connection, or null; a person who lost their account is present nowhere.
-- A transaction that looks at an old picture of the tables would not notice that: nobody is present in it.
CREATE FUNCTION owd_inner.present() RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN p.person_id FROM owd_data.presence s JOIN owd_data.person p ON p.person_id = s.person_id
    WHERE s.pid = pg_backend_pid() AND s.started = owd_inner.session_started()
        AND s.until > clock_timestamp() AND owd_inner.in_force(p.active, p.until)
        AND current_setting('transaction_isolation') = 'read committed';
END
$$;

-- The roles of the person present on this connection; none when nobody is.
CREATE FUNCTION owd_inner.present_roles() RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT p.roles FROM owd_data.person p WHERE p.person_id = owd_inner.present()), '{}');
END
$$;

-- Whether this person came with the attached history of this desk and never had a secret here.
CREATE FUNCTION owd_inner.awaits_first_secret(p_me owd_data.replica, p_person uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM owd_data.person p JOIN owd_data.replica r ON r.replica = p.origin
        WHERE p.person_id = p_person AND p.street = p_me.street AND r.desk_id = p_me.desk_id
            AND owd_inner.in_force(p.active, p.until)
    ) AND NOT EXISTS (SELECT FROM owd_data.person_secret s WHERE s.person_id = p_person);
END
$$;

-- What the central keeps of a person of this street; of others something made up, always the same.
CREATE FUNCTION owd_inner.secret_of(p_street text, p_person uuid) RETURNS owd_data.person_secret
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_secret owd_data.person_secret;
    v_seed bytea;
BEGIN
    SELECT s.* INTO v_secret FROM owd_data.person_secret s JOIN owd_data.person p ON p.person_id = s.person_id
    WHERE s.person_id = p_person AND p.street = p_street;
    IF NOT FOUND THEN
        SELECT sha256(f.seed || convert_to(p_street, 'UTF8') || uuid_send(p_person)) INTO STRICT v_seed
        FROM owd_data.salt_seed f;
        v_secret := ROW(p_person, substr(v_seed, 1, 16), 65536, 3, 4, sha256(v_seed));
    END IF;
    RETURN v_secret;
END
$$;

-- What connections that are long gone left behind; what another caller sweeps already is left to them.
CREATE FUNCTION owd_inner.sweep() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM owd_data.presence s WHERE s.pid = ANY (ARRAY(
        SELECT o.pid FROM owd_data.presence o WHERE o.until < clock_timestamp() FOR UPDATE SKIP LOCKED
    ));
    DELETE FROM owd_data.nonce n WHERE n.pid = ANY (ARRAY(
        SELECT o.pid FROM owd_data.nonce o WHERE o.at < clock_timestamp() - interval '1 hour'
        FOR UPDATE SKIP LOCKED
    ));
    DELETE FROM owd_data.asked a WHERE a.ctid = ANY (ARRAY(
        SELECT o.ctid FROM owd_data.asked o WHERE o.at < clock_timestamp() - interval '1 hour'
        FOR UPDATE SKIP LOCKED
    ));
END
$$;

-- domain/access.Challenge; binary values in hex. The nonce is good for one proof on this connection.
CREATE FUNCTION owd.challenge(p_replica uuid, p_person uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_me owd_data.replica := owd_inner.me(p_replica);
    v_secret owd_data.person_secret;
    v_nonce bytea := owd_crypto.gen_random_bytes(32);
BEGIN
    IF p_person IS NULL THEN
        PERFORM owd_inner.refuse('OW422', 'challenge');
    END IF;
    PERFORM owd_inner.sweep();
    v_secret := owd_inner.secret_of(v_me.street, p_person);
    INSERT INTO owd_data.nonce (pid, started, person_id, replica, nonce)
    VALUES (pg_backend_pid(), owd_inner.session_started(), p_person, p_replica, v_nonce)
    ON CONFLICT (pid) DO UPDATE SET
        started = excluded.started, person_id = excluded.person_id, replica = excluded.replica,
        nonce = excluded.nonce, at = clock_timestamp();
    RETURN jsonb_build_object(
        'known', NOT owd_inner.awaits_first_secret(v_me, p_person), 'salt', encode(v_secret.salt, 'hex'),
        'memory_kib', v_secret.memory_kib, 'passes', v_secret.passes, 'lanes', v_secret.lanes,
        'nonce', encode(v_nonce, 'hex')
    );
END
$$;

-- Count one more try; OW429 while too many wrong ones lock the name (5 tries, 15 minutes).
CREATE FUNCTION owd_inner.charge_try(p_street text, p_person uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_try owd_data.person_try;
BEGIN
    INSERT INTO owd_data.person_try (street, person_id) VALUES (p_street, p_person) ON CONFLICT DO NOTHING;
    SELECT t.* INTO STRICT v_try FROM owd_data.person_try t
    WHERE t.street = p_street AND t.person_id = p_person FOR NO KEY UPDATE;
    IF v_try.locked_until > clock_timestamp() THEN
        PERFORM owd_inner.refuse('OW429', 'prove_person');
    ELSIF v_try.locked_until IS NOT NULL THEN
        v_try.tries := 0;
    END IF;
    UPDATE owd_data.person_try t SET
        tries = v_try.tries + 1,
        locked_until = CASE WHEN v_try.tries + 1 >= 5 THEN clock_timestamp() + interval '15 minutes' END
    WHERE t.street = p_street AND t.person_id = p_person;
END
$$;

-- Two strings of 32 bytes, bit against bit.
CREATE FUNCTION owd_inner.xor(p_one bytea, p_other bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_made bytea := p_one;
BEGIN
    FOR v_at IN 0..31 LOOP
        v_made := set_byte(v_made, v_at, get_byte(p_one, v_at) # get_byte(p_other, v_at));
    END LOOP;
    RETURN v_made;
END
$$;

-- Take a proof: use up the nonce, count the try, find out whether it is right, and do not say so yet.
CREATE FUNCTION owd_inner.take_proof(p_me owd_data.replica, p_person uuid, p_proof bytea, p_key bytea)
RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_nonce bytea;
    v_stored bytea := (owd_inner.secret_of(p_me.street, p_person)).stored_key;
    v_outcome text := 'wrong';
BEGIN
    DELETE FROM owd_data.nonce n
    WHERE n.pid = pg_backend_pid() AND n.started = owd_inner.session_started()
        AND n.person_id = p_person AND n.replica = p_me.replica AND n.at > clock_timestamp() - interval '2 minutes'
    RETURNING n.nonce INTO v_nonce;
    IF v_nonce IS NULL THEN
        PERFORM owd_inner.refuse('OW403', 'prove_person');
    END IF;
    PERFORM owd_inner.charge_try(p_me.street, p_person);
    IF sha256(owd_inner.xor(p_proof, owd_crypto.hmac(
        v_nonce || uuid_send(p_person) || uuid_send(p_me.replica), v_stored, 'sha256'
    ))) = v_stored THEN
        v_outcome := 'right';
    END IF;
    PERFORM owd_inner.ask('prove_person', p_key, v_outcome);
    PERFORM owd_inner.note('prove_person', p_person::text, v_outcome);
    RETURN jsonb_build_object('asked', true);
END
$$;

-- The operations of this desk's attached history that this person signed with this key: proven now, or
-- shown not to be the person's. The caller holds replica and street.
CREATE FUNCTION owd_inner.prove_history(p_me owd_data.replica, p_person uuid, p_key_id text, p_key bytea)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
    v_one owd_data.operation;
    v_fits boolean;
BEGIN
    FOR v_one IN
        SELECT o.* FROM owd_data.replica r
        JOIN owd_data.operation o ON o.replica = r.replica AND o.seq <= r.attached_upto
        WHERE r.desk_id = p_me.desk_id AND o.author = p_person
            AND (owd_inner.read_head(o.head)).person_key = p_key_id
            AND NOT EXISTS (
                SELECT FROM owd_data.operation_proof f WHERE f.replica = o.replica AND f.seq = o.seq
            )
        ORDER BY o.replica, o.seq
    LOOP
        v_fits := owd_crypto.hmac(v_one.head, p_key, 'sha256') = v_one.person_mac;
        INSERT INTO owd_data.operation_proof (replica, seq, fits) VALUES (v_one.replica, v_one.seq, v_fits);
        CONTINUE WHEN v_fits;
        PERFORM owd_inner.append_feed(
            v_one.street, 'verdict', v_one.hash, 'quarantined', 'person_mac', v_one.op_id, v_one.case_id,
            (SELECT c.version FROM owd_data.case_ c WHERE c.street = v_one.street AND c.case_id = v_one.case_id),
            v_one.replica, v_one.seq, NULL
        );
        PERFORM owd_inner.note('prove_history', v_one.op_id::text, 'person_mac');
    END LOOP;
END
$$;

-- Keep the person's key of this replica, and look again at what waited for it.
CREATE FUNCTION owd_inner.keep_key(p_me owd_data.replica, p_person uuid, p_key_id text, p_key bytea) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM owd_data.replica r WHERE r.replica = p_me.replica FOR NO KEY UPDATE;
    PERFORM FROM owd_data.street s WHERE s.street = p_me.street FOR NO KEY UPDATE;
    INSERT INTO owd_data.person_key (replica, key_id, person_id, key)
    VALUES (p_me.replica, p_key_id, p_person, p_key) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        PERFORM owd_inner.note('person_key', p_person::text, p_key_id);
        PERFORM owd_inner.prove_history(p_me, p_person, p_key_id, p_key);
        PERFORM owd_inner.judge_again(p_me.street, 'person_key_unknown', p_key_id);
    ELSIF NOT EXISTS (
        SELECT FROM owd_data.person_key k
        WHERE k.replica = p_me.replica AND k.key_id = p_key_id AND k.person_id = p_person AND k.key = p_key
    ) THEN
        PERFORM owd_inner.refuse('OW403', 'person_key');
    END IF;
END
$$;

-- The person is present on this connection from now on, 12 hours at most; nobody else is any more.
CREATE FUNCTION owd_inner.arrive(p_me owd_data.replica, p_person owd_data.person) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_until timestamptz := clock_timestamp() + interval '12 hours';
    v_body jsonb := coalesce(convert_from(p_person.body, 'UTF8')::jsonb, '{}');
BEGIN
    UPDATE owd_data.person_try t SET tries = 0, locked_until = NULL
    WHERE t.street = p_me.street AND t.person_id = p_person.person_id;
    INSERT INTO owd_data.presence (pid, started, person_id, replica, until)
    VALUES (pg_backend_pid(), owd_inner.session_started(), p_person.person_id, p_me.replica, v_until)
    ON CONFLICT (pid) DO UPDATE SET
        started = excluded.started, person_id = excluded.person_id, replica = excluded.replica,
        until = excluded.until;
    RETURN jsonb_build_object(
        'person', jsonb_build_object(
            'person_id', p_person.person_id, 'roles', to_jsonb(p_person.roles), 'active', true,
            'login', coalesce(v_body ->> 'login', ''), 'name', coalesce(v_body ->> 'name', '')
        ),
        'roles', to_jsonb(p_person.roles), 'valid_until', v_until
    );
END
$$;

-- domain/access.Proven. Ask twice (82_audit): the first answer is {"asked": true}, whatever the proof.
-- `p_key_id` and `p_key` (32 bytes), or both null: the key this person signs with at this replica.
-- OW403: the proof is not right, the nonce is not ours or used up, the account is not in force;
-- OW429: locked after 5 wrong tries; OW422: malformed.
CREATE FUNCTION owd.prove_person(p_replica uuid, p_person uuid, p_proof bytea, p_key_id text, p_key bytea)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_me owd_data.replica := owd_inner.me(p_replica);
    v_key bytea;
    v_outcome text;
    v_person owd_data.person;
    v_answer jsonb;
BEGIN
    IF p_person IS NULL OR octet_length(p_proof) IS DISTINCT FROM 32
        OR (p_key_id IS NULL) <> (p_key IS NULL)
        OR octet_length(p_key) <> 32 OR p_key_id !~ '^[0-9a-f]{16,64}$' THEN
        PERFORM owd_inner.refuse('OW422', 'prove_person');
    END IF;
    v_key := sha256(
        uuid_send(p_replica) || uuid_send(p_person) || p_proof
        || coalesce(convert_to(p_key_id, 'UTF8') || decode('00', 'hex') || p_key, '')
    );
    v_outcome := owd_inner.answered('prove_person', v_key);
    IF v_outcome IS NULL THEN
        RETURN owd_inner.take_proof(v_me, p_person, p_proof, v_key);
    END IF;
    SELECT p.* INTO v_person FROM owd_data.person p
    WHERE p.person_id = p_person AND p.street = v_me.street AND owd_inner.in_force(p.active, p.until);
    IF v_outcome <> 'right' OR v_person.person_id IS NULL THEN
        PERFORM owd_inner.refuse('OW403', 'prove_person');
    END IF;
    IF p_key IS NULL THEN
        RETURN owd_inner.arrive(v_me, v_person);
    END IF;
    PERFORM FROM owd_data.replica r WHERE r.replica = p_replica FOR NO KEY UPDATE;
    PERFORM FROM owd_data.street s WHERE s.street = v_me.street FOR NO KEY UPDATE;
    -- Present first: what waited for the key may be a decision that asks for its author's presence.
    v_answer := owd_inner.arrive(v_me, v_person);
    PERFORM owd_inner.keep_key(v_me, p_person, p_key_id, p_key);
    RETURN v_answer;
END
$$;

-- Put a secret in place of what was there; whoever proved with the old one is present nowhere but here.
CREATE FUNCTION owd_inner.put_secret(
    p_person uuid, p_salt bytea, p_memory int, p_passes int, p_lanes int, p_stored_key bytea
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (octet_length(p_salt) BETWEEN 16 AND 64 AND p_memory BETWEEN 19456 AND 1048576
        AND p_passes BETWEEN 1 AND 16 AND p_lanes BETWEEN 1 AND 16
        AND octet_length(p_stored_key) = 32) IS NOT TRUE THEN
        PERFORM owd_inner.refuse('OW422', 'secret');
    END IF;
    INSERT INTO owd_data.person_secret (person_id, salt, memory_kib, passes, lanes, stored_key)
    VALUES (p_person, p_salt, p_memory, p_passes, p_lanes, p_stored_key)
    ON CONFLICT (person_id) DO UPDATE SET
        salt = excluded.salt, memory_kib = excluded.memory_kib, passes = excluded.passes,
        lanes = excluded.lanes, stored_key = excluded.stored_key;
    DELETE FROM owd_data.presence s
    WHERE s.person_id = p_person
        AND (s.pid, s.started) IS DISTINCT FROM (pg_backend_pid(), owd_inner.session_started());
END
$$;

-- A present person changes their own password; or one who came with this desk's attached history gets
-- their first secret at the central, which this desk is trusted to bring as it was with the history.
CREATE FUNCTION owd.new_secret(
    p_replica uuid, p_person uuid, p_salt bytea, p_memory int, p_passes int, p_lanes int, p_stored_key bytea
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_me owd_data.replica := owd_inner.me(p_replica);
BEGIN
    PERFORM FROM owd_data.replica r WHERE r.replica = p_replica FOR NO KEY UPDATE;
    IF owd_inner.present() IS DISTINCT FROM p_person AND NOT owd_inner.awaits_first_secret(v_me, p_person)
        OR p_person IS NULL THEN
        PERFORM owd_inner.refuse('OW403', 'new_secret');
    END IF;
    PERFORM owd_inner.put_secret(p_person, p_salt, p_memory, p_passes, p_lanes, p_stored_key);
    PERFORM owd_inner.note('new_secret', p_person::text, 'done');
END
$$;

-- Nobody is present on this connection any more.
CREATE FUNCTION owd.leave(p_replica uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_person uuid;
BEGIN
    PERFORM owd_inner.mine(p_replica);
    v_person := owd_inner.present();
    IF v_person IS NOT NULL THEN
        PERFORM owd_inner.note('leave', v_person::text, 'done');
    END IF;
    DELETE FROM owd_data.presence s WHERE s.pid = pg_backend_pid();
    DELETE FROM owd_data.nonce n WHERE n.pid = pg_backend_pid();
    DELETE FROM owd_data.asked a WHERE a.pid = pg_backend_pid();
END
$$;
