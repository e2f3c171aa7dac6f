-- PostgreSQL's own types.
CREATE TYPE mood AS ENUM ('fine', 'so so', 'ill');
CREATE TABLE ward (
  id    smallint PRIMARY KEY,
  name  character varying(40) NOT NULL UNIQUE,
  beds  integer NOT NULL DEFAULT 4 CHECK (beds > 0)
);
CREATE TABLE patient (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  ward_id    smallint REFERENCES ward (id) ON DELETE SET NULL,
  name       text NOT NULL,
  mood       mood NOT NULL DEFAULT 'fine',
  tags       text[] NOT NULL DEFAULT '{}',
  extra      jsonb,
  born       date,
  registered timestamp with time zone NOT NULL DEFAULT now()
);
CREATE TABLE visit (
  id         serial PRIMARY KEY,
  patient_id uuid NOT NULL REFERENCES patient (id) ON DELETE CASCADE,
  at         timestamp without time zone NOT NULL,
  note       text NOT NULL DEFAULT '',
  paid       boolean NOT NULL DEFAULT false
);
CREATE INDEX visit_at ON visit (at DESC, patient_id);
CREATE INDEX visit_open ON visit (patient_id) WHERE NOT paid;
CREATE INDEX patient_name ON patient (lower(name));
CREATE INDEX patient_extra ON patient USING gin (extra);
CREATE TABLE measurement (
  visit_id integer NOT NULL REFERENCES visit (id) ON DELETE CASCADE,
  what     text NOT NULL,
  value    numeric(10, 2),
  exact    numeric,
  factor   real,
  doubled  numeric GENERATED ALWAYS AS (value * 2) STORED,
  raw      bytea,
  PRIMARY KEY (visit_id, what)
);
CREATE TABLE "Odd Table" (
  "Id"     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "select" char(3),
  took     interval,
  address  inet,
  doc      json
);
CREATE TABLE event_log (at timestamp with time zone, what text);
CREATE VIEW open_visits AS SELECT id, patient_id FROM visit WHERE NOT paid;

INSERT INTO ward VALUES (1, 'North', 4), (2, 'Süd', 12);
INSERT INTO patient (id, ward_id, name, mood, tags, extra, born, registered) VALUES
  ('11111111-1111-4111-8111-111111111111', 1, 'Ada', 'fine', '{}', NULL, '1815-12-10', '2024-01-01 10:00:00+00'),
  ('22222222-2222-4222-8222-222222222222', NULL, 'Bob', 'ill', '{"a b",c}', '{"n": 12345678901234567890}', NULL,
   '2024-06-30 23:59:59.123456+02'),
  ('33333333-3333-4333-8333-333333333333', 2, '', 'so so', '{NULL}', '3', '0001-01-01', '1999-12-31 00:00:00-08');
INSERT INTO visit (patient_id, at, note, paid) VALUES
  ('11111111-1111-4111-8111-111111111111', '2024-01-02 08:00:00', 'first', true),
  ('11111111-1111-4111-8111-111111111111', '2024-01-03 08:00:00.5', '', false),
  ('22222222-2222-4222-8222-222222222222', '2024-02-29 12:34:56.789012', E'two\nlines', false);
INSERT INTO measurement (visit_id, what, value, exact, factor, raw) VALUES
  (1, 'pulse', 60, 60, 0.5, '\x00ff'), (1, 'temperature', 36.60, 36.6000000000000000001, 0.1, NULL),
  (2, 'pulse', NULL, 1e30, NULL, ''), (3, 'weight', 99999999.99, 0.10, 1e10, '\x61');
INSERT INTO "Odd Table" ("select", took, address, doc) VALUES ('ab', '1 day 02:03:04', '10.0.0.1/8', '{"a": 1}'),
  (NULL, NULL, '::1', '1.50');
INSERT INTO event_log VALUES ('2024-01-01 00:00:00+00', 'started'), (NULL, NULL), (NULL, NULL);
