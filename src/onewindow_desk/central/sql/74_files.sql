-- Files by the SHA-256 of their plain bytes, in chunks, once per street: whether another street has a
-- paper is nobody's business, so the question is only ever asked of one's own street.

-- OW422 unless address, size (1 byte to 50 MB) and chunk (64 KiB to 1 MiB) are what they must be.
CREATE FUNCTION owd_inner.check_file(p_sha256 bytea, p_size bigint, p_chunk int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (octet_length(p_sha256) = 32 AND p_size BETWEEN 1 AND 52428800
        AND p_chunk BETWEEN 65536 AND 1048576) IS NOT TRUE THEN
        PERFORM owd_inner.refuse('OW422', 'file');
    END IF;
END
$$;

-- The file as this street knows it, locked; a row of nulls when it does not.
CREATE FUNCTION owd_inner.file_of(p_street text, p_sha256 bytea) RETURNS owd_data.file
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_file owd_data.file;
BEGIN
    SELECT f.* INTO v_file FROM owd_data.file f
    WHERE f.street = p_street AND f.sha256 = p_sha256 FOR NO KEY UPDATE;
    RETURN v_file;
END
$$;

-- Which chunks are wanted of a file, counted from 0; none when the street has it in full. Who says
-- another size or chunk than the one before begins the file anew: one of the two was mistaken.
CREATE FUNCTION owd.blob_missing(p_replica uuid, p_sha256 bytea, p_size bigint, p_chunk int) RETURNS int[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
    v_me owd_data.replica := owd_inner.me(p_replica);
    v_file owd_data.file;
BEGIN
    PERFORM owd_inner.check_file(p_sha256, p_size, p_chunk);
    INSERT INTO owd_data.file (street, sha256, size, chunk)
    VALUES (v_me.street, p_sha256, p_size, p_chunk) ON CONFLICT DO NOTHING;
    v_file := owd_inner.file_of(v_me.street, p_sha256);
    IF v_file.complete_at IS NOT NULL THEN
        RETURN '{}';
    END IF;
    IF (v_file.size, v_file.chunk) <> (p_size, p_chunk) THEN
        DELETE FROM owd_data.file_chunk c WHERE c.street = v_me.street AND c.sha256 = p_sha256;
        UPDATE owd_data.file f SET size = p_size, chunk = p_chunk
        WHERE f.street = v_me.street AND f.sha256 = p_sha256;
    END IF;
    RETURN ARRAY(
        SELECT n FROM generate_series(0, ((p_size - 1) / p_chunk)::int) n
        WHERE NOT EXISTS (
            SELECT FROM owd_data.file_chunk c WHERE c.street = v_me.street AND c.sha256 = p_sha256 AND c.n = n.n
        ) ORDER BY n
    );
END
$$;

-- All chunks are there: take the file when it is what its address says, else ask for all of it again.
CREATE FUNCTION owd_inner.finish_file(p_file owd_data.file, p_replica uuid) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
    v_found bytea;
BEGIN
    SELECT sha256(string_agg(c.data, ''::bytea ORDER BY c.n)) INTO v_found
    FROM owd_data.file_chunk c WHERE c.street = p_file.street AND c.sha256 = p_file.sha256;
    IF v_found <> p_file.sha256 THEN
        DELETE FROM owd_data.file_chunk c WHERE c.street = p_file.street AND c.sha256 = p_file.sha256;
        PERFORM owd_inner.note('file', encode(p_file.sha256, 'hex'), 'damaged');
        RETURN 'damaged';
    END IF;
    PERFORM FROM owd_data.street s WHERE s.street = p_file.street FOR NO KEY UPDATE;
    UPDATE owd_data.file f SET complete_at = clock_timestamp()
    WHERE f.street = p_file.street AND f.sha256 = p_file.sha256;
    PERFORM owd_inner.append_feed(
        p_file.street, 'file', p_file.sha256, '', '', NULL, NULL, NULL, p_replica, NULL, NULL
    );
    RETURN 'complete';
END
$$;

-- One chunk with its own SHA-256: 'more', 'complete', or 'damaged' (this chunk, or the whole file: its
-- chunks are dropped and blob_missing names them again). OW404 when nobody announced the file.
CREATE FUNCTION owd.blob_put(p_replica uuid, p_sha256 bytea, p_n int, p_data bytea, p_digest bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
    v_me owd_data.replica := owd_inner.me(p_replica);
    v_file owd_data.file := owd_inner.file_of(v_me.street, p_sha256);
    v_last int := ((v_file.size - 1) / v_file.chunk)::int;
    v_there int;
BEGIN
    IF v_file.street IS NULL THEN
        PERFORM owd_inner.refuse('OW404', 'file');
    ELSIF (p_n BETWEEN 0 AND v_last) IS NOT TRUE OR p_data IS NULL THEN
        PERFORM owd_inner.refuse('OW422', 'file');
    ELSIF v_file.complete_at IS NOT NULL THEN
        RETURN 'complete';
    ELSIF (
        sha256(p_data) = p_digest
        AND octet_length(p_data) = least(v_file.chunk, v_file.size - p_n::bigint * v_file.chunk)
    ) IS NOT TRUE THEN
        RETURN 'damaged';
    END IF;
    INSERT INTO owd_data.file_chunk (street, sha256, n, data)
    VALUES (v_me.street, p_sha256, p_n, p_data) ON CONFLICT DO NOTHING;
    SELECT count(*) INTO v_there FROM owd_data.file_chunk c
    WHERE c.street = v_me.street AND c.sha256 = p_sha256;
    RETURN CASE WHEN v_there <= v_last THEN 'more' ELSE owd_inner.finish_file(v_file, p_replica) END;
END
$$;

-- One chunk of a file that the street has in full. (0, 0, null) when it has not, and the same for a desk
-- that has no part in cases (may_read_cases); OW422 for a number outside the file.
CREATE FUNCTION owd.blob_get(p_replica uuid, p_sha256 bytea, p_n int)
RETURNS TABLE (size bigint, chunk int, data bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    v_me owd_data.replica := owd_inner.me(p_replica);
    v_file owd_data.file;
BEGIN
    SELECT f.* INTO v_file FROM owd_data.file f
    WHERE f.street = v_me.street AND f.sha256 = p_sha256 AND f.complete_at IS NOT NULL
        AND owd_inner.may_read_cases((SELECT d.scope FROM owd_data.desk d WHERE d.desk_id = v_me.desk_id));
    IF NOT FOUND THEN
        RETURN QUERY SELECT 0::bigint, 0, NULL::bytea;
        RETURN;
    ELSIF (p_n BETWEEN 0 AND (v_file.size - 1) / v_file.chunk) IS NOT TRUE THEN
        PERFORM owd_inner.refuse('OW422', 'file');
    END IF;
    RETURN QUERY SELECT v_file.size, v_file.chunk, c.data FROM owd_data.file_chunk c
    WHERE c.street = v_me.street AND c.sha256 = p_sha256 AND c.n = p_n;
END
$$;
