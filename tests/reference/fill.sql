-- Thousands of rows in every table that grows, in the streets and enrolments that are there.
ALTER TABLE owd_data.operation DISABLE TRIGGER USER;
INSERT INTO owd_data.operation (replica, seq, street, op_id, claims, case_id, kind, author, prev, hash, head, payload,
    desk_signature, person_mac, received_at)
SELECT r.replica, n, r.street, gen_random_uuid(), true, gen_random_uuid(), 'receive', gen_random_uuid(),
    sha256(int8send(n)), sha256(int8send(n)), '{}', 'x', 'x', 'x', now()
FROM owd_data.replica r, generate_series(1000, 1000 + 3000) n WHERE r.closed_at IS NULL;
ALTER TABLE owd_data.operation ENABLE TRIGGER USER;
INSERT INTO owd_data.feed (street, seq, chain, what, subject, verdict, reason, op_id, case_id, case_version, replica, op_seq)
SELECT o.street, s.head + row_number() OVER (PARTITION BY o.street), o.hash, 'op', o.hash, 'applied', '', o.op_id,
    o.case_id, 1, o.replica, o.seq FROM owd_data.operation o JOIN owd_data.street s USING (street) WHERE o.seq >= 1000;
UPDATE owd_data.street s SET head = f.head, chain = (
    SELECT g.chain FROM owd_data.feed g WHERE g.street = s.street AND g.seq = f.head)
FROM (SELECT street, max(seq) AS head FROM owd_data.feed GROUP BY street) f WHERE f.street = s.street;
INSERT INTO owd_data.case_ (street, case_id, state, version, extended, defects, tolerated, files, duties, receipt_no,
    received_at)
SELECT street, case_id, 'received', 1, false, '{}', '{}', '{}', '{}', street || lpad(seq::text, 12, '0') ||
    left(replica::text, 3), now() FROM owd_data.operation WHERE seq >= 1000;
INSERT INTO owd_data.waiting (replica, seq, street, arrival, op_id, case_id, verdict, reason, key, present)
SELECT replica, seq, street, seq, op_id, case_id, 'parked', 'case_unknown', case_id::text, false
FROM owd_data.operation WHERE seq >= 1000;
INSERT INTO owd_data.file (street, sha256, size, chunk, complete_at)
SELECT street, hash, 10, 262144, now() FROM owd_data.operation WHERE seq >= 1000 ON CONFLICT DO NOTHING;
INSERT INTO owd_data.event (login, what, subject, outcome)
SELECT 'x', 'x', n::text, 'x' FROM generate_series(1, 3000) n;
INSERT INTO owd_data.person (person_id, street, roles, until)
SELECT gen_random_uuid(), (SELECT min(street) FROM owd_data.street), '{window}', '2099-01-01' FROM generate_series(1, 3000);
INSERT INTO owd_data.person_key SELECT (SELECT replica FROM owd_data.replica WHERE street = (SELECT min(street) FROM owd_data.street) LIMIT 1), md5(person_id::text), person_id, sha256(uuid_send(person_id))
FROM owd_data.person WHERE login IS NULL;
