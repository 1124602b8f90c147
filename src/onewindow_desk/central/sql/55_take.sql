-- Storing operations with their verdicts, in sets; only the verdict itself is found one after the other.

-- Takes operations that follow each other, up to the first one after which others must be looked at
-- before going on. `upto` counts how many were taken. The caller holds replica and street.
CREATE FUNCTION owd_inner.take(
    p_me owd_data.replica, p_first bigint, p_before bytea, p_hashes bytea[], p_acts owd_inner.act[],
    p_heads bytea[], p_payloads bytea[], p_signatures bytea, p_macs bytea
) RETURNS owd_inner.taken
LANGUAGE plpgsql AS $$
DECLARE
    o record;
    v_taken owd_inner.taken;
    v_act owd_inner.act;
    v_rule owd_data.rule;
    v_person owd_data.person;
    v_open_before text;
    v_case owd_data.case_;
    v_judged owd_inner.judged;
    v_count int := cardinality(p_acts);
    v_present uuid := owd_inner.present();
    v_file_facts text[] := ARRAY['files', 'sha256'];
    -- Facts that ask for more than the short way looks at.
    v_long text[] := ARRAY['deemed_accepted', 'relaxed', 'files', 'sha256'];
    v_any_waiting boolean := EXISTS (SELECT FROM owd_data.waiting w WHERE w.street = p_me.street);
    -- The rules and people that these operations ask for.
    v_kinds text[];
    v_rules owd_data.rule[];
    v_authors uuid[];
    v_people owd_data.person[];
    -- Per operation: the place of the first one here with the same case, name and number.
    v_same_case int[];
    v_same_name int[];
    v_same_number int[];
    v_verdicts text[] := array_fill('applied'::text, ARRAY[v_count]);
    v_reasons text[] := array_fill(''::text, ARRAY[v_count]);
    v_keys text[] := v_reasons;
    v_versions int[] := array_fill(NULL::int, ARRAY[v_count]);
    v_claims boolean[] := array_fill(true, ARRAY[v_count]);
    -- Per case, at the place of its first operation here; the one in hand is in v_case.
    v_cases owd_data.case_[] := array_fill(NULL::owd_data.case_, ARRAY[v_count]);
    v_moved boolean[] := array_fill(false, ARRAY[v_count]);
    v_blocked boolean[] := v_moved;   -- an earlier one of this desk is quarantined
    v_behind boolean[] := v_moved;    -- an earlier one of this desk is parked
    v_waited boolean[] := v_moved;    -- somebody's is parked
    v_numbers boolean[] := v_moved;   -- receipt number given here
    v_first int;
    v_hand int := 0;
    v_of_case boolean;
    v_verdict text;
    v_reason text;
    v_key text;
    v_stop text := '';
    n int := 0;
BEGIN
    SELECT array_agg(s.same_case ORDER BY s.n), array_agg(s.same_name ORDER BY s.n),
        array_agg(s.same_number ORDER BY s.n), array_agg(DISTINCT s.kind), array_agg(DISTINCT s.author)
    INTO v_same_case, v_same_name, v_same_number, v_kinds, v_authors
    FROM (
        SELECT a.n, a.kind, a.author, min(a.n) OVER (PARTITION BY a.case_id) AS same_case,
            min(a.n) OVER (PARTITION BY a.op_id) AS same_name,
            min(a.n) OVER (PARTITION BY a.receipt_no) AS same_number
        FROM (
            SELECT x.n::int AS n, x.case_id, x.op_id, x.kind, x.author,
                CASE WHEN x.kind = 'receive' THEN x.envelope ->> 'receipt_no' END AS receipt_no
            FROM unnest(p_acts) WITH ORDINALITY
                x(sound, op_id, case_id, kind, author, at, base, envelope, payload_sha256, payload_size, person_key, n)
        ) a
    ) s;
    SELECT array_agg(r.kind), array_agg(r) INTO v_kinds, v_rules FROM owd_data.rule r WHERE r.kind = ANY (v_kinds);
    SELECT array_agg(p.person_id), array_agg(p) INTO v_authors, v_people
    FROM owd_data.person p
    WHERE p.person_id = ANY (v_authors) AND p.street IS NOT DISTINCT FROM p_me.street;

    FOR o IN
        WITH keys AS MATERIALIZED (
            SELECT DISTINCT ON (k.key_id, k.person_id) k.key_id, k.person_id, k.key
            FROM owd_data.replica r JOIN owd_data.person_key k ON k.replica = r.replica
            WHERE r.desk_id = p_me.desk_id
        ), ways AS MATERIALIZED (
            -- The short way, by kind and person; no kind on it has more than two numbers.
            SELECT r.kind, p.person_id, r.nature, r.sure, r.numbers[1] AS number, r.numbers[2] AS other, r.sources, r.targets[1] AS target,
                r.actors[1] AS role, owd_inner.open_before(p) AS open_before
            FROM unnest(v_rules) r CROSS JOIN unnest(v_people) p
            WHERE r.plain AND p.roles && r.actors AND cardinality(r.numbers) <= 2
        )
        SELECT
            a.case_id IS NOT NULL AS of_case,
            a.kind = 'receive' AS receives,
            a.base,
            y.nature, y.sources, y.target, y.duty, y.sure,
            CASE WHEN y.sure AND a.kind = 'receive' THEN ROW(
                p_me.street, a.case_id, y.target, 1, a.envelope ->> 'receipt_no',
                (a.envelope ->> 'received_at')::timestamptz, a.envelope ->> 'decision_level', NULL, false,
                '{}', '{}', '{}', ARRAY[y.duty], NULL, NULL, NULL, NULL, NULL
            )::owd_data.case_ END AS received,
            coalesce(
                encode(sha256(a.payload), 'hex') = a.payload_sha256 AND octet_length(a.payload) = a.payload_size,
                false
            ) AS payload_fits,
            k.key IS NOT NULL AS key_known,
            owd_crypto.hmac(a.head, k.key, 'sha256') = substr(p_macs, 32 * a.n::int - 31, 32) AS mac_fits,
            d.head IS NOT NULL AS known,
            d.head = a.head AS known_head,
            c.it AS kept,
            w.blocked, w.behind, w.waited,
            a.kind = 'receive' AND EXISTS (
                SELECT FROM owd_data.case_ t
                WHERE t.receipt_no = a.envelope ->> 'receipt_no'
                    AND t.street IS NOT DISTINCT FROM p_me.street AND t.case_id <> a.case_id
            ) AS number_taken
        FROM unnest(p_acts, p_heads, p_payloads, v_same_case) WITH ORDINALITY
            a(sound, op_id, case_id, kind, author, at, base, envelope, payload_sha256, payload_size, person_key,
                head, payload, same_case, n)
        -- Each by one look into one index, also by a plan that was made while the tables were empty.
        LEFT JOIN LATERAL (
            SELECT k.key FROM keys k WHERE k.key_id = a.person_key AND k.person_id = a.author LIMIT 1
        ) k ON true
        LEFT JOIN LATERAL (
            SELECT w.nature, w.sources, w.target, a.author || ' ' || w.role AS duty,
                (
                    a.sound AND a.case_id IS NOT NULL AND left(a.at, 10) < w.open_before
                    AND (w.nature = 'add' OR coalesce(a.envelope ->> 'role', w.role) = w.role)
                    AND NOT a.envelope ?| v_long
                    AND jsonb_path_match(a.envelope, w.sure, '{}', true)
                    AND (w.number IS NULL OR NOT a.envelope ? w.number OR owd_inner.is_whole(a.envelope -> w.number))
                    AND (w.other IS NULL OR NOT a.envelope ? w.other OR owd_inner.is_whole(a.envelope -> w.other))
                ) IS TRUE AS sure
            FROM ways w WHERE w.kind = a.kind AND w.person_id = a.author LIMIT 1
        ) y ON true
        LEFT JOIN LATERAL (
            SELECT d.head FROM owd_data.operation d
            WHERE d.op_id = a.op_id AND d.claims AND d.street IS NOT DISTINCT FROM p_me.street LIMIT 1
        ) d ON true
        LEFT JOIN LATERAL (
            SELECT c AS it FROM owd_data.case_ c
            WHERE a.n = a.same_case AND c.case_id = a.case_id AND c.street IS NOT DISTINCT FROM p_me.street
            LIMIT 1
        ) c ON true
        LEFT JOIN LATERAL (
            SELECT bool_or(w.replica = p_me.replica AND w.verdict = 'quarantined') AS blocked,
                bool_or(w.replica = p_me.replica AND w.verdict = 'parked') AS behind,
                bool_or(w.verdict = 'parked') AS waited
            FROM owd_data.waiting w
            WHERE v_any_waiting AND a.n = a.same_case AND w.case_id = a.case_id
                AND w.street IS NOT DISTINCT FROM p_me.street
        ) w ON v_any_waiting
        ORDER BY a.n
    LOOP
        n := n + 1;
        v_of_case := o.of_case;
        v_first := v_same_case[n];
        IF NOT v_of_case THEN
            IF v_hand > 0 THEN
                v_cases[v_hand] := v_case;
                v_hand := 0;
            END IF;
            v_case := NULL;
        ELSIF v_first <> v_hand THEN
            IF v_hand > 0 THEN
                v_cases[v_hand] := v_case;
            END IF;
            v_hand := v_first;
            IF n = v_first THEN
                v_case := o.kept;
                IF v_any_waiting THEN
                    v_blocked[n] := coalesce(o.blocked, false);
                    v_behind[n] := coalesce(o.behind, false);
                    v_waited[n] := coalesce(o.waited, false);
                END IF;
            ELSE
                v_case := v_cases[v_first];
            END IF;
        END IF;

        -- The short way: what is surely in order is applied here, and everything else is asked below.
        IF o.sure AND o.payload_fits AND o.mac_fits AND NOT o.known AND v_same_name[n] = n
            AND NOT (v_blocked[v_first] OR v_behind[v_first] OR v_waited[v_first])
        THEN
            IF v_case.case_id IS NULL THEN
                IF o.receives AND coalesce(o.base, 0) = 0
                    AND NOT (o.number_taken OR v_numbers[v_same_number[n]])
                THEN
                    v_case := o.received;
                    v_moved[v_first] := true;
                    v_numbers[v_same_number[n]] := true;
                    v_versions[n] := 1;
                    CONTINUE;
                END IF;
            ELSIF o.nature = 'add' THEN
                v_versions[n] := v_case.version;
                CONTINUE;
            ELSIF NOT o.receives AND v_case.state = ANY (o.sources) AND v_case.version > 0
                AND coalesce(o.base, v_case.version) = v_case.version
                -- Nobody else has acted on the case, and the author only in this role.
                AND v_case.duties = ARRAY[o.duty] AND v_case.proposal_kind IS NULL
            THEN
                v_case.state := o.target;
                v_case.version := v_case.version + 1;
                v_moved[v_first] := true;
                v_versions[n] := v_case.version;
                CONTINUE;
            END IF;
        END IF;

        v_act := p_acts[n];
        IF v_act.kind IS DISTINCT FROM v_rule.kind THEN
            v_rule := v_rules[array_position(v_kinds, v_act.kind)];
        END IF;
        IF v_act.author IS DISTINCT FROM v_person.person_id THEN
            v_person := v_people[array_position(v_authors, v_act.author)];
            v_open_before := owd_inner.open_before(v_person);
        END IF;

        v_reason := '';
        v_key := '';
        IF NOT v_act.sound OR v_rule.kind IS NOT NULL AND (v_rule.nature = 'street') = v_of_case THEN
            v_verdict := 'quarantined';
            v_reason := 'unreadable';
            v_claims[n] := false;
        ELSIF NOT o.payload_fits THEN
            v_verdict := 'quarantined';
            v_reason := 'payload';
            v_claims[n] := false;
        ELSIF NOT o.mac_fits THEN
            v_verdict := 'quarantined';
            v_reason := 'person_mac';
            v_claims[n] := false;
        ELSIF o.known OR v_same_name[n] < n AND v_claims[v_same_name[n]] THEN
            IF (CASE WHEN o.known THEN o.known_head ELSE p_heads[n] = p_heads[v_same_name[n]] END) THEN
                v_verdict := 'duplicate';
            ELSE
                v_verdict := 'quarantined';
                v_reason := 'op_id';
            END IF;
            v_claims[n] := false;
        ELSIF v_of_case AND v_blocked[v_first] THEN
            v_verdict := 'parked';
            v_reason := 'behind_quarantined';
            v_key := v_act.case_id::text;
        ELSIF NOT o.key_known AND p_first + n - 1 > p_me.attached_upto THEN
            v_verdict := 'parked';
            v_reason := 'person_key_unknown';
            v_key := v_act.person_key;
        ELSIF v_rule.kind IS NULL THEN
            v_verdict := 'parked';
            v_reason := 'kind_unknown';
            v_key := v_act.kind;
        ELSE
            v_reason := owd_inner.not_allowed(
                p_me, p_first + n - 1, v_person, v_act, v_rule,
                left(v_act.at, 10) < v_open_before OR owd_inner.in_time(v_person.active, v_person.until, v_act.at),
                v_act.author IS NOT DISTINCT FROM v_present
            );
            IF v_reason <> '' THEN
                v_verdict := 'rejected';
            ELSIF NOT v_of_case THEN
                v_verdict := 'applied';
                v_stop := owd_inner.brings(v_act);
            ELSE
                v_judged := owd_inner.judge(
                    v_case, v_act, v_rule, p_me.street, v_behind[v_first],
                    CASE WHEN v_act.envelope ?| v_file_facts THEN owd_inner.named_files(v_act.envelope) END
                );
                v_verdict := v_judged.verdict;
                v_reason := v_judged.reason;
                IF v_verdict = 'parked' THEN
                    v_key := v_act.case_id::text;
                ELSIF v_verdict = 'applied' THEN
                    IF v_rule.awaits_files AND owd_inner.lacks_files(v_case) THEN
                        v_verdict := 'rejected';
                        v_reason := 'files_missing';
                    ELSIF v_act.kind = 'receive' AND (o.number_taken OR v_numbers[v_same_number[n]]) THEN
                        v_verdict := 'quarantined';
                        v_reason := 'receipt_no';
                    ELSIF v_judged.changed THEN
                        IF v_waited[v_first] AND v_rule.nature <> 'add' THEN
                            v_stop := 'wake';
                        END IF;
                        IF v_act.kind = 'receive' THEN
                            v_numbers[v_same_number[n]] := true;
                        END IF;
                        v_case := v_judged.after;
                        v_moved[v_first] := true;
                    END IF;
                END IF;
            END IF;
        END IF;

        IF v_verdict <> 'applied' THEN
            v_verdicts[n] := v_verdict;
            v_reasons[n] := v_reason;
            v_keys[n] := v_key;
            IF v_of_case AND v_verdict = 'quarantined' THEN
                v_blocked[v_first] := true;
            ELSIF v_of_case AND v_verdict = 'parked' THEN
                v_behind[v_first] := true;
                v_waited[v_first] := true;
            END IF;
        END IF;
        IF v_of_case THEN
            v_versions[n] := v_case.version;
        END IF;
        EXIT WHEN v_stop <> '';
    END LOOP;
    IF v_hand > 0 THEN
        v_cases[v_hand] := v_case;
    END IF;

    v_taken.upto := n;
    v_taken.not_applied := owd_inner.store(
        p_me, p_first, p_before, p_hashes, p_acts, p_heads, p_payloads, p_signatures, p_macs, n,
        v_verdicts, v_reasons, v_keys, v_versions, v_claims, v_present
    );
    PERFORM owd_inner.keep_cases(v_cases, v_moved);
    IF v_stop = 'wake' THEN
        PERFORM owd_inner.wake(p_me.street, v_act.case_id);
    ELSIF v_stop = 'person' THEN
        PERFORM owd_inner.bring_person(p_me, v_act);
    ELSIF v_stop = 'settle' THEN
        PERFORM owd_inner.settle(p_me.street, v_act);
    END IF;
    RETURN v_taken;
END
$$;

-- What an applied operation of the street brings about here, '' for nothing.
CREATE FUNCTION owd_inner.brings(p_act owd_inner.act) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN CASE
        WHEN p_act.kind IN ('person_added', 'person_changed') THEN 'person'
        WHEN p_act.kind = 'attention_settled' AND p_act.envelope ->> 'how' IN ('redone', 'withdrawn') THEN 'settle'
        ELSE ''
    END;
END
$$;

-- The first `p_upto` operations, their rows of the feed, and what waits; answers what was not applied.
CREATE FUNCTION owd_inner.store(
    p_me owd_data.replica, p_first bigint, p_before bytea, p_hashes bytea[], p_acts owd_inner.act[],
    p_heads bytea[], p_payloads bytea[], p_signatures bytea, p_macs bytea, p_upto int,
    p_verdicts text[], p_reasons text[], p_keys text[], p_versions int[], p_claims boolean[], p_present uuid
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_street owd_data.street;
    v_chains bytea[] := p_hashes;
    v_chain bytea;
    v_tail bytea;
    v_verdict text := '';
    v_reason text := '';
BEGIN
    SELECT s.* INTO STRICT v_street FROM owd_data.street s WHERE s.street = p_me.street;
    v_chain := v_street.chain;
    FOR i IN 1 .. p_upto LOOP
        IF p_verdicts[i] <> v_verdict OR p_reasons[i] <> v_reason THEN
            v_verdict := p_verdicts[i];
            v_reason := p_reasons[i];
            v_tail := owd_inner.feed_tail('op', v_verdict, v_reason);
        END IF;
        v_chain := owd_inner.feed_chain(v_chain, v_street.head + i, p_hashes[i], v_tail);
        v_chains[i] := v_chain;
    END LOOP;
    INSERT INTO owd_data.operation (
        replica, seq, street, op_id, claims, case_id, kind, author, prev, hash, head, payload, desk_signature,
        person_mac, received_at
    )
    SELECT p_me.replica, p_first + a.n - 1, p_me.street, a.op_id, a.claims, a.case_id,
        CASE WHEN a.sound THEN a.kind END, a.author, a.prev, a.hash, a.head, a.payload,
        substr(p_signatures, 64 * a.n::int - 63, 64), substr(p_macs, 32 * a.n::int - 31, 32), now()
    FROM unnest(p_acts, p_heads, p_payloads, p_hashes, p_before || p_hashes, p_claims) WITH ORDINALITY
        a(sound, op_id, case_id, kind, author, at, base, envelope, payload_sha256, payload_size, person_key,
            head, payload, hash, prev, claims, n)
    WHERE a.n <= p_upto;
    INSERT INTO owd_data.feed (
        street, seq, chain, what, subject, verdict, reason, op_id, case_id, case_version, replica, op_seq
    )
    SELECT p_me.street, v_street.head + a.n, a.chain, 'op', a.hash, a.verdict, a.reason, a.op_id, a.case_id,
        a.version, p_me.replica, p_first + a.n - 1
    FROM unnest(p_acts, v_chains, p_hashes, p_verdicts, p_reasons, p_versions) WITH ORDINALITY
        a(sound, op_id, case_id, kind, author, at, base, envelope, payload_sha256, payload_size, person_key,
            chain, hash, verdict, reason, version, n)
    WHERE a.n <= p_upto;
    UPDATE owd_data.street SET head = head + p_upto, chain = v_chain WHERE street = p_me.street;
    IF 'parked' <> ALL (p_verdicts[:p_upto]) AND 'quarantined' <> ALL (p_verdicts[:p_upto])
        AND 'rejected' <> ALL (p_verdicts[:p_upto]) AND 'duplicate' <> ALL (p_verdicts[:p_upto])
    THEN
        RETURN '[]';
    END IF;
    INSERT INTO owd_data.waiting (
        replica, seq, street, arrival, op_id, case_id, verdict, reason, key, present
    )
    SELECT p_me.replica, p_first + a.n - 1, p_me.street, v_street.head + a.n, a.op_id, a.case_id, a.verdict,
        a.reason, a.key, a.author IS NOT DISTINCT FROM p_present
    FROM unnest(p_acts, p_verdicts, p_reasons, p_keys) WITH ORDINALITY
        a(sound, op_id, case_id, kind, author, at, base, envelope, payload_sha256, payload_size, person_key,
            verdict, reason, key, n)
    WHERE a.n <= p_upto AND a.verdict IN ('parked', 'quarantined');
    RETURN (
        SELECT coalesce(
            jsonb_agg(
                jsonb_build_object('seq', p_first + a.n - 1, 'verdict', a.verdict, 'reason', a.reason) ORDER BY a.n
            ) FILTER (WHERE a.verdict <> 'applied'), '[]'
        )
        FROM unnest(p_verdicts, p_reasons) WITH ORDINALITY a(verdict, reason, n)
        WHERE a.n <= p_upto
    );
END
$$;

CREATE FUNCTION owd_inner.keep_cases(p_cases owd_data.case_[], p_moved boolean[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO owd_data.case_
    SELECT c.street, c.case_id, c.state, c.version, c.receipt_no, c.received_at, c.decision_level,
        c.decided_level, c.extended, c.defects, c.tolerated, c.files, c.duties, c.proposal_kind, c.proposal_op,
        c.proposal_author, c.proposal_defects, c.closed_at
    FROM unnest(p_cases, p_moved) c(
        street, case_id, state, version, receipt_no, received_at, decision_level, decided_level, extended,
        defects, tolerated, files, duties, proposal_kind, proposal_op, proposal_author, proposal_defects, closed_at,
        moved
    )
    WHERE c.moved
    ON CONFLICT (case_id, street) DO UPDATE SET
        state = excluded.state, version = excluded.version, receipt_no = excluded.receipt_no,
        received_at = excluded.received_at, decision_level = excluded.decision_level,
        decided_level = excluded.decided_level, extended = excluded.extended, defects = excluded.defects,
        tolerated = excluded.tolerated, files = excluded.files, duties = excluded.duties, proposal_kind = excluded.proposal_kind,
        proposal_op = excluded.proposal_op, proposal_author = excluded.proposal_author,
        proposal_defects = excluded.proposal_defects, closed_at = excluded.closed_at;
END
$$;

-- People of an attached history. A street that has people already gives them no role by itself.
CREATE FUNCTION owd_inner.bring_person(p_me owd_data.replica, p_act owd_inner.act) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_alone boolean := NOT EXISTS (
        SELECT FROM owd_data.person p WHERE p.street = p_me.street AND p.origin IS DISTINCT FROM p_me.replica
    );
BEGIN
    IF NOT owd_inner.is_uuid(p_act.envelope ->> 'person_id') THEN
        RETURN;
    END IF;
    INSERT INTO owd_data.person AS old (person_id, street, roles, active, origin)
    VALUES (
        (p_act.envelope ->> 'person_id')::uuid, p_me.street,
        CASE WHEN v_alone THEN owd_inner.texts(p_act.envelope -> 'roles') ELSE ARRAY[]::text[] END,
        p_act.envelope -> 'active' IS DISTINCT FROM 'false'::jsonb, p_me.replica
    )
    ON CONFLICT (person_id) DO UPDATE SET roles = excluded.roles, active = excluded.active
    WHERE old.street = excluded.street AND old.origin = excluded.origin AND v_alone;
END
$$;
