"""What differs between the databases that Open WebUI can live in: a SQLite file, PostgreSQL.

Each class stands for one of them, in the outer process (prepare) and in the inner one (the rest).
"""

import hashlib
import os
import shutil
import sqlite3
from pathlib import Path

# All that a migration could change: what is declared, and every row as text.
DECLARATIONS = """
SELECT relname, attnum, attname, format_type(atttypid, atttypmod), attnotnull,
    pg_get_expr(adbin, adrelid)
  FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  WHERE relnamespace = current_schema::regnamespace AND relkind IN ('r', 'S');
SELECT conrelid::regclass, conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = current_schema::regnamespace;
SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema;
SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema
"""


class SqliteFile:
    """A file. It is copied, because opening it could already change it."""

    read_only_statement = "PRAGMA query_only = ON"

    def __init__(self, original, data_dir):
        self.original = original
        self.path = data_dir / "webui.db"

    def prepare(self):
        """Makes what Open WebUI will open; returns why it cannot, or None."""
        if not self.original.is_file():
            return f"no such file: {self.original}"
        shutil.copyfile(self.original, self.path)
        self.path.chmod(0o600)
        log_file = Path(f"{self.original}-wal")
        if log_file.exists():
            shutil.copyfile(log_file, f"{self.path}-wal")
        return None

    def url(self):
        return f"sqlite:///{self.path}"

    def damage(self):
        """What the database itself says is wrong with it."""
        connection = sqlite3.connect(self.path)
        found = connection.execute("PRAGMA integrity_check").fetchall()
        connection.close()
        return [] if found == [("ok",)] else [f"integrity check: {found[:3]}"]

    def digest(self):
        """SHA-256 of the file after everything in the write-ahead log is moved to it."""
        connection = sqlite3.connect(self.path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        connection.close()
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


class Postgresql:
    """A database on a server. It is not copied, which takes rights that its owner may lack: every
    session is read-only, and whoever asks for --check-schema has it written to."""

    read_only_statement = "SET default_transaction_read_only = on"

    def prepare(self):
        import psycopg

        try:
            psycopg.connect(self.libpq_url()).close()
        except psycopg.OperationalError as error:
            return f"cannot connect to the database of DATABASE_URL: {error}"
        return None

    def url(self):
        return os.environ["DATABASE_URL"]

    def libpq_url(self):
        """SQLAlchemy's addresses name a driver and may spell the scheme otherwise."""
        return "postgresql://" + self.url().split("://", 1)[1]

    def damage(self):
        """The constraints hold always, and reading all rows reads all pages."""
        return []

    def digest(self):
        import psycopg
        from psycopg import sql

        digest = hashlib.sha256()
        with psycopg.connect(self.libpq_url()) as connection:
            def add(query):
                rows = sorted(repr(row) for row in connection.execute(query))
                digest.update("\n".join([str(len(rows)), *rows]).encode())

            for query in DECLARATIONS.split(";"):
                add(query)
            names = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = current_schema ORDER BY 1")
            for (name,) in names.fetchall():
                add(sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(name)))
        return digest.hexdigest()


def is_postgresql(url):
    return url.startswith(("postgresql://", "postgresql+", "postgres://"))
