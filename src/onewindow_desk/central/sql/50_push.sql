-- Receiving what desks send: every operation is stored, in order, with a verdict; the outbox of a desk
-- always empties, and nothing is ever dropped.

CREATE TYPE owd_inner.taken AS (upto int, not_applied jsonb);

-- One push, one statement, one transaction.
CREATE FUNCTION owd.push(
    p_replica uuid, p_first bigint, p_heads bytea, p_payloads bytea[], p_signatures bytea, p_macs bytea,
    p_last bytea
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_me owd_data.replica;
    v_texts text[];
    v_heads bytea[];
    v_hashes bytea[];
    v_acts owd_inner.act[];
    v_count int := coalesce(cardinality(p_payloads), 0);
    v_known int;
    v_from int;
    v_end int;
    v_to int;
    v_size int;
    v_before bytea;
    v_taken owd_inner.taken;
    v_not_applied jsonb := '[]';
BEGIN
    v_me := owd_inner.mine_locked(p_replica);
    IF v_me.closed_at IS NOT NULL THEN
        RETURN owd_inner.push_answer('closed', v_me, v_not_applied);
    END IF;
    PERFORM owd_inner.check_push(v_count, p_first, p_heads, p_payloads, p_signatures, p_macs, p_last);
    IF p_first > v_me.last_seq + 1 THEN
        RETURN owd_inner.push_answer('gap', v_me, v_not_applied);
    END IF;
    v_texts := owd_inner.unpack_heads(p_heads, v_count);
    v_heads := owd_inner.head_bytes(p_heads, v_texts);
    IF cardinality(v_heads) IS DISTINCT FROM v_count THEN
        RETURN owd_inner.push_answer('unreadable', v_me, v_not_applied);
    END IF;
    v_before := owd_inner.hash_at(p_replica, p_first - 1);
    v_hashes := owd_inner.link_hashes(p_replica, p_first, v_before, v_heads);
    v_known := least(v_me.last_seq - p_first + 1, v_count);
    IF v_hashes[v_count] <> p_last
        OR v_known > 0 AND v_hashes[v_known] IS DISTINCT FROM owd_inner.hash_at(p_replica, p_first + v_known - 1)
        -- An attached history is the one that was told when the desk joined.
        OR v_me.attached_upto BETWEEN p_first AND p_first + v_count - 1
            AND v_hashes[v_me.attached_upto - p_first + 1] IS DISTINCT FROM v_me.attached_hash
    THEN
        RETURN owd_inner.push_answer('fork', v_me, v_not_applied);
    END IF;
    v_from := v_known + 1;
    v_end := v_count;
    IF v_from <= v_end THEN
        v_acts := owd_inner.read_all(v_texts, v_heads, v_from);
        v_end := cardinality(v_acts);
        v_size := v_end;
        PERFORM FROM owd_data.street s WHERE s.street = v_me.street FOR NO KEY UPDATE;
        WHILE v_from <= v_end LOOP
            v_to := least(v_end, v_from + v_size - 1);
            v_taken := owd_inner.take(
                v_me, p_first + v_from - 1, CASE WHEN v_from = 1 THEN v_before ELSE v_hashes[v_from - 1] END,
                v_hashes[v_from:v_to], v_acts[v_from:v_to], v_heads[v_from:v_to], p_payloads[v_from:v_to],
                substr(p_signatures, 64 * v_from - 63, 64 * (v_to - v_from + 1)),
                substr(p_macs, 32 * v_from - 31, 32 * (v_to - v_from + 1))
            );
            v_not_applied := v_not_applied || v_taken.not_applied;
            v_from := v_from + v_taken.upto;
            -- Where much is cut, little is prepared in vain.
            v_size := greatest(16, 2 * v_taken.upto);
        END LOOP;
        UPDATE owd_data.replica SET last_seq = p_first + v_end - 1, last_hash = v_hashes[v_end]
        WHERE replica = p_replica
        RETURNING * INTO v_me;
        PERFORM owd_inner.ring(v_me.street);
    END IF;
    RETURN owd_inner.push_answer('ok', v_me, v_not_applied);
END
$$;

-- The caller's replica, closed or not, held until the transaction ends. Revoking a desk closes its
-- replicas, so a push either ends before that or sees it.
CREATE FUNCTION owd_inner.mine_locked(p_replica uuid) RETURNS owd_data.replica LANGUAGE plpgsql AS $$
BEGIN
    PERFORM owd_inner.mine(p_replica);
    PERFORM FROM owd_data.replica r WHERE r.replica = p_replica FOR NO KEY UPDATE;
    RETURN owd_inner.mine(p_replica);
END
$$;

CREATE FUNCTION owd_inner.push_answer(p_status text, p_me owd_data.replica, p_not_applied jsonb)
RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    RETURN jsonb_build_object(
        'status', p_status,
        'last_seq', p_me.last_seq,
        'head', (SELECT s.head FROM owd_data.street s WHERE s.street = p_me.street),
        'verdicts', p_not_applied
    );
END
$$;

CREATE FUNCTION owd_inner.check_push(
    p_count int, p_first bigint, p_heads bytea, p_payloads bytea[], p_signatures bytea, p_macs bytea, p_last bytea
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF (
        p_count BETWEEN 1 AND 2000 AND array_ndims(p_payloads) = 1 AND array_lower(p_payloads, 1) = 1
        AND p_first BETWEEN 1 AND 1000000000000 AND octet_length(p_heads) BETWEEN 2 AND 4194304
        AND octet_length(p_signatures) = 64 * p_count AND octet_length(p_macs) = 32 * p_count
        AND octet_length(p_last) = 32
    ) IS NOT TRUE THEN
        RAISE EXCEPTION 'this push is not well formed' USING ERRCODE = 'OW422';
    END IF;
END
$$;

-- The heads as text: null when they cannot be taken apart, or for one sent raw.
CREATE FUNCTION owd_inner.unpack_heads(p_heads bytea, p_count int) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    v_texts text[];
BEGIN
    IF get_byte(p_heads, 0) <> ascii('P') THEN
        RETURN NULL;
    END IF;
    v_texts := string_to_array(
        convert_from(owd_crypto.pgp_sym_decrypt_bytea(substr(p_heads, 2), 'onewindow'), 'UTF8'), chr(10)
    );
    RETURN CASE WHEN cardinality(v_texts) = p_count THEN v_texts END;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END
$$;

CREATE FUNCTION owd_inner.head_bytes(p_heads bytea, p_texts text[]) RETURNS bytea[] LANGUAGE plpgsql AS $$
BEGIN
    IF p_texts IS NOT NULL THEN
        RETURN (
            SELECT array_agg(convert_to(t.head, 'UTF8')) FROM unnest(p_texts) t(head)
        );
    ELSIF get_byte(p_heads, 0) = ascii('R') THEN
        RETURN ARRAY[substr(p_heads, 2)];
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION owd_inner.hash_at(p_replica uuid, p_seq bigint) RETURNS bytea LANGUAGE plpgsql AS $$
BEGIN
    IF p_seq = 0 THEN
        RETURN decode(repeat('00', 32), 'hex');
    END IF;
    RETURN (SELECT o.hash FROM owd_data.operation o WHERE o.replica = p_replica AND o.seq = p_seq);
END
$$;

-- domain/operation.link_hash along the chain.
CREATE FUNCTION owd_inner.link_hashes(p_replica uuid, p_first bigint, p_before bytea, p_heads bytea[])
RETURNS bytea[] LANGUAGE plpgsql AS $$
DECLARE
    v_start bytea := decode('6f6e6577696e646f77206c696e6b20310a', 'hex') || uuid_send(p_replica);
    v_hash bytea := p_before;
    v_hashes bytea[] := array_fill(p_before, ARRAY[cardinality(p_heads)]);
BEGIN
    FOR i IN 1 .. cardinality(p_heads) LOOP
        v_hash := sha256(v_start || int8send(p_first + i - 1) || v_hash || sha256(p_heads[i]));
        v_hashes[i] := v_hash;
    END LOOP;
    RETURN v_hashes;
END
$$;

-- The heads as read; when one of them cannot be, then one by one and no more than 64 from `p_from` on.
-- Nothing is written in here, so breaking off costs no transaction number.
CREATE FUNCTION owd_inner.read_all(p_texts text[], p_heads bytea[], p_from int) RETURNS owd_inner.act[]
LANGUAGE plpgsql AS $$
DECLARE
    v_one bytea;
    v_acts owd_inner.act[] := ARRAY[]::owd_inner.act[];
BEGIN
    IF p_texts IS NOT NULL THEN
        BEGIN
            RETURN owd_inner.read_heads(p_texts);
        EXCEPTION WHEN OTHERS THEN
            NULL;
        END;
    END IF;
    FOREACH v_one IN ARRAY p_heads[:p_from + 63] LOOP
        v_acts := v_acts || owd_inner.read_head(v_one);
    END LOOP;
    RETURN v_acts;
END
$$;

-- A hint that there is something new; it says nothing else. A street may do without.
CREATE FUNCTION owd_inner.ring(p_street text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT s.settings -> 'notify' IS DISTINCT FROM 'false'::jsonb FROM owd_data.street s WHERE s.street = p_street)
    THEN
        PERFORM pg_notify('owd_' || p_street, '');
    END IF;
END
$$;
