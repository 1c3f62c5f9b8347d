BEGIN TRANSACTION;
CREATE TABLE copy (
    key              INTEGER PRIMARY KEY,
    holding          INTEGER NOT NULL REFERENCES holding,
    place            TEXT NOT NULL,     -- absolute path, or MEDIUM:path
    kind             TEXT NOT NULL CHECK (kind IN ('folder', 'archive', 'medium')),
    size_bytes       INTEGER NOT NULL,
    rank             INTEGER NOT NULL,  -- 0 known to be bad, 1 never checked, 2 in order
    state            TEXT NOT NULL,
    state_since      TEXT NOT NULL,
    waiting_since    TEXT NOT NULL,     -- checked_at, or the registration of a copy never checked
    checked_at       TEXT,              -- last full check that reached a verdict
    quick_checked_at TEXT,
    tried_at         TEXT,              -- last check of any kind, with or without a verdict
    added_at         TEXT NOT NULL,
    removed_at       TEXT,
    head             TEXT,              -- newest attestation that was seen in this copy
    absent           TEXT,              -- what was not there at the last check: 'package' or 'shelf'
    trust            TEXT,              -- of a copy in order, if asked: accepted, unsigned, not-accepted
    tag_manifests    TEXT               -- of a copy without attestations; JSON, as `manifests` of the holding
) STRICT;
INSERT INTO "copy" VALUES(1,1,'/new/letters-0','folder',1000,1,'never-checked','2026-01-08T02:00:00Z','2026-01-03T02:00:00Z',NULL,NULL,'2026-01-03T02:00:00Z','2026-01-01T02:00:00Z',NULL,'0001-packaging sha512:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',NULL,NULL,NULL);
INSERT INTO "copy" VALUES(2,2,'/shelf/letters-1','folder',1000,0,'changed','2026-01-03T02:00:00Z','2026-01-03T02:00:00Z','2026-01-03T02:00:00Z',NULL,'2026-01-03T02:00:00Z','2026-01-01T02:00:00Z','2026-01-07T02:00:00Z',NULL,NULL,NULL,NULL);
INSERT INTO "copy" VALUES(3,3,'/a/2','folder',1000,1,'never-checked','2026-01-04T02:00:00Z','2026-01-01T02:00:00Z',NULL,NULL,'2026-01-03T02:00:00Z','2026-01-01T02:00:00Z',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "copy" VALUES(4,1,'TAPE7:letters-0','medium',1000,1,'never-checked','2026-01-02T02:00:00Z','2026-01-02T02:00:00Z',NULL,NULL,NULL,'2026-01-02T02:00:00Z','2026-01-06T02:00:00Z',NULL,NULL,NULL,NULL);
INSERT INTO "copy" VALUES(5,4,'/new/letters-7','folder',1000,1,'never-checked','2026-01-08T02:00:00Z','2026-01-01T02:00:00Z',NULL,NULL,NULL,'2026-01-01T02:00:00Z',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE event (
    number  INTEGER PRIMARY KEY,
    record  TEXT NOT NULL,     -- canonical JSON (RFC 8785) with the digest of the event before
    digest  BLOB NOT NULL CHECK (length(digest) = 32),     -- SHA-256 of the record
    holding TEXT GENERATED ALWAYS AS (record ->> '$.holding') VIRTUAL
) STRICT;
INSERT INTO "event" VALUES(1,'{"agent":"Jane Doe","at":"2026-01-01T02:00:00Z","detail":{"check-every-days":90,"id":"7f6c2a52-0000-4000-8000-000000000000"},"event":"register","outcome":"success","previous":"0000000000000000000000000000000000000000000000000000000000000000","software":"archtool 0.1.0","type":"urn:archtool:event:register"}',X'EC106A05D6744B0E982690C4F16AB64EBC3113EB968C72CDA16386018CF1752D');
INSERT INTO "event" VALUES(2,'{"agent":"Jane Doe","at":"2026-01-01T02:00:00Z","detail":{"bytes":1000,"files":3,"kind":"package","manifests":{"manifest-sha512.txt":"sha512:abababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababab"},"place":"/shelf/letters-0","place_kind":"folder","title":"Letters 0"},"event":"ingestion","holding":"letters-0","outcome":"success","previous":"ec106a05d6744b0e982690c4f16ab64ebc3113eb968c72cda16386018cf1752d","software":"archtool 0.1.0","type":"http://id.loc.gov/vocabulary/preservation/eventType/ing"}',X'2AED0C18C3301F22DE90AEFEDE0CAA01FA482A7160CB177FD358BCA5748B59AE');
INSERT INTO "event" VALUES(3,'{"agent":"Jane Doe","at":"2026-01-01T02:00:00Z","detail":{"bytes":1000,"files":3,"kind":"package","manifests":{"manifest-sha512.txt":"sha512:abababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababab"},"place":"/shelf/letters-1","place_kind":"folder","title":"Letters 1"},"event":"ingestion","holding":"letters-1","outcome":"success","previous":"2aed0c18c3301f22de90aefede0caa01fa482a7160cb177fd358bca5748b59ae","software":"archtool 0.1.0","type":"http://id.loc.gov/vocabulary/preservation/eventType/ing"}',X'C7219EF3F4EEA6D5988814FCCAEBBAE002021859972CE603814007914B65A711');
INSERT INTO "event" VALUES(4,'{"agent":"Jane Doe","at":"2026-01-01T02:00:00Z","detail":{"bytes":1000,"files":3,"kind":"package","manifests":{"manifest-sha512.txt":"sha512:abababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababab"},"place":"/shelf/letters-2","place_kind":"folder","title":"Letters 2"},"event":"ingestion","holding":"letters-2","outcome":"success","previous":"c7219ef3f4eea6d5988814fccaebbae002021859972ce603814007914b65a711","software":"archtool 0.1.0","type":"http://id.loc.gov/vocabulary/preservation/eventType/ing"}',X'EC98A5070916ED3BB4C43AF58D6BAA186FC6670C115534EB1CCB782543C2102A');
INSERT INTO "event" VALUES(5,'{"agent":"Jane Doe","at":"2026-01-02T02:00:00Z","detail":{"place":"/shelf"},"event":"shelf","outcome":"success","previous":"ec98a5070916ed3bb4c43af58d6baa186fc6670c115534eb1ccb782543c2102a","software":"archtool 0.1.0","type":"urn:archtool:event:shelf"}',X'FD096C9D544BD2BA345620E01FA9870B484DC6CEEC23CAEE3334EB7C0A001503');
INSERT INTO "event" VALUES(6,'{"agent":"Jane Doe","at":"2026-01-02T02:00:00Z","detail":{"check-every-days":30},"event":"policy","outcome":"success","previous":"fd096c9d544bd2ba345620e01fa9870b484dc6ceec23caee3334eb7c0a001503","software":"archtool 0.1.0","type":"http://id.loc.gov/vocabulary/preservation/eventType/poa"}',X'7B4FAB122692E22F9F08D098C7B881DD150EA47C819B87B301FC5DD3C9715FAB');
INSERT INTO "event" VALUES(7,'{"agent":"Jane Doe","at":"2026-01-02T02:00:00Z","detail":{"place":"TAPE7:letters-0","place_kind":"medium"},"event":"replication","holding":"letters-0","outcome":"success","previous":"7b4fab122692e22f9f08d098c7b881dd150ea47c819b87b301fc5dd3c9715fab","software":"archtool 0.1.0","type":"http://id.loc.gov/vocabulary/preservation/eventType/rep"}',X'E7617B62711180F9E1BEF05EEA6480505EEFA25B62DE22D6EE0488434346B7EB');
INSERT INTO "event" VALUES(8,'{"agent":"Jane Doe","at":"2026-01-03T02:00:00Z","detail":{"bytes":1000,"depth":"full","files":3,"place":"/shelf/letters-0","state":"ok"},"event":"fixity-check","holding":"letters-0","outcome":"success","previous":"e7617b62711180f9e1bef05eea6480505eefa25b62de22d6ee0488434346b7eb","software":"archtool 0.1.0","type":"http://id.loc.gov/vocabulary/preservation/eventType/fix"}',X'927A5D642F8F2700075CC635C0F7D8D83CC3E043789BE59E23165D9EF475FA37');
INSERT INTO "event" VALUES(9,'{"agent":"Jane Doe","at":"2026-01-03T02:00:00Z","detail":{"bytes":1000,"depth":"full","files":3,"place":"/shelf/letters-1","state":"changed"},"event":"fixity-check","holding":"letters-1","outcome":"failure","previous":"927a5d642f8f2700075cc635c0f7d8d83cc3e043789be59e23165d9ef475fa37","software":"archtool 0.1.0","type":"http://id.loc.gov/vocabulary/preservation/eventType/fix"}',X'E2F142A2CEC855DA155DD49F85AAA5FD2505146DD7D6CD01D66B46AA80AA0718');
INSERT INTO "event" VALUES(10,'{"agent":"Jane Doe","at":"2026-01-03T02:00:00Z","detail":{"bytes":1000,"depth":"full","files":3,"place":"/shelf/letters-2","state":"unreadable"},"event":"fixity-check","holding":"letters-2","outcome":"indeterminate","previous":"e2f142a2cec855da155dd49f85aaa5fd2505146dd7d6cd01d66b46aa80aa0718","software":"archtool 0.1.0","type":"http://id.loc.gov/vocabulary/preservation/eventType/fix"}',X'32E0372D5251BAC11DB2D0CE3EC7CE2A0783AD4FA863580D7A02CA7F35EA57DC');
INSERT INTO "event" VALUES(11,'{"agent":"Jane Doe","at":"2026-01-04T02:00:00Z","detail":{"from":"/shelf/letters-2","place_kind":"folder","to":"/a/2"},"event":"relocation","holding":"letters-2","outcome":"success","previous":"32e0372d5251bac11db2d0ce3ec7ce2a0783ad4fa863580d7a02ca7f35ea57dc","software":"archtool 0.1.0","type":"urn:archtool:event:relocation"}',X'EC92A6EC554F01165DBF67AE7ABED392264C0602917D9E531028E1B61B3FEDDD');
INSERT INTO "event" VALUES(12,'{"agent":"Jane Doe","at":"2026-01-05T02:00:00Z","detail":{"to":"Prague"},"event":"custody-transfer","holding":"letters-0","outcome":"success","previous":"ec92a6ec554f01165dbf67ae7abed392264c0602917d9e531028e1b61b3feddd","software":"archtool 0.1.0","type":"http://id.loc.gov/vocabulary/preservation/eventType/tra"}',X'CB32683E2FCA3F209F9554BA79C9E9B4D4E88FDF9BC40D65C94E704AFEF776A6');
INSERT INTO "event" VALUES(13,'{"agent":"Jane Doe","at":"2026-01-05T02:00:00Z","detail":{"head":"0001-packaging sha512:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","place":"/shelf/letters-0"},"event":"attestation","holding":"letters-0","outcome":"success","previous":"cb32683e2fca3f209f9554ba79c9e9b4d4e88fdf9bc40d65c94e704afef776a6","software":"archtool 0.1.0","type":"http://id.loc.gov/vocabulary/preservation/eventType/dsg"}',X'BD1DA7CC101E5B2748D1828596C8596722011DF0330F75DAF0CB6F9176263B59');
INSERT INTO "event" VALUES(14,'{"agent":"Jane Doe","at":"2026-01-06T02:00:00Z","detail":{"place":"TAPE7:letters-0"},"event":"copy-removed","holding":"letters-0","outcome":"success","previous":"bd1da7cc101e5b2748d1828596c8596722011df0330f75daf0cb6f9176263b59","software":"archtool 0.1.0","type":"http://id.loc.gov/vocabulary/preservation/eventType/del"}',X'BA1286BF58E65ADC55CDD39AB8756D19AB1C2232F7860244BCB18B09DF020D14');
INSERT INTO "event" VALUES(15,'{"agent":"Jane Doe","at":"2026-01-07T02:00:00Z","detail":{},"event":"withdrawal","holding":"letters-1","outcome":"success","previous":"ba1286bf58e65adc55cdd39ab8756d19ab1c2232f7860244bcb18b09df020d14","software":"archtool 0.1.0","type":"http://id.loc.gov/vocabulary/preservation/eventType/dea"}',X'AF1FB5FEF1721DFAE195FC529A155BEAE91F7CD0387B795095E2A0277E0C1EA4');
INSERT INTO "event" VALUES(16,'{"agent":"Jane Doe","at":"2026-01-01T02:00:00Z","detail":{"bytes":1000,"files":3,"kind":"package","manifests":{"manifest-sha512.txt":"sha512:abababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababab"},"place":"/shelf/letters-7","place_kind":"folder","title":"Lettres à 🎼"},"event":"ingestion","holding":"letters-7","outcome":"success","previous":"af1fb5fef1721dfae195fc529a155beae91f7cd0387b795095e2a0277e0c1ea4","software":"archtool 0.1.0","type":"http://id.loc.gov/vocabulary/preservation/eventType/ing"}',X'5A6D679AD282215B7CF8467A3FCEF9BF62237640C8EEAB481A25ADC3B9DFDA08');
INSERT INTO "event" VALUES(17,'{"agent":"Jane Doe","at":"2026-01-08T02:00:00Z","detail":{"from":"/shelf","to":"/new"},"event":"shelf-moved","outcome":"success","previous":"5a6d679ad282215b7cf8467a3fcef9bf62237640c8eeab481a25adc3b9dfda08","software":"archtool 0.1.0","type":"urn:archtool:event:shelf-moved"}',X'40D46109652C1E3156A759DD562C38F9F1E5F8B2E9522DA1EDAA212169F5CD8F');
INSERT INTO "event" VALUES(18,'{"agent":"Jane Doe","at":"2026-01-09T02:00:00Z","detail":{"room":"2"},"event":"x-exhibition","holding":"letters-0","outcome":"success","previous":"40d46109652c1e3156a759dd562c38f9f1e5f8b2e9522da1edaa212169f5cd8f","software":"archtool 0.1.0","type":"urn:archtool:event:x-exhibition"}',X'55AAB4F4D3E313D75255F13D72F390BB2B2563228BF5982F62133EA071FA75B7');
CREATE TABLE head_signature (   -- signatures on the head of the chain; they are no part of it
    number    INTEGER NOT NULL REFERENCES event,
    key       TEXT NOT NULL,    -- fingerprint, 'SHA256:…'
    signer    TEXT NOT NULL,    -- name that the signer gave
    statement TEXT NOT NULL,    -- the signed text (`head_statement`)
    signature TEXT NOT NULL,    -- SSHSIG, armoured
    timestamp BLOB,             -- RFC 3161 token over the signature
    PRIMARY KEY (number, key)
) STRICT;
CREATE TABLE holding (
    key           INTEGER PRIMARY KEY,
    name          TEXT NOT NULL UNIQUE,
    title         TEXT,
    kind          TEXT NOT NULL CHECK (kind IN ('package', 'bag')),
    files         INTEGER,
    size_bytes    INTEGER,
    manifests     TEXT NOT NULL,    -- JSON: {"manifest-sha512.txt": "sha512:<hex of the file's digest>"}
    head          TEXT,             -- newest attestation, '0001-packaging sha512:<hex>'
    formats       TEXT,             -- JSON: {"fmt/95": 3}
    accession     TEXT,
    custodian     TEXT,
    registered_at TEXT NOT NULL,
    withdrawn_at  TEXT,
    content       TEXT GENERATED ALWAYS AS (substr(manifests, 41, 16)) VIRTUAL -- a part of the first digest
) STRICT;
INSERT INTO "holding" VALUES(1,'letters-0','Letters 0','package',3,1000,'{"manifest-sha512.txt":"sha512:abababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababab"}','0001-packaging sha512:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',NULL,NULL,'Prague','2026-01-01T02:00:00Z',NULL);
INSERT INTO "holding" VALUES(2,'letters-1','Letters 1','package',3,1000,'{"manifest-sha512.txt":"sha512:abababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababab"}',NULL,NULL,NULL,NULL,'2026-01-01T02:00:00Z','2026-01-07T02:00:00Z');
INSERT INTO "holding" VALUES(3,'letters-2','Letters 2','package',3,1000,'{"manifest-sha512.txt":"sha512:abababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababab"}',NULL,NULL,NULL,NULL,'2026-01-01T02:00:00Z',NULL);
INSERT INTO "holding" VALUES(4,'letters-7','Lettres à 🎼','package',3,1000,'{"manifest-sha512.txt":"sha512:abababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababab"}',NULL,NULL,NULL,NULL,'2026-01-01T02:00:00Z',NULL);
CREATE TABLE month (           -- how many events of each kind a month had
    month      TEXT NOT NULL,  -- 2026-11
    event      TEXT NOT NULL,
    outcome    TEXT NOT NULL,
    events     INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (month, event, outcome)
) STRICT, WITHOUT ROWID;
INSERT INTO "month" VALUES('2026-01','attestation','success',1,0);
INSERT INTO "month" VALUES('2026-01','copy-removed','success',1,0);
INSERT INTO "month" VALUES('2026-01','custody-transfer','success',1,0);
INSERT INTO "month" VALUES('2026-01','fixity-check','failure',1,1000);
INSERT INTO "month" VALUES('2026-01','fixity-check','indeterminate',1,1000);
INSERT INTO "month" VALUES('2026-01','fixity-check','success',1,1000);
INSERT INTO "month" VALUES('2026-01','ingestion','success',4,4000);
INSERT INTO "month" VALUES('2026-01','policy','success',1,0);
INSERT INTO "month" VALUES('2026-01','register','success',1,0);
INSERT INTO "month" VALUES('2026-01','relocation','success',1,0);
INSERT INTO "month" VALUES('2026-01','replication','success',1,0);
INSERT INTO "month" VALUES('2026-01','shelf','success',1,0);
INSERT INTO "month" VALUES('2026-01','shelf-moved','success',1,0);
INSERT INTO "month" VALUES('2026-01','withdrawal','success',1,0);
INSERT INTO "month" VALUES('2026-01','x-exhibition','success',1,0);
CREATE TABLE run (
    id       TEXT PRIMARY KEY,
    begun_at TEXT NOT NULL,
    ended_at TEXT,
    begun    TEXT NOT NULL,    -- JSON: what was to be checked
    ended    TEXT              -- JSON: what was found, and the totals of the register
) STRICT, WITHOUT ROWID;
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "setting" VALUES('check-every-days','30');
INSERT INTO "setting" VALUES('id','7f6c2a52-0000-4000-8000-000000000000');
CREATE TABLE shelf (
    place    TEXT PRIMARY KEY,
    added_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "shelf" VALUES('/new','2026-01-02T02:00:00Z');
CREATE TABLE total (           -- what is in the tables `holding` and `copy`; the triggers below keep it
    name       TEXT PRIMARY KEY,    -- 'holdings', or 'rank-N' for the copies of a rank
    entries    INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "total" VALUES('holdings',3,0);
INSERT INTO "total" VALUES('rank-0',0,0);
INSERT INTO "total" VALUES('rank-1',3,3000);
INSERT INTO "total" VALUES('rank-2',0,0);
CREATE INDEX event_of_holding ON event (holding, number) WHERE holding IS NOT NULL;
CREATE INDEX event_of_register ON event (number) WHERE holding IS NULL;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT raise(ABORT, 'an event is never changed'); END;
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT raise(ABORT, 'an event is never deleted'); END;
CREATE TRIGGER event_follows_the_last BEFORE INSERT ON event
WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM event)
  OR instr(NEW.record, '"previous":"' || coalesce(    -- without parsing JSON: it is done for each event
     (SELECT lower(hex(digest)) FROM event ORDER BY number DESC LIMIT 1), printf('%064d', 0)) || '"') = 0
BEGIN SELECT raise(ABORT, 'an event must follow the last one'); END;
CREATE INDEX holding_by_content ON holding (content);
CREATE INDEX holding_kept ON holding (name) WHERE withdrawn_at IS NULL;
CREATE INDEX holding_withdrawn ON holding (name) WHERE withdrawn_at IS NOT NULL;
CREATE UNIQUE INDEX copy_at_place ON copy (place) WHERE removed_at IS NULL;
CREATE INDEX copy_of_holding ON copy (holding);
CREATE INDEX copy_by_urgency ON copy (rank, waiting_since, key, size_bytes, kind) WHERE removed_at IS NULL;
CREATE INDEX copy_to_retry ON copy (tried_at, key, size_bytes, kind) WHERE rank = 0 AND removed_at IS NULL;
CREATE INDEX copy_on_medium ON copy (place) WHERE kind = 'medium' AND removed_at IS NULL;
CREATE INDEX copy_not_accepted ON copy (key) WHERE trust = 'not-accepted' AND removed_at IS NULL;
CREATE INDEX copy_by_state ON copy (state, size_bytes) WHERE removed_at IS NULL;
CREATE INDEX run_by_time ON run (begun_at);
CREATE TRIGGER holding_comes AFTER INSERT ON holding WHEN NEW.withdrawn_at IS NULL
BEGIN UPDATE total SET entries = entries + 1 WHERE name = 'holdings'; END;
CREATE TRIGGER holding_goes AFTER DELETE ON holding WHEN OLD.withdrawn_at IS NULL
BEGIN UPDATE total SET entries = entries - 1 WHERE name = 'holdings'; END;
CREATE TRIGGER holding_changes AFTER UPDATE OF withdrawn_at ON holding
BEGIN
    UPDATE total SET entries = entries + (NEW.withdrawn_at IS NULL) - (OLD.withdrawn_at IS NULL)
    WHERE name = 'holdings';
END;
CREATE TRIGGER copy_comes AFTER INSERT ON copy WHEN NEW.removed_at IS NULL
BEGIN
    UPDATE total SET entries = entries + 1, size_bytes = size_bytes + NEW.size_bytes
    WHERE name = 'rank-' || NEW.rank;
END;
CREATE TRIGGER copy_goes AFTER DELETE ON copy WHEN OLD.removed_at IS NULL
BEGIN
    UPDATE total SET entries = entries - 1, size_bytes = size_bytes - OLD.size_bytes
    WHERE name = 'rank-' || OLD.rank;
END;
CREATE TRIGGER copy_changes AFTER UPDATE OF rank, size_bytes, removed_at ON copy
BEGIN
    UPDATE total SET entries = entries - 1, size_bytes = size_bytes - OLD.size_bytes
    WHERE name = 'rank-' || OLD.rank AND OLD.removed_at IS NULL;
    UPDATE total SET entries = entries + 1, size_bytes = size_bytes + NEW.size_bytes
    WHERE name = 'rank-' || NEW.rank AND NEW.removed_at IS NULL;
END;
COMMIT;
PRAGMA application_id = 1095910216;
PRAGMA user_version = 1;
