-- A shop as many have one: text and number keys, decimals, times, a tree, a composite key, checks, defaults.
PRAGMA foreign_keys = OFF;
CREATE TABLE category (
  id        INTEGER PRIMARY KEY,
  parent_id INTEGER REFERENCES category (id) ON DELETE SET NULL,
  name      TEXT NOT NULL,
  slug      TEXT NOT NULL UNIQUE
);
CREATE TABLE supplier (
  code    VARCHAR(12) NOT NULL PRIMARY KEY,
  name    TEXT NOT NULL,
  country VARCHAR(2) NOT NULL DEFAULT 'DE',
  rating  REAL
);
CREATE TABLE product (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  sku           TEXT NOT NULL,
  category_id   INTEGER NOT NULL REFERENCES category (id),
  supplier_code VARCHAR(12) REFERENCES supplier (code) ON DELETE SET NULL,
  title         TEXT NOT NULL,
  price         DECIMAL(10, 2) NOT NULL CHECK (price >= 0),
  weight        REAL,
  attributes    JSON NOT NULL DEFAULT '{}',
  active        BOOLEAN NOT NULL DEFAULT 1,
  created_at    DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX product_sku ON product (sku);
CREATE INDEX product_by_category ON product (category_id, price DESC);
CREATE INDEX product_cheap ON product (price) WHERE price < 10;
CREATE TABLE customer (
  id            TEXT NOT NULL PRIMARY KEY,
  email         TEXT UNIQUE COLLATE NOCASE,
  password_hash TEXT,
  full_name     TEXT NOT NULL,
  born          DATE,
  newsletter    TINYINT(1) NOT NULL DEFAULT 0,
  created_at    BIGINT NOT NULL
);
CREATE TABLE address (
  customer_id TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
  kind        TEXT NOT NULL CHECK (kind IN ('billing', 'shipping')),
  street      TEXT NOT NULL,
  city        TEXT NOT NULL,
  PRIMARY KEY (customer_id, kind)
);
CREATE TABLE "order" (
  id           INTEGER PRIMARY KEY,
  customer_id  TEXT REFERENCES customer (id) ON DELETE SET NULL,
  address_kind TEXT,
  state        TEXT NOT NULL DEFAULT 'new',
  ordered_at   BIGINT NOT NULL,
  note         TEXT,
  FOREIGN KEY (customer_id, address_kind) REFERENCES address (customer_id, kind)
);
CREATE INDEX order_by_customer ON "order" (customer_id, ordered_at);
CREATE TABLE order_line (
  order_id   INTEGER NOT NULL REFERENCES "order" (id) ON DELETE CASCADE,
  line       INTEGER NOT NULL,
  product_id INTEGER NOT NULL REFERENCES product (id) ON DELETE RESTRICT,
  quantity   INTEGER NOT NULL DEFAULT 1,
  unit_price DECIMAL(10, 2) NOT NULL,
  PRIMARY KEY (order_id, line)
);
CREATE TABLE invoice_scan (
  order_id INTEGER NOT NULL PRIMARY KEY REFERENCES "order" (id) ON DELETE CASCADE,
  image    BLOB NOT NULL
);
CREATE VIEW revenue AS
  SELECT o.id, sum(l.quantity * l.unit_price) AS total FROM "order" o JOIN order_line l ON l.order_id = o.id GROUP BY o.id;

INSERT INTO category VALUES (1, NULL, 'All', 'all'), (2, 1, 'Books', 'books'), (3, 1, 'Tools', 'tools'),
  (4, 3, 'Hämmer & Äxte', 'hammers'), (5, 99, 'Orphan', 'orphan');
INSERT INTO supplier VALUES ('acme', 'ACME Inc.', 'US', 4.5), ('zoë/1', 'Zoë & Söhne', 'DE', NULL), ('x', '', 'FR', 3);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
INSERT INTO product (id, sku, category_id, supplier_code, title, price, weight, attributes, active, created_at)
  SELECT i, printf('SKU-%04d', i), 1 + i % 4, CASE i % 3 WHEN 0 THEN 'acme' WHEN 1 THEN 'zoë/1' END,
    'Product "' || i || '"', CASE WHEN i % 5 = 0 THEN i ELSE i + 0.99 END, CASE WHEN i % 2 THEN i / 4.0 END,
    CASE i % 3 WHEN 0 THEN '{}' WHEN 1 THEN '{"colour": "red", "sizes": [1, 2.50]}' ELSE '[null]' END, i % 7 <> 0,
    datetime(1700000000 + i * 86461, 'unixepoch') FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
INSERT INTO customer SELECT 'c' || i || CASE WHEN i % 10 = 0 THEN '.X' ELSE '' END,
    CASE WHEN i % 4 THEN 'Person' || i || '@example.com' END, CASE WHEN i % 4 THEN '$2b$12$' || hex(i) END,
    'Person ' || i, CASE WHEN i % 3 THEN date('1960-01-01', i * 301 || ' days') END, i % 2, 1690000000 + i * 1000 FROM n;
INSERT INTO address SELECT id, 'billing', 'Main street ' || rowid, 'Springfield' FROM customer WHERE rowid % 2;
INSERT INTO address SELECT id, 'shipping', 'Side "lane" ' || rowid, 'Köln' FROM customer WHERE rowid % 3 = 0;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
INSERT INTO "order" SELECT i, CASE WHEN i % 11 THEN 'c' || (1 + i % 9) ELSE 'gone' END,
    CASE WHEN i % 4 = 1 THEN 'billing' END, CASE i % 3 WHEN 0 THEN 'new' WHEN 1 THEN 'paid' ELSE 'sent' END,
    1700000000 + i * 3600, CASE WHEN i % 6 = 0 THEN 'Line one' || char(10) || 'line two' END FROM n;
INSERT INTO order_line SELECT o.id, l.value, 1 + (o.id * 7 + l.value) % 60, 1 + o.id % 3, 1.5 * l.value + o.id % 2
  FROM "order" o, json_each('[1, 2, 3]') l WHERE l.value <= 1 + o.id % 3;
INSERT INTO invoice_scan SELECT id, CAST(id || x'00FF80' AS BLOB) FROM "order" WHERE id % 5 = 0;
