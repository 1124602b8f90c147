-- What domain/case.apply and domain/rules.py say, over what the central keeps of a case. Nothing here
-- raises or writes. Reasons are short codes; people read words that the services make of them.

-- `changed`: the case is another one after it.
CREATE TYPE owd_inner.judged AS (verdict text, reason text, changed boolean, after owd_data.case_);

CREATE FUNCTION owd_inner.so(p_verdict text, p_reason text) RETURNS owd_inner.judged LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    v_judged owd_inner.judged;
BEGIN
    v_judged.verdict := p_verdict;
    v_judged.reason := p_reason;
    RETURN v_judged;
END
$$;

-- The verdict on one act on a case (all null: the case is not known yet). `p_behind`: an earlier one of
-- the same desk on the same case is parked. `p_files`: what files the act names.
CREATE FUNCTION owd_inner.judge(
    p_case owd_data.case_, p_act owd_inner.act, p_rule owd_data.rule, p_street text, p_behind boolean,
    p_files bytea[]
) RETURNS owd_inner.judged LANGUAGE plpgsql AS $$
DECLARE
    c owd_data.case_ := p_case;
    e jsonb := p_act.envelope;
    v_fact text;
    v_fine boolean;
    v_place int := 0;
    v_role text;
    v_reason text;
BEGIN
    IF c.case_id IS NULL THEN
        IF p_act.kind NOT IN ('receive', 'reapply') THEN
            RETURN owd_inner.so('parked', 'case_unknown');
        END IF;
        c := owd_inner.blank(p_street, p_act.case_id);
    END IF;
    IF p_rule.nature <> 'add' THEN
        IF p_act.base > c.version THEN
            RETURN owd_inner.so('parked', 'version_ahead');
        ELSIF p_act.base < c.version THEN
            RETURN owd_inner.so('rejected', 'stale');
        ELSIF p_act.base IS NULL AND p_behind THEN
            RETURN owd_inner.so('parked', 'behind_parked');
        END IF;
    END IF;
    v_fine := jsonb_path_match(e, p_rule.fine, '{}', true);
    FOREACH v_fact IN ARRAY p_rule.numbers LOOP
        v_fine := v_fine AND (NOT e ? v_fact OR owd_inner.is_whole(e -> v_fact));
    END LOOP;
    IF v_fine IS NOT TRUE THEN
        FOREACH v_fact IN ARRAY p_rule.fact_names LOOP
            v_place := v_place + 1;
            IF e ? v_fact AND NOT owd_inner.fits(e -> v_fact, p_rule.fact_shapes[v_place]) THEN
                RETURN owd_inner.so('rejected', 'fact:' || v_fact);
            END IF;
        END LOOP;
    END IF;
    IF p_files IS NOT NULL THEN
        c.files := c.files || p_files;
    END IF;
    IF p_rule.nature = 'add' THEN
        RETURN owd_inner.added(c, p_act, p_files IS NOT NULL);
    END IF;
    IF e ? 'deemed_accepted' AND owd_inner.given(e -> 'deemed_accepted')
        AND c.state = 'received' AND c.received_at IS NOT NULL
    THEN
        IF NOT owd_inner.may_be_deemed(c, p_act) THEN
            RETURN owd_inner.so('rejected', 'deemed');
        END IF;
        c.state := 'accepted';
    END IF;
    IF p_rule.nature = 'decline' THEN
        RETURN owd_inner.declined(c, p_act, p_rule);
    END IF;
    v_role := CASE WHEN e ? 'role' AND owd_inner.given(e -> 'role') THEN e ->> 'role'
        WHEN cardinality(p_rule.actors) = 1 THEN p_rule.actors[1] END;
    v_reason := owd_inner.objection(c, p_act, p_rule, v_role);
    IF v_reason IS NOT NULL THEN
        RETURN owd_inner.so('rejected', v_reason);
    END IF;
    RETURN owd_inner.moved(c, p_act, p_rule, v_role);
END
$$;

CREATE FUNCTION owd_inner.blank(p_street text, p_case uuid) RETURNS owd_data.case_ LANGUAGE plpgsql AS $$
DECLARE
    c owd_data.case_;
BEGIN
    c.street := p_street;
    c.case_id := p_case;
    c.state := 'draft';
    c.version := 0;
    c.extended := false;
    c.defects := ARRAY[]::text[];
    c.tolerated := ARRAY[]::text[];
    c.files := ARRAY[]::bytea[];
    c.duties := ARRAY[]::text[];
    RETURN c;
END
$$;

-- domain/case._with_relied_on: five working days take at least five days.
CREATE FUNCTION owd_inner.may_be_deemed(c owd_data.case_, p_act owd_inner.act) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_received date := owd_inner.local_day(c.received_at);
BEGIN
    RETURN owd_inner.day(p_act.envelope ->> 'deemed_accepted') = v_received
        AND owd_inner.local_day(owd_inner.moment(p_act.at)) > v_received + 5;
END
$$;

-- domain/rules.check: why the act may not be, null when it may.
CREATE FUNCTION owd_inner.objection(
    c owd_data.case_, p_act owd_inner.act, p_rule owd_data.rule, p_role text
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_guard text;
BEGIN
    IF NOT (
        CASE WHEN cardinality(p_rule.sources) = 0 THEN c.version = 0
            ELSE c.state = ANY (p_rule.sources) AND (c.version > 0 OR p_rule.step = 'receive') END
    ) THEN
        RETURN 'state';
    ELSIF p_act.base IS NULL AND p_rule.needs_base THEN
        RETURN 'base';
    ELSIF p_role IS NULL OR p_role <> ALL (p_rule.actors) THEN
        RETURN 'role';
    ELSIF cardinality(c.duties) > 0 AND owd_inner.clashes(c, p_act, p_rule, p_role) THEN
        RETURN 'separation';
    END IF;
    FOREACH v_guard IN ARRAY p_rule.guards LOOP
        IF NOT owd_inner.given(p_act.envelope -> v_guard) THEN
            RETURN 'guard:' || v_guard;
        END IF;
    END LOOP;
    IF p_rule.proposal <> '' THEN
        IF c.proposal_kind IS DISTINCT FROM p_rule.proposal THEN
            RETURN 'second_person';
        ELSIF p_act.envelope ->> 'proposal' IS DISTINCT FROM c.proposal_op::text THEN
            RETURN 'proposal_changed';
        ELSIF c.proposal_author = p_act.author
            AND NOT (p_rule.same_person_relaxable AND owd_inner.relaxed(c.street, p_act))
        THEN
            RETURN 'second_person';
        END IF;
    END IF;
    RETURN CASE WHEN p_rule.own THEN owd_inner.own_objection(c, p_act) END;
END
$$;

-- separation.RELAXATION: the act says itself that the street's dated setting is in force, and it is.
CREATE FUNCTION owd_inner.relaxed(p_street text, p_act owd_inner.act) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF p_act.envelope ->> 'relaxed' IS DISTINCT FROM 'issuer_sealkeeper' THEN
        RETURN false;
    END IF;
    RETURN coalesce(
        (
            SELECT owd_inner.local_day(owd_inner.moment(p_act.at))
                <= owd_inner.day(s.settings -> 'issuer_may_seal' ->> 'until')
            FROM owd_data.street s WHERE s.street = p_street
        ), false
    );
END
$$;

-- Whether the author has held a duty on this case that is apart from this one (受审分离).
CREATE FUNCTION owd_inner.clashes(
    c owd_data.case_, p_act owd_inner.act, p_rule owd_data.rule, p_role text
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_duty text;
    v_author text := p_act.author::text;
BEGIN
    FOREACH v_duty IN ARRAY c.duties LOOP
        IF starts_with(v_duty, v_author) AND p_rule.apart -> p_role ? substr(v_duty, 38)
            AND NOT (
                owd_inner.relaxed(c.street, p_act) AND EXISTS (
                    SELECT FROM owd_data.separation s
                    WHERE s.one = p_role AND s.other = substr(v_duty, 38) AND s.relaxable
                )
            )
        THEN
            RETURN true;
        END IF;
    END LOOP;
    RETURN false;
END
$$;

-- rules._check_level and rules._OWN_RULES.
CREATE FUNCTION owd_inner.own_objection(c owd_data.case_, p_act owd_inner.act) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    e jsonb := p_act.envelope;
    k text := p_act.kind;
BEGIN
    IF k IN ('grant_on_spot', 'propose_grant_on_spot', 'grant', 'deny')
        AND c.decision_level = 'district_after_street_review'
        OR k = 'report_up' AND c.decision_level = 'street'
        OR k IN ('certify', 'demand_payment') AND c.decided_level = 'district_after_street_review'
        OR k = 'forward_district_paper' AND c.decided_level IS DISTINCT FROM 'district_after_street_review'
    THEN
        RETURN 'level';
    END IF;
    CASE k
        WHEN 'accept_corrected' THEN
            RETURN CASE WHEN NOT c.defects <@ owd_inner.texts(e -> 'settled') THEN 'guard:settled' END;
        WHEN 'terminate_uncorrected' THEN
            RETURN CASE WHEN coalesce((e ->> 'contacts')::bigint, 0) < 2 THEN 'guard:contacts' END;
        WHEN 'grant' THEN
            RETURN CASE WHEN cardinality(c.tolerated) > 0 THEN 'tolerated' END;
        WHEN 'propose_special' THEN
            RETURN CASE WHEN coalesce((e ->> 'told_days')::bigint, 0) NOT BETWEEN 1 AND 250
                THEN 'guard:told_days' END;
        WHEN 'extend' THEN
            RETURN CASE WHEN c.extended THEN 'extended_once'
                WHEN coalesce((e ->> 'days')::bigint, 0) NOT BETWEEN 1 AND 15 THEN 'guard:days' END;
        ELSE
            RETURN NULL;
    END CASE;
END
$$;

-- domain/rules.check_decline: a second person says no to what was proposed.
CREATE FUNCTION owd_inner.declined(
    c owd_data.case_, p_act owd_inner.act, p_rule owd_data.rule
) RETURNS owd_inner.judged LANGUAGE plpgsql AS $$
DECLARE
    v_role text := p_act.envelope ->> 'role';
    v_actors text[];
    v_needs_base boolean;
BEGIN
    IF c.proposal_kind IS NULL THEN
        RETURN owd_inner.so('rejected', 'second_person');
    END IF;
    SELECT second.actors, second.needs_base INTO v_actors, v_needs_base
    FROM owd_data.rule first JOIN owd_data.rule second ON second.kind = first.step
    WHERE first.kind = c.proposal_kind;
    IF v_role IS NULL OR v_role <> ALL (v_actors) THEN
        RETURN owd_inner.so('rejected', 'role');
    ELSIF p_act.base IS NULL AND v_needs_base THEN
        RETURN owd_inner.so('rejected', 'base');
    ELSIF owd_inner.clashes(c, p_act, p_rule, v_role) THEN
        RETURN owd_inner.so('rejected', 'separation');
    END IF;
    c := owd_inner.unproposed(c);
    RETURN owd_inner.remembered(c, p_act, v_role);
END
$$;

CREATE FUNCTION owd_inner.unproposed(c owd_data.case_) RETURNS owd_data.case_ LANGUAGE plpgsql AS $$
BEGIN
    c.proposal_kind := NULL;
    c.proposal_op := NULL;
    c.proposal_author := NULL;
    c.proposal_defects := NULL;
    RETURN c;
END
$$;

-- domain/effects: the case after the act.
CREATE FUNCTION owd_inner.moved(
    c owd_data.case_, p_act owd_inner.act, p_rule owd_data.rule, p_role text
) RETURNS owd_inner.judged LANGUAGE plpgsql AS $$
DECLARE
    e jsonb := p_act.envelope;
BEGIN
    IF p_rule.nature = 'propose' THEN
        c.proposal_kind := p_act.kind;
        c.proposal_op := p_act.op_id;
        c.proposal_author := p_act.author;
        c.proposal_defects := CASE WHEN e ? 'defects' THEN owd_inner.texts(e -> 'defects')
            ELSE ARRAY[]::text[] END;
        RETURN owd_inner.remembered(c, p_act, p_role);
    END IF;
    CASE p_act.kind
        WHEN 'receive' THEN
            c.receipt_no := e ->> 'receipt_no';
            c.received_at := owd_inner.moment(e ->> 'received_at');
            c.decision_level := CASE WHEN owd_inner.given(e -> 'decision_level') THEN e ->> 'decision_level' END;
        WHEN 'request_correction' THEN
            c.defects := owd_inner.texts(e -> 'defects');
        WHEN 'second_correction' THEN
            c.defects := c.proposal_defects;
        WHEN 'accept_tolerant' THEN
            c.tolerated := owd_inner.texts(e -> 'tolerated');
        WHEN 'extend' THEN
            c.extended := true;
        WHEN 'register_district_decision' THEN
            c.decided_level := 'district_after_street_review';
        WHEN 'grant', 'deny', 'deny_false_materials', 'grant_on_spot' THEN
            c.decided_level := 'street';
        ELSE
            NULL;
    END CASE;
    c.state := CASE WHEN cardinality(p_rule.targets) = 1 THEN p_rule.targets[1]
        WHEN e ->> 'outcome' = 'granted' THEN 'granted' ELSE 'denied' END;
    IF c.state IN ('archived', 'not_required', 'not_accepted', 'withdrawn', 'terminated') THEN
        c.closed_at := now();
    END IF;
    IF c.proposal_kind IS NOT NULL THEN
        c := owd_inner.unproposed(c);
    END IF;
    RETURN owd_inner.remembered(c, p_act, p_role);
END
$$;

-- domain/case._added: additive acts move no state and count into no version.
CREATE FUNCTION owd_inner.added(c owd_data.case_, p_act owd_inner.act, p_named boolean) RETURNS owd_inner.judged
LANGUAGE plpgsql AS $$
DECLARE
    v_judged owd_inner.judged;
BEGIN
    IF p_act.kind = 'material_added' THEN
        IF c.state <> ALL (
            ARRAY['received', 'correction', 'accepted', 'reviewing', 'special', 'reviewed']
        ) THEN
            RETURN owd_inner.so('rejected', 'state');
        END IF;
        c.tolerated := array_remove(c.tolerated, coalesce(p_act.envelope ->> 'code', ''));
    END IF;
    v_judged.changed := p_named OR p_act.kind = 'material_added';
    v_judged.verdict := 'applied';
    v_judged.reason := '';
    v_judged.after := c;
    RETURN v_judged;
END
$$;

CREATE FUNCTION owd_inner.remembered(c owd_data.case_, p_act owd_inner.act, p_role text)
RETURNS owd_inner.judged LANGUAGE plpgsql AS $$
DECLARE
    v_judged owd_inner.judged;
    v_duty text := p_act.author::text || ' ' || p_role;
BEGIN
    IF v_duty <> ALL (c.duties) THEN
        c.duties := c.duties || v_duty;
    END IF;
    c.version := c.version + 1;
    v_judged.changed := true;
    v_judged.verdict := 'applied';
    v_judged.reason := '';
    v_judged.after := c;
    RETURN v_judged;
END
$$;

-- Whether a person may act at all now: claimed within the account's time, and sent while a desk may
-- still be working on an offline sign-in (7 days).
CREATE FUNCTION owd_inner.in_time(p_active boolean, p_until date, p_at text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    RETURN p_active AND (
        p_until IS NULL
        OR owd_inner.local_day(owd_inner.moment(p_at)) <= p_until
            AND owd_inner.local_day(now()) <= p_until + 7
    );
END
$$;

-- A day (YYYY-MM-DD): what was done on an earlier one was done in time, whatever the time zone; null when
-- that takes a closer look.
CREATE FUNCTION owd_inner.open_before(p_person owd_data.person) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN CASE
        WHEN NOT p_person.active OR now() > p_person.until + interval '5 days' THEN NULL
        WHEN p_person.until IS NULL THEN '9999-12-31'
        ELSE to_char(p_person.until, 'YYYY-MM-DD')
    END;
END
$$;

-- Why the author may not do this kind of act at all, '' when he may. An attached history was made under
-- its own authority: only what it says of the street is asked. `p_present`: the author is proven present.
CREATE FUNCTION owd_inner.not_allowed(
    p_me owd_data.replica, p_seq bigint, p_person owd_data.person, p_act owd_inner.act, p_rule owd_data.rule,
    p_in_time boolean, p_present boolean
) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF p_seq > p_me.attached_upto THEN
        IF p_person.person_id IS NULL OR NOT p_person.roles && p_rule.actors
            OR p_in_time IS NOT TRUE
            -- What is no role at all is found when the fact is read.
            OR p_act.envelope ? 'role' AND p_rule.nature IN ('move', 'propose', 'decline')
            AND p_act.envelope ->> 'role' = ANY (p_rule.actors)
            AND p_act.envelope ->> 'role' <> ALL (p_person.roles)
        THEN
            RETURN 'role';
        ELSIF p_rule.present AND NOT p_present THEN
            RETURN 'not_present';
        END IF;
    END IF;
    RETURN CASE WHEN p_rule.nature = 'street' THEN owd_inner.wrong_of_street(p_me, p_seq, p_act) ELSE '' END;
END
$$;

-- Whether a file that the case names has not arrived in full.
CREATE FUNCTION owd_inner.lacks_files(c owd_data.case_) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM unnest(c.files) n(sha256)
        LEFT JOIN owd_data.file f ON f.street = c.street AND f.sha256 = n.sha256
        WHERE f.complete_at IS NULL
    );
END
$$;

-- The files an act names: `files`, a list of addresses, and `sha256`, one. Null for none.
CREATE FUNCTION owd_inner.named_files(e jsonb) RETURNS bytea[] LANGUAGE plpgsql AS $$
DECLARE
    v_files bytea[];
    v_address text := e ->> 'sha256';
BEGIN
    IF octet_length(v_address) = 64 AND v_address ~ '^[0-9a-f]+$' THEN
        v_files := ARRAY[decode(v_address, 'hex')];
    END IF;
    IF jsonb_typeof(e -> 'files') = 'array' THEN
        v_files := coalesce(v_files, ARRAY[]::bytea[]);
        FOR i IN 0 .. jsonb_array_length(e -> 'files') - 1 LOOP
            v_address := e -> 'files' ->> i;
            IF octet_length(v_address) = 64 AND v_address ~ '^[0-9a-f]+$' THEN
                v_files := v_files || decode(v_address, 'hex');
            END IF;
        END LOOP;
    END IF;
    RETURN v_files;
END
$$;

-- What an operation of the street itself brings about before there is a central (attached history).
CREATE FUNCTION owd_inner.wrong_of_street(p_me owd_data.replica, p_seq bigint, p_act owd_inner.act)
RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF p_act.kind NOT IN ('street_founded', 'person_added', 'person_changed', 'series_leased') THEN
        RETURN '';
    ELSIF p_seq > p_me.attached_upto THEN
        RETURN 'central_only';
    ELSIF p_act.kind = 'street_founded' AND p_act.envelope ->> 'street' IS DISTINCT FROM p_me.street THEN
        RETURN 'street';
    END IF;
    RETURN '';
END
$$;
