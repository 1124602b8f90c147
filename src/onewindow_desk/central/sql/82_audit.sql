-- The record of who did what, and the two ways in which nobody gets round it.
--
-- A transaction that is rolled back takes its record with it, and a caller may roll back whatever he
-- likes after he has read the answer. So where a try must be counted or a look recorded, the first call
-- only writes down what is asked (ask); the same call in a later transaction gets the answer (answered).
-- What is refused with an exception leaves a line in the server's own log, which is never rolled back.

CREATE FUNCTION owd_inner.only_recorded() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'events are only ever added' USING ERRCODE = '42501';
END
$$;
CREATE TRIGGER only_recorded BEFORE UPDATE OR DELETE OR TRUNCATE ON owd_data.event
    FOR EACH STATEMENT EXECUTE FUNCTION owd_inner.only_recorded();

-- One event: who (login and person present), when, what, on what, with which outcome. Nothing personal.
CREATE FUNCTION owd_inner.note(p_what text, p_subject text, p_outcome text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO owd_data.event (login, person_id, what, subject, outcome)
    VALUES (session_user, owd_inner.present(), p_what, p_subject, p_outcome);
END
$$;

-- Raise what a state means, in one fixed text, and leave a line in the server's log.
CREATE FUNCTION owd_inner.refuse(p_state text, p_what text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE LOG 'owd: % refused to % (%)', p_what, session_user, p_state;
    RAISE EXCEPTION '%', CASE p_state
        WHEN 'OW401' THEN 'this desk is not known'
        WHEN 'OW403' THEN 'not permitted'
        WHEN 'OW404' THEN 'nothing there'
        WHEN 'OW410' THEN 'this enrolment is over'
        WHEN 'OW422' THEN 'malformed argument'
        WHEN 'OW429' THEN 'too many tries, wait'
        ELSE 'refused'
    END USING ERRCODE = p_state;
END
$$;

-- Write down what this connection asks, and what the answer will be.
CREATE FUNCTION owd_inner.ask(p_what text, p_key bytea, p_outcome text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO owd_data.asked AS a (pid, started, what, key, outcome)
    VALUES (pg_backend_pid(), owd_inner.session_started(), p_what, p_key, p_outcome)
    ON CONFLICT (pid, what) DO UPDATE SET
        started = excluded.started, key = excluded.key, outcome = excluded.outcome,
        at = clock_timestamp(), xid = pg_current_xact_id();
END
$$;

-- The answer to what this connection asked in an earlier transaction, at most two minutes ago, once;
-- null when it did not. A row of another transaction is only seen once that has committed.
CREATE FUNCTION owd_inner.answered(p_what text, p_key bytea) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_outcome text;
BEGIN
    DELETE FROM owd_data.asked a
    WHERE a.pid = pg_backend_pid() AND a.started = owd_inner.session_started()
        AND a.what = p_what AND a.key = p_key AND a.xid <> pg_current_xact_id()
        AND a.at > clock_timestamp() - interval '2 minutes'
    RETURNING a.outcome INTO v_outcome;
    RETURN v_outcome;
END
$$;
