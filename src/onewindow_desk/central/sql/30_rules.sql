-- Reading the plain facts of an envelope as domain/facts.py reads them, without ever raising.
-- No literal here holds a backslash: a session may change what that means.

-- Whether a fact is there and says something (not false, 0, empty).
CREATE FUNCTION owd_inner.given(p_fact jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT p_fact IS NOT NULL AND p_fact <> ALL (
        ARRAY['null'::jsonb, 'false'::jsonb, '0'::jsonb, '""'::jsonb, '[]'::jsonb, '{}'::jsonb]
    )
$$;

CREATE FUNCTION owd_inner.is_uuid(p_text text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(p_text ~ '^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$', false)
$$;

-- A whole number that fits a bigint.
CREATE FUNCTION owd_inner.is_whole(p_fact jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(
        jsonb_typeof(p_fact) = 'number' AND length(p_fact #>> '{}') <= 18 AND strpos(p_fact #>> '{}', '.') = 0, false
    )
$$;

-- A day (YYYY-MM-DD) that the calendar has; null for anything else.
CREATE FUNCTION owd_inner.day(p_text text) RETURNS date LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    v_first date;
BEGIN
    IF p_text IS NULL OR p_text !~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
        OR left(p_text, 4) = '0000'
    THEN
        RETURN NULL;
    END IF;
    v_first := make_date(left(p_text, 4)::int, substr(p_text, 6, 2)::int, 1);
    IF extract(month FROM v_first + (right(p_text, 2)::int - 1)) <> extract(month FROM v_first) THEN
        RETURN NULL;
    END IF;
    RETURN v_first + (right(p_text, 2)::int - 1);
END
$$;

-- A moment (RFC 3339); one without an offset counts as UTC; null for anything else.
CREATE FUNCTION owd_inner.moment(p_text text) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    v_parts text[];
    v_at timestamp;
BEGIN
    -- What our own desks write, read the short way.
    IF translate(p_text, '123456789', '000000000') IN (
        '0000-00-00T00:00:00Z', '0000-00-00T00:00:00.000000Z', '0000-00-00T00:00:00+00:00',
        '0000-00-00T00:00:00.000000+00:00', '0000-00-00T00:00:00+08:00', '0000-00-00T00:00:00.000000+08:00'
    ) AND substr(p_text, 9, 2) < '29' AND substr(p_text, 12, 2) < '24' AND substr(p_text, 18, 2) < '60'
        AND substr(p_text, 1, 2) = '20' AND substr(p_text, 9, 2) > '00'
        AND substr(p_text, 6, 2) BETWEEN '01' AND '12' AND substr(p_text, 15, 2) < '60'
    THEN
        RETURN p_text::timestamptz;
    END IF;
    v_parts := regexp_match(p_text, '^([0-9-]{10})[Tt ](([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])([.][0-9]{1,18})?'
        '([Zz]|([+-])([01][0-9]|2[0-3]):?([0-5][0-9]))?$');
    IF v_parts IS NULL OR owd_inner.day(v_parts[1]) IS NULL THEN
        RETURN NULL;
    END IF;
    v_at := owd_inner.day(v_parts[1]) + (v_parts[2] || coalesce(v_parts[4], ''))::time;
    IF v_parts[6] IS NOT NULL THEN
        v_at := v_at - (v_parts[6] || '1')::int
            * make_interval(hours => v_parts[7]::int, mins => v_parts[8]::int);
    END IF;
    RETURN v_at AT TIME ZONE 'UTC';
END
$$;

-- Whether a fact that is there can be read in the shape that the rules read it in: text, number,
-- number_or_none, texts, day, moment, uuid, or one of '|a|b|c|'.
CREATE FUNCTION owd_inner.fits(p_fact jsonb, p_shape text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    v_text text := p_fact #>> '{}';
    v_is_text boolean := jsonb_typeof(p_fact) = 'string';
BEGIN
    CASE p_shape
        WHEN 'text' THEN RETURN v_is_text;
        WHEN 'number' THEN RETURN owd_inner.is_whole(p_fact);
        WHEN 'number_or_none' THEN RETURN jsonb_typeof(p_fact) = 'null' OR owd_inner.is_whole(p_fact);
        WHEN 'texts' THEN
            RETURN jsonb_typeof(p_fact) = 'array'
                AND NOT jsonb_path_exists(p_fact, 'strict $[*] ? (@.type() != "string")');
        ELSE
            IF NOT owd_inner.given(p_fact) THEN
                RETURN true;
            END IF;
    END CASE;
    IF NOT v_is_text THEN
        RETURN false;
    END IF;
    CASE p_shape
        WHEN 'day' THEN RETURN owd_inner.day(v_text) IS NOT NULL;
        WHEN 'moment' THEN RETURN owd_inner.moment(v_text) IS NOT NULL;
        WHEN 'uuid' THEN RETURN owd_inner.is_uuid(v_text);
        ELSE RETURN strpos(v_text, '|') = 0 AND strpos(p_shape, '|' || v_text || '|') > 0;
    END CASE;
END
$$;

CREATE FUNCTION owd_inner.texts(p_fact jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN jsonb_typeof(p_fact) = 'array'
        THEN ARRAY(SELECT jsonb_array_elements_text(p_fact)) ELSE ARRAY[]::text[] END
$$;

-- The day in Shanghai of a moment; no summer time there since 1991.
CREATE FUNCTION owd_inner.local_day(p_at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT ((p_at AT TIME ZONE 'UTC') + interval '8 hours')::date
$$;

-- A head as it was read. `sound`: it has every part, each in its shape; else only the names that
-- could be made out are there.
CREATE TYPE owd_inner.act AS (
    sound boolean, op_id uuid, case_id uuid, kind text, author uuid, at text, base bigint, envelope jsonb,
    payload_sha256 text, payload_size bigint, person_key text
);

CREATE TYPE owd_inner.head AS (
    at text, author uuid, base bigint, case_id uuid, envelope json, kind text, op_id uuid, payload_sha256 text,
    payload_size bigint, person_key text
);

CREATE FUNCTION owd_inner.raise_unsound() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a head is not as our desks write it' USING ERRCODE = 'OW422';
END
$$;

-- All heads of a push at once. What was read must give the very same text again: so every part is there,
-- in its shape, and nothing else. Raises when one is otherwise; `read_head` then looks with more patience.
CREATE FUNCTION owd_inner.read_heads(p_heads text[]) RETURNS owd_inner.act[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(
        ROW(
            true, (h).op_id, (h).case_id, (h).kind, (h).author, (h).at, (h).base, (h).envelope::jsonb,
            (h).payload_sha256, (h).payload_size, (h).person_key
        )::owd_inner.act
    ) FILTER (
        WHERE (
            text = concat(
                '{"alg":{"desk":"ed25519","hash":"sha-256","payload":"zstd-1","person":"hmac-sha-256"},"at":"',
                (h).at, '","author":"', (h).author, '","base":', coalesce((h).base::text, 'null'), ',"case_id":',
                coalesce('"' || (h).case_id || '"', 'null'), ',"envelope":', (h).envelope, ',"kind":"', (h).kind,
                '","op_id":"', (h).op_id, '","payload_sha256":"', (h).payload_sha256, '","payload_size":',
                (h).payload_size, ',"person_key":"', (h).person_key, '","schema":1,"v":1}'
            )
            AND left((h).envelope::text, 1) = '{'
            -- A moment in a month's first 28 days is plain to see.
            AND ((h).at ~ '^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}([.][0-9]{1,9})?Z$'
                OR owd_inner.moment((h).at) IS NOT NULL)
        ) IS TRUE OR owd_inner.raise_unsound()
    )
    FROM (
        SELECT t.text, json_populate_record(NULL::owd_inner.head, t.text::json) AS h
        FROM unnest(p_heads) t(text)
        OFFSET 0
    ) read
$$;

-- One head, whatever it is.
CREATE FUNCTION owd_inner.read_head(p_head bytea) RETURNS owd_inner.act LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_act owd_inner.act;
    j jsonb;
BEGIN
    v_act.sound := false;
    j := convert_from(p_head, 'UTF8')::jsonb;
    v_act.op_id := CASE WHEN owd_inner.is_uuid(j ->> 'op_id') THEN (j ->> 'op_id')::uuid END;
    v_act.case_id := CASE WHEN owd_inner.is_uuid(j ->> 'case_id') THEN (j ->> 'case_id')::uuid END;
    v_act.author := CASE WHEN owd_inner.is_uuid(j ->> 'author') THEN (j ->> 'author')::uuid END;
    v_act.kind := j ->> 'kind';
    v_act.at := j ->> 'at';
    v_act.base := CASE WHEN owd_inner.is_whole(j -> 'base') THEN (j ->> 'base')::bigint END;
    v_act.envelope := j -> 'envelope';
    v_act.payload_sha256 := j ->> 'payload_sha256';
    v_act.payload_size := CASE WHEN owd_inner.is_whole(j -> 'payload_size') THEN (j ->> 'payload_size')::bigint END;
    v_act.person_key := j ->> 'person_key';
    v_act.sound := (
        j ->> 'v' = '1' AND v_act.op_id IS NOT NULL AND v_act.author IS NOT NULL
        AND (j -> 'case_id' = 'null' OR v_act.case_id IS NOT NULL)
        AND jsonb_typeof(j -> 'kind') = 'string' AND owd_inner.is_whole(j -> 'schema')
        AND jsonb_typeof(j -> 'at') = 'string' AND owd_inner.moment(v_act.at) IS NOT NULL
        AND (j -> 'base' = 'null' OR v_act.base IS NOT NULL)
        AND jsonb_typeof(j -> 'envelope') = 'object'
        AND jsonb_typeof(j -> 'payload_sha256') = 'string' AND v_act.payload_size IS NOT NULL
        AND jsonb_typeof(j -> 'alg') = 'object'
        AND NOT jsonb_path_exists(j -> 'alg', '$.* ? (@.type() != "string")')
        AND jsonb_typeof(j -> 'person_key') = 'string'
    ) IS TRUE;
    RETURN v_act;
EXCEPTION WHEN OTHERS THEN
    v_act.sound := false;
    RETURN v_act;
END
$$;
