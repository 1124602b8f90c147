-- Who owns and who may call what was made by the files before. Objects that a file gave to somebody
-- itself (the functions of owd_useradm) keep their owner.
DO $$
DECLARE
    v_one record;
BEGIN
    FOR v_one IN
        SELECT c.oid::regclass AS name FROM pg_class c
        WHERE c.relnamespace = 'owd_data'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relforcerowsecurity
    LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO owd_owner', v_one.name);
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', v_one.name);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', v_one.name);
        EXECUTE format('CREATE POLICY functions ON %s TO owd_api USING (true) WITH CHECK (true)', v_one.name);
    END LOOP;
    FOR v_one IN
        SELECT p.oid::regprocedure AS name, p.pronamespace::regnamespace::text AS place FROM pg_proc p
        WHERE p.pronamespace::regnamespace::text IN ('owd', 'owd_inner', 'owd_admin')
            AND p.proowner = current_user::regrole
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_one.name);
        EXECUTE format('ALTER FUNCTION %s OWNER TO owd_api', v_one.name);
    END LOOP;
END
$$;

-- What the functions need, and no more. FOR NO KEY UPDATE asks for the right to change some column.
GRANT SELECT ON owd_data.central, owd_data.street, owd_data.desk, owd_data.replica, owd_data.series_lease,
    owd_data.operation, owd_data.feed, owd_data.waiting, owd_data.case_, owd_data.rule, owd_data.separation TO owd_api;
GRANT INSERT ON owd_data.street, owd_data.desk, owd_data.replica, owd_data.series_lease,
    owd_data.operation, owd_data.feed, owd_data.waiting, owd_data.case_ TO owd_api;
GRANT UPDATE (name, settings, head, chain) ON owd_data.street TO owd_api;
GRANT UPDATE (revoked_at, label, scope) ON owd_data.desk TO owd_api;
GRANT UPDATE (last_seq, last_hash, closed_at, attached_upto, heard_at) ON owd_data.replica TO owd_api;
GRANT UPDATE (verdict, reason, key) ON owd_data.waiting TO owd_api;
GRANT UPDATE (durable_before) ON owd_data.central TO owd_api;
GRANT UPDATE ON owd_data.case_ TO owd_api;
GRANT DELETE ON owd_data.waiting TO owd_api;

-- The whole database: nothing for those who are not named.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format(
        'GRANT CONNECT ON DATABASE %I TO owd_desk, owd_enrol, owd_sysadmin, owd_secadmin, owd_auditor',
        current_database()
    );
END
$$;
REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC;
DO $$
DECLARE
    v_name regprocedure;
BEGIN
    -- Ways to wait, to lock others out, to shout, and to write large objects.
    FOR v_name IN
        SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = 'pg_catalog'::regnamespace
            AND (p.proname ~ '^(lo_|pg_advisory_|pg_try_advisory_|pg_sleep)'
                OR p.proname IN ('loread', 'lowrite', 'pg_notify', 'pg_logical_emit_message')
                OR p.proname ~ '_to_xml')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', v_name);
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION pg_notify(text, text) TO owd_api;

-- Desks call everything in owd but enrol, and enrol alone is what the enrolment login may call.
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA owd TO owd_desk;
DO $$
DECLARE
    v_name regprocedure;
BEGIN
    FOR v_name IN
        SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'owd'::regnamespace AND p.proname = 'enrol'
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM owd_desk', v_name);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO owd_enrol', v_name);
    END LOOP;
END
$$;
