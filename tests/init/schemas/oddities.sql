-- What SQLite allows and other databases do not.
CREATE TABLE settings (scope TEXT, name TEXT, value ANY, PRIMARY KEY (scope, name)) WITHOUT ROWID;
CREATE TABLE strict_log (id INTEGER PRIMARY KEY, level INT NOT NULL, body BLOB, extra ANY) STRICT;
CREATE TABLE no_key (a TEXT, b INTEGER, c);
CREATE TABLE "odd "" names, 'all' of [them]" (
  "primary key" INTEGER PRIMARY KEY,
  "select"      TEXT,
  "größe in m"  REAL,
  "1st"         TEXT,
  "a.b"         TEXT,
  "id"          TEXT,
  "created"     TEXT,
  "a_b"         TEXT,
  "true"        BOOLEAN,
  "expand"      TEXT,
  "x_via_y"     TEXT,
  "emoji 🙂"    TEXT,
  "dash-ed"     TEXT,
  "it's"        TEXT DEFAULT 'it''s',
  "back\slash"  TEXT DEFAULT '\n'
);
CREATE TABLE users (id BLOB NOT NULL PRIMARY KEY, name TEXT, "class" VARCHAR);
CREATE TABLE twice (id TEXT PRIMARY KEY, user_id BLOB REFERENCES users (id) ON DELETE CASCADE,
  self_id TEXT REFERENCES twice DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE computed (
  id     INTEGER PRIMARY KEY,
  width  REAL NOT NULL,
  height REAL NOT NULL,
  area   REAL GENERATED ALWAYS AS (width * height) STORED,
  label  TEXT AS (printf('%.1f', width)) VIRTUAL,
  CHECK (width > 0 /* ) */ AND height > 0)
);
CREATE INDEX computed_area ON computed (area);
CREATE TABLE by_unique (code TEXT NOT NULL, kind TEXT NOT NULL, "when" TEXT, UNIQUE (kind, code));
CREATE TABLE real_key (id REAL PRIMARY KEY, name TEXT);
CREATE TABLE only_key (word TEXT NOT NULL PRIMARY KEY);
CREATE TABLE tenant (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE folder (tenant_id INTEGER NOT NULL REFERENCES tenant (id), path TEXT NOT NULL COLLATE NOCASE, parent TEXT,
  PRIMARY KEY (tenant_id, path),
  FOREIGN KEY (tenant_id, parent) REFERENCES folder (tenant_id, path));
CREATE TABLE note (id INTEGER PRIMARY KEY, no_key_id INTEGER REFERENCES no_key (b), code TEXT, kind TEXT,
  body TEXT NOT NULL ON CONFLICT REPLACE DEFAULT '', FOREIGN KEY (code, kind) REFERENCES by_unique (code, kind));
CREATE UNIQUE INDEX note_body ON note (body COLLATE NOCASE, "kind" DESC) WHERE kind IS NOT NULL;
CREATE TABLE days (d DATE PRIMARY KEY, t TIME, y STRING, u UUID, m MONEY, untyped);
CREATE VIRTUAL TABLE search USING fts5(body);
CREATE VIEW "all notes" AS SELECT id, body AS "the body" FROM note;
CREATE TRIGGER note_changed AFTER UPDATE ON note BEGIN SELECT 1; END;

INSERT INTO search VALUES ('it is not carried');
INSERT INTO settings VALUES ('a', 'n', 1), ('a', 'm', 'text'), ('', 'n', x'00'), ('B', 'n', 2.0), ('b', 'n', NULL);
INSERT INTO strict_log VALUES (1, 3, x'', 1), (2, 4, NULL, 'x'), (3, 5, x'DEADBEEF', 2.5), (-9223372036854775808, 1, x'00', x'01');
INSERT INTO no_key VALUES ('x', 1, 1.5), ('x', 1, 1.5), (NULL, NULL, x'00'), (7, 'seven', NULL);
INSERT INTO "odd "" names, 'all' of [them]" ("primary key", "select", "größe in m", "1st", "a.b", "id", "created", "a_b", "true",
  "expand", "x_via_y", "emoji 🙂", "dash-ed") VALUES
  (1, 'FROM', 1.5, 'first', 'a.b', 'id', 'created', 'a_b', 1, 'expand', 'via', '🙂', '-'),
  (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (3, '', 0, '', '', '', '', '', 0, '', '', '', ''),
  (4, x'FFFE', 'no number', 5, 2.5, x'00', '2024-01-01', 'b', 'maybe', 'e', 'v', 'm', 'd');
INSERT INTO users VALUES (x'00112233445566778899AABBCCDDEEFF', 'Ada', 'a'), (x'', 'nobody', NULL), (x'41', NULL, 'A');
INSERT INTO twice VALUES ('a', x'41', NULL), ('A', x'', 'a'), ('b', x'99', 'missing'), ('c', NULL, 'c'), (NULL, NULL, NULL), (NULL, NULL, 'a');
INSERT INTO computed (id, width, height) VALUES (1, 2, 3), (2, 0.5, 0.25);
INSERT INTO by_unique VALUES ('a', 'k', NULL), ('b', 'k', '2024-01-01'), ('a', 'l', '2024-01-01T10:00:00Z');
INSERT INTO real_key VALUES (1.5, 'one and a half'), (2, 'two');
INSERT INTO only_key VALUES ('one'), ('Two'), ('two'), (''), ('a/b');
INSERT INTO tenant VALUES (1, 'one'), (2, 'two');
INSERT INTO folder VALUES (1, '/', NULL), (1, '/a', '/'), (1, '/a/b', '/a'), (2, '/', NULL), (2, '/z', '/nowhere');
INSERT INTO note VALUES (1, 1, 'a', 'k', 'first'), (2, 99, 'z', 'z', 'Second'), (3, NULL, NULL, NULL, ''), (9007199254740993, NULL, 'a', 'l', 'far');
INSERT INTO days VALUES ('2024-02-29', '10:00', 'a', 'b7a1', 19.9, 1), ('0001-01-01', '25:00', 5, NULL, 20, 'x'),
  ('not a day', NULL, 5.5, 7, 'much', x'00'), (20240101, 1, NULL, 'B7A1', -0.5, NULL);
