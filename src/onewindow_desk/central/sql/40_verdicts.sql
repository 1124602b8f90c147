-- Looks again at what waits for `p_reason` (and `p_key`); '' for every key.
CREATE FUNCTION owd_inner.judge_again(p_street text, p_reason text, p_key text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RETURN;
END
$$;

CREATE FUNCTION owd_inner.look_again_at_all() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RETURN;
END
$$;
