-- A machine as version 1 left it: one dossier that has arrived and came back with a request, one waiting half sent,
-- one draft. Every table has a row. The signing key is the published test key of RFC 8037.
INSERT INTO alembic_version VALUES ('v0001');
INSERT INTO profile VALUES ('device', '"0199a3f0-0000-7abc-8def-0123456789ab"');
INSERT INTO profile VALUES ('person', '"V\u0169 \u0110\u1ee9c \u0110\u1ea1t"');
INSERT INTO profile VALUES ('unit', '"09208"');
INSERT INTO profile VALUES ('signing', '{"kty": "OKP", "crv": "Ed25519", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}');
INSERT INTO profile VALUES ('made_at', '"2026-11-23T03:00:00.000Z"');
INSERT INTO profile VALUES ('province', '{"url": "http://127.0.0.1:9", "server_id": "bn", "token": "t", "receipt_keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}], "certificate_sha256": null, "office": "Tam \u0110a"}');
INSERT INTO dossiers VALUES ('0199a3f0-0001-7abc-8def-0123456789ab', 'BN-7K4-M2P', 'abcdefghijklmnopqrstuv', '1.001193', 'Thủ tục đăng ký khai sinh', 'Birth registration', '2026.11.23', 'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc', 1, NULL, 'NGUYỄN THỊ HOÀ', '027190000002', 'nguyen thi hoa', NULL, NULL, '2026-11-23T03:01:00.000Z', '2026-11-23T03:05:00.000Z', NULL);
INSERT INTO dossiers VALUES ('0199a3f0-0002-7abc-8def-0123456789ab', 'BN-8K4-M2P', 'bbcdefghijklmnopqrstuv', '1.001193', 'Thủ tục đăng ký khai sinh', 'Birth registration', '2026.11.23', 'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc', 1, NULL, 'TRẦN VĂN TƯ', '027190000003', 'tran van tu', NULL, NULL, '2026-11-23T03:02:00.000Z', '2026-11-23T03:06:00.000Z', NULL);
INSERT INTO dossiers VALUES ('0199a3f0-0003-7abc-8def-0123456789ab', 'BN-9K4-M2P', 'cbcdefghijklmnopqrstuv', '1.001193', 'Thủ tục đăng ký khai sinh', 'Birth registration', '2026.11.23', 'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc', 1, NULL, '', '', '', 'question', '{}', '2026-11-23T03:03:00.000Z', '2026-11-23T03:07:00.000Z', NULL);
INSERT INTO answers VALUES ('0199a3f0-0003-7abc-8def-0123456789ab', '/data/applicant/full_name', 'LÊ THỊ SÁU', 'typed', '2026-11-23T03:07:00.000Z');
INSERT INTO answer_changes VALUES (1, '0199a3f0-0003-7abc-8def-0123456789ab', 1, '/data/applicant/full_name', '', 'LÊ THỊ SÁU', 'typed', '2026-11-23T03:07:00.000Z', 0);
INSERT INTO paper_marks VALUES ('0199a3f0-0003-7abc-8def-0123456789ab', 'birth_evidence', 1, 0);
INSERT INTO consents VALUES (1, '0199a3f0-0001-7abc-8def-0123456789ab', 'file_dossier', '1', 'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', '2026-11-23T03:04:00.000Z', 'representative', 'Bà Tư', 'tapped', NULL);
INSERT INTO photos VALUES ('0199a3f0-aaaa-7abc-8def-0123456789ab', '0199a3f0-0002-7abc-8def-0123456789ab', 'birth_evidence', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 345678, 'image/jpeg', '00112233445566778899aabbccddeeff.sealed', X'00112233', '2026-11-23T03:02:30.000Z', NULL);
INSERT INTO outbox VALUES (1, '0199a3f0-0001-7abc-8def-0123456789ab', 1, 'proved', X'7B7D', 'e30..AAAA', 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', 2, '2026-11-23T03:05:00.000Z', 1, 0, NULL, NULL, NULL, NULL, 'a.b.c', 'H05.27-261123-0001', '2026-11-23T03:05:30.000Z');
INSERT INTO outbox VALUES (2, '0199a3f0-0002-7abc-8def-0123456789ab', 1, 'sending', X'7B7D', 'e30..AAAA', 'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 345680, '2026-11-23T03:06:00.000Z', 1, 2, '2026-11-23T03:06:30.000Z', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO outbox_files VALUES (2, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '0199a3f0-aaaa-7abc-8def-0123456789ab', 345678, 'image/jpeg', 262144, 300000);
INSERT INTO uploads VALUES ('bn', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '/v1/blobs/u1', 262144, NULL);
INSERT INTO server_truth VALUES ('0199a3f0-0001-7abc-8def-0123456789ab', 4, 1, 'needs_info', '2026-11-23T03:08:00.000Z', 'Ghi rõ thôn.', 'Bà Hạnh', 'H05.27-261123-0001', '{"id": "0199a3f0-1111-7abc-8def-0123456789ab", "deadline": "2026-11-28T03:05:00Z", "fields": ["/data/declaration/mother/residence"], "papers": [], "note": "Ghi rõ thôn."}', NULL, NULL, NULL);
INSERT INTO events VALUES (1, '0199a3f0-0001-7abc-8def-0123456789ab', '2026-11-23T03:08:00.000Z', 'needs_info', 1, 'Bà Hạnh', 'Ghi rõ thôn.', 4);
INSERT INTO cursors VALUES ('bn', 'changes', '4', '2026-11-23T03:08:00.000Z');
INSERT INTO attempts VALUES (1, '2026-11-23T03:06:00.000Z', 'blob', 'timeout', 300000, 4000);
