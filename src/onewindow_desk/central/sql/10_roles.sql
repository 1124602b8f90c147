-- Roles belong to the whole cluster, so they may be there already; schemas belong to this database.
-- Who may do what: owd_owner owns the tables, owd_api the functions that desks call and never a table,
-- owd_useradm the functions that make and revoke logins. Nobody signs in as any of these three.
DO $$
DECLARE
    v_role text;
BEGIN
    FOREACH v_role IN ARRAY ARRAY[
        'owd_owner', 'owd_api', 'owd_desk', 'owd_sysadmin', 'owd_secadmin', 'owd_auditor'
    ] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', v_role);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of this cluster has a central too
        END;
    END LOOP;
    BEGIN
        CREATE ROLE owd_useradm NOLOGIN NOINHERIT CREATEROLE;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
    BEGIN
        -- The password is `onewindow`, as every desk knows before it has one of its own; only a ticket
        -- gets further.
        CREATE ROLE owd_enrol LOGIN NOINHERIT CONNECTION LIMIT 20 PASSWORD
            'SCRAM-SHA-256$4096:UinwmsVYVDjBi5hS5ql1Jw==$cDdaErQYZ94T/unZSiUey3A0DcJ8YR0zH8ilEHwR2LY=:UbDfm7GmhtRt/qE4FFvbbtdzOEMCywYZB8li4v+gIv0=';
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
END
$$;

CREATE SCHEMA IF NOT EXISTS owd_data;    -- tables
CREATE SCHEMA IF NOT EXISTS owd;         -- what desks call
CREATE SCHEMA IF NOT EXISTS owd_admin;   -- what administrators call
CREATE SCHEMA IF NOT EXISTS owd_inner;   -- what only these functions call
CREATE SCHEMA IF NOT EXISTS owd_crypto;  -- pgcrypto, called by nobody outside
CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA owd_crypto;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON SCHEMA owd_data, owd, owd_admin, owd_inner, owd_crypto FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA owd_crypto FROM PUBLIC;
GRANT USAGE ON SCHEMA owd_data, owd_inner, owd_crypto TO owd_api, owd_useradm;
GRANT USAGE ON SCHEMA owd_data TO owd_owner;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA owd_crypto TO owd_api;
GRANT USAGE ON SCHEMA owd TO owd_desk, owd_enrol, owd_api;
GRANT USAGE ON SCHEMA owd_admin TO owd_sysadmin, owd_secadmin, owd_auditor, owd_api, owd_useradm;

-- Everything made from here on is nobody's until 95_grants says whose.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
