-- Looking again at what was not settled. The caller holds the street's row lock.

-- Looks once more at one stored operation; a change of mind becomes a row of the feed. Answers whether
-- the case moved.
CREATE FUNCTION owd_inner.look_again(p_waiting owd_data.waiting) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_operation owd_data.operation;
    v_me owd_data.replica;
    v_act owd_inner.act;
    v_rule owd_data.rule;
    v_case owd_data.case_;
    v_judged owd_inner.judged;
BEGIN
    SELECT o.* INTO STRICT v_operation FROM owd_data.operation o
    WHERE o.replica = p_waiting.replica AND o.seq = p_waiting.seq;
    SELECT r.* INTO STRICT v_me FROM owd_data.replica r WHERE r.replica = p_waiting.replica;
    v_act := owd_inner.read_head(v_operation.head);
    SELECT r.* INTO v_rule FROM owd_data.rule r WHERE r.kind = v_act.kind;
    SELECT c.* INTO v_case FROM owd_data.case_ c WHERE c.case_id = v_act.case_id AND c.street IS NOT DISTINCT FROM v_me.street;
    v_judged := owd_inner.judge_stored(p_waiting, v_operation, v_me, v_act, v_rule, v_case);
    IF v_judged.verdict = p_waiting.verdict AND v_judged.reason = p_waiting.reason THEN
        RETURN false;
    END IF;
    IF v_judged.verdict IN ('parked', 'quarantined') THEN
        UPDATE owd_data.waiting SET verdict = v_judged.verdict, reason = v_judged.reason,
            key = owd_inner.waits_for(v_judged.reason, v_act)
        WHERE replica = p_waiting.replica AND seq = p_waiting.seq;
    ELSE
        DELETE FROM owd_data.waiting w WHERE w.replica = p_waiting.replica AND w.seq = p_waiting.seq;
    END IF;
    IF v_judged.verdict = 'applied' AND v_act.case_id IS NOT NULL THEN
        PERFORM owd_inner.keep_cases(ARRAY[v_judged.after], ARRAY[true]);
    END IF;
    PERFORM owd_inner.append_feed(
        v_me.street, 'verdict', v_operation.hash, v_judged.verdict, v_judged.reason, v_act.op_id, v_act.case_id,
        CASE WHEN v_judged.verdict = 'applied' THEN (v_judged.after).version ELSE v_case.version END,
        p_waiting.replica, p_waiting.seq, NULL
    );
    IF v_judged.verdict = 'applied' AND v_act.case_id IS NULL THEN
        CASE owd_inner.brings(v_act)
            WHEN 'person' THEN PERFORM owd_inner.bring_person(v_me, v_act);
            WHEN 'settle' THEN PERFORM owd_inner.settle(v_me.street, v_act);
            ELSE NULL;
        END CASE;
    END IF;
    RETURN v_judged.verdict = 'applied' AND v_case.version IS DISTINCT FROM (v_judged.after).version;
END
$$;

CREATE FUNCTION owd_inner.waits_for(p_reason text, p_act owd_inner.act) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN coalesce(
        CASE p_reason WHEN 'person_key_unknown' THEN p_act.person_key WHEN 'kind_unknown' THEN p_act.kind
            ELSE p_act.case_id::text END, ''
    );
END
$$;

-- The verdict on a stored operation as of now: the same questions in the same order as in `take`.
CREATE FUNCTION owd_inner.judge_stored(
    p_waiting owd_data.waiting, p_operation owd_data.operation, p_me owd_data.replica, p_act owd_inner.act,
    p_rule owd_data.rule, p_case owd_data.case_
) RETURNS owd_inner.judged LANGUAGE plpgsql AS $$
DECLARE
    v_judged owd_inner.judged;
    v_person owd_data.person;
    v_key bytea;
    v_reason text;
BEGIN
    IF NOT p_act.sound OR (p_rule.nature = 'street') IS DISTINCT FROM (p_act.case_id IS NULL)
        AND p_rule.kind IS NOT NULL
    THEN
        RETURN owd_inner.so('quarantined', 'unreadable');
    ELSIF p_waiting.verdict = 'quarantined' AND p_waiting.reason IN ('payload', 'person_mac', 'op_id') THEN
        -- Neither the bytes nor a key once kept ever change.
        RETURN owd_inner.so(p_waiting.verdict, p_waiting.reason);
    END IF;
    SELECT k.key INTO v_key
    FROM owd_data.replica r JOIN owd_data.person_key k ON k.replica = r.replica
    WHERE r.desk_id = p_me.desk_id AND k.key_id = p_act.person_key AND k.person_id = p_act.author
    LIMIT 1;
    IF v_key IS NOT NULL
        AND owd_crypto.hmac(p_operation.head, v_key, 'sha256') <> p_operation.person_mac
    THEN
        RETURN owd_inner.so('quarantined', 'person_mac');
    ELSIF owd_inner.is_blocked(p_waiting, 'quarantined') THEN
        RETURN owd_inner.so('parked', 'behind_quarantined');
    ELSIF v_key IS NULL AND p_waiting.seq > p_me.attached_upto THEN
        RETURN owd_inner.so('parked', 'person_key_unknown');
    ELSIF p_rule.kind IS NULL THEN
        RETURN owd_inner.so('parked', 'kind_unknown');
    END IF;
    SELECT p.* INTO v_person FROM owd_data.person p
    WHERE p.person_id = p_act.author AND p.street = p_me.street;
    v_reason := owd_inner.not_allowed(
        p_me, p_waiting.seq, v_person, p_act, p_rule,
        owd_inner.in_time(v_person.active, v_person.until, p_act.at),
        p_waiting.present OR p_act.author IS NOT DISTINCT FROM owd_inner.present()
    );
    IF v_reason <> '' THEN
        RETURN owd_inner.so('rejected', v_reason);
    ELSIF p_act.case_id IS NULL THEN
        RETURN owd_inner.so('applied', '');
    END IF;
    v_judged := owd_inner.judge(
        p_case, p_act, p_rule, p_me.street, owd_inner.is_blocked(p_waiting, 'parked'),
        owd_inner.named_files(p_act.envelope)
    );
    IF v_judged.verdict <> 'applied' THEN
        RETURN v_judged;
    ELSIF p_rule.awaits_files AND owd_inner.lacks_files(p_case) THEN
        RETURN owd_inner.so('rejected', 'files_missing');
    ELSIF p_act.kind = 'receive' AND EXISTS (
        SELECT FROM owd_data.case_ c
        WHERE c.receipt_no = p_act.envelope ->> 'receipt_no' AND c.case_id <> p_act.case_id
            AND c.street IS NOT DISTINCT FROM p_me.street
    ) THEN
        RETURN owd_inner.so('quarantined', 'receipt_no');
    END IF;
    RETURN v_judged;
END
$$;

-- Whether an earlier one of the same desk on the same case still waits in this way.
CREATE FUNCTION owd_inner.is_blocked(p_waiting owd_data.waiting, p_verdict text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM owd_data.waiting w
        WHERE w.street IS NOT DISTINCT FROM p_waiting.street AND w.case_id = p_waiting.case_id AND w.replica = p_waiting.replica
            AND w.seq < p_waiting.seq AND w.verdict = p_verdict
    );
END
$$;

-- A case moved: what is parked on it may go on, in the order it came, and may move it again.
CREATE FUNCTION owd_inner.wake(p_street text, p_case uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_waiting owd_data.waiting;
    v_again boolean := true;
BEGIN
    WHILE v_again LOOP
        v_again := false;
        FOR v_waiting IN
            SELECT w.* FROM owd_data.waiting w
            WHERE w.street IS NOT DISTINCT FROM p_street AND w.case_id = p_case AND w.verdict = 'parked'
                AND w.reason NOT IN ('person_key_unknown', 'kind_unknown')
            ORDER BY w.arrival
        LOOP
            IF owd_inner.look_again(v_waiting) THEN
                v_again := true;
                EXIT;
            END IF;
        END LOOP;
    END LOOP;
END
$$;

-- Looks again at everything of a street that waits for `p_reason` and `p_key` ('' for any).
CREATE FUNCTION owd_inner.judge_again(p_street text, p_reason text, p_key text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_waiting owd_data.waiting;
    v_now owd_data.waiting;
BEGIN
    PERFORM FROM owd_data.street s WHERE s.street = p_street FOR NO KEY UPDATE;
    FOR v_waiting IN
        SELECT w.* FROM owd_data.waiting w
        WHERE w.street = p_street AND w.reason = p_reason AND (p_key = '' OR w.key = p_key)
        ORDER BY w.arrival
    LOOP
        -- An earlier one may have woken this one already.
        SELECT w.* INTO v_now FROM owd_data.waiting w
        WHERE w.replica = v_waiting.replica AND w.seq = v_waiting.seq;
        CONTINUE WHEN NOT FOUND;
        PERFORM owd_inner.look_again(v_now);
        IF v_now.case_id IS NOT NULL THEN
            -- It is out of the way of those behind it, whatever became of it.
            PERFORM owd_inner.wake(p_street, v_now.case_id);
        END IF;
    END LOOP;
END
$$;

-- After an upgrade: kinds and forms of heads that were not known may be known now.
CREATE FUNCTION owd_inner.look_again_at_all() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_street text;
BEGIN
    FOR v_street IN SELECT s.street FROM owd_data.street s ORDER BY s.street LOOP
        PERFORM owd_inner.judge_again(v_street, 'unreadable', '');
        PERFORM owd_inner.judge_again(v_street, 'kind_unknown', '');
    END LOOP;
END
$$;

-- A person has settled what was not applied: a parked one never will be, and none is in the way any more.
CREATE FUNCTION owd_inner.settle(p_street text, p_act owd_inner.act) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_waiting owd_data.waiting;
    v_subject bytea;
BEGIN
    IF NOT owd_inner.is_uuid(p_act.envelope ->> 'op_id') THEN
        RETURN;
    END IF;
    FOR v_waiting IN
        SELECT w.* FROM owd_data.waiting w
        WHERE w.street IS NOT DISTINCT FROM p_street AND w.op_id = (p_act.envelope ->> 'op_id')::uuid
        ORDER BY w.arrival
    LOOP
        DELETE FROM owd_data.waiting w WHERE w.replica = v_waiting.replica AND w.seq = v_waiting.seq;
        IF v_waiting.verdict = 'parked' THEN
            SELECT o.hash INTO STRICT v_subject FROM owd_data.operation o
            WHERE o.replica = v_waiting.replica AND o.seq = v_waiting.seq;
            PERFORM owd_inner.append_feed(
                p_street, 'verdict', v_subject, 'rejected', 'settled', v_waiting.op_id, v_waiting.case_id,
                (SELECT c.version FROM owd_data.case_ c WHERE c.case_id = v_waiting.case_id AND c.street IS NOT DISTINCT FROM p_street),
                v_waiting.replica, v_waiting.seq, NULL
            );
        END IF;
        IF v_waiting.case_id IS NOT NULL THEN
            PERFORM owd_inner.wake(p_street, v_waiting.case_id);
        END IF;
    END LOOP;
END
$$;

-- A supervisor or security administrator who is present has one operation looked at again.
CREATE FUNCTION owd.retry(p_replica uuid, p_op uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    v_me owd_data.replica := owd_inner.me(p_replica);
    v_waiting owd_data.waiting;
    v_row owd_data.feed;
    v_head bigint;
BEGIN
    IF NOT owd_inner.present_roles() && ARRAY['supervisor', 'security_admin'] THEN
        PERFORM owd_inner.refuse('OW403', 'retry');
    END IF;
    SELECT s.head INTO STRICT v_head FROM owd_data.street s WHERE s.street = v_me.street FOR NO KEY UPDATE;
    SELECT w.* INTO v_waiting FROM owd_data.waiting w
    WHERE w.street IS NOT DISTINCT FROM v_me.street AND w.op_id = p_op ORDER BY w.arrival LIMIT 1;
    IF NOT FOUND THEN
        PERFORM owd_inner.refuse('OW404', 'retry');
    END IF;
    PERFORM owd_inner.look_again(v_waiting);
    PERFORM owd_inner.note('retry', p_op::text, 'done');
    IF v_waiting.case_id IS NOT NULL THEN
        PERFORM owd_inner.wake(v_me.street, v_waiting.case_id);
    END IF;
    SELECT w.* INTO v_waiting FROM owd_data.waiting w
    WHERE w.replica = v_waiting.replica AND w.seq = v_waiting.seq;
    IF FOUND THEN
        RETURN jsonb_build_object('seq', v_waiting.seq, 'verdict', v_waiting.verdict, 'reason', v_waiting.reason);
    END IF;
    SELECT f.* INTO STRICT v_row FROM owd_data.feed f
    WHERE f.street = v_me.street AND f.seq > v_head AND f.op_id = p_op ORDER BY f.seq DESC LIMIT 1;
    RETURN jsonb_build_object('seq', v_row.op_seq, 'verdict', v_row.verdict, 'reason', v_row.reason);
END
$$;
