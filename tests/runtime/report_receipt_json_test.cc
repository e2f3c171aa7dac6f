#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "runtime/report/receipt_json.h"
#include "tests/runtime/report_sample.h"

namespace twoway::report {
namespace {

constexpr ReceiptContext context{Verb::migrate, "0.1.0"};

TEST(ReceiptJson, WholeText) {
  RunReport report = sample::bad();
  report.entities.erase(report.entities.begin());
  report.user = "ada";
  report.host = "books";
  report.entities.back().chunk_key = {"id"};
  report.entities.back().chunks = {{12, report.entities.back().digest}};
  report.references = {{"chat", "user_id", "user", "entities/chat.yaml:7", {12000, 3}, {12000, 4}}};
  report.files_mode = FileOptions::Mode::copy;
  report.files = {sample::files()};
  EXPECT_EQ(receipt_json(report, context), R"({
  "receipt": "twoway",
  "format": 1,
  "program_version": "0.1.0",
  "verb": "migrate",
  "verdict": {
    "word": "differences",
    "text": "DIFFERENCES: 2 rows differ, 1 row is missing in the target, 1 row was rejected; 12,012 rows compared.",
    "status": 1
  },
  "mapping": "openwebui-pocketbase",
  "mapping_digest": "ab12",
  "direction": "to_pocketbase",
  "from": {
    "store": "webui.db",
    "version": "Open WebUI 0.12.4"
  },
  "to": {
    "store": "pb_data",
    "version": "PocketBase 0.40.6"
  },
  "run_by": {
    "user": "ada",
    "host": "books"
  },
  "started": "2026-11-21T12:00:00Z",
  "finished": "2026-11-21T12:00:09Z",
  "dry_run": false,
  "verified": true,
  "verification": "all",
  "seed": null,
  "target_created": false,
  "resumed": null,
  "backup": "pb_data.twoway/backup-1.db",
  "rejected_file": null,
  "stopped": null,
  "people": null,
  "total_digest": "2d94b04ce1b1c3e016e16f818c7e595b",
  "terms": "rows",
  "root": "3a0a2615ad73785962da6c4c79202305261117e639730e0f7ef7b7bfba1e8e5d",
  "earlier": null,
  "totals": {
    "read": 12012,
    "inserted": 12012,
    "updated": 0,
    "unchanged": 0,
    "rejected": 1,
    "deleted": 0,
    "with_residue": 7,
    "with_side": 0,
    "superseded": 1,
    "adapted": 0,
    "to_attic": 0,
    "skipped": 0,
    "bytes": 1201200,
    "verified": 12012,
    "different": 2,
    "missing": 1,
    "extra": 0,
    "migrate_nanoseconds": 12012000,
    "verify_nanoseconds": 6006000
  },
  "entities": [
    {
      "name": "chat",
      "table": "chat",
      "collection": "chats",
      "attic": false,
      "read": 12000,
      "inserted": 12000,
      "updated": 0,
      "unchanged": 0,
      "rejected": 1,
      "deleted": 0,
      "with_residue": 7,
      "with_side": 0,
      "superseded": 1,
      "adapted": 0,
      "to_attic": 0,
      "skipped": 0,
      "bytes": 1200000,
      "verified": 12000,
      "different": 2,
      "missing": 1,
      "extra": 0,
      "migrate_nanoseconds": 12000000,
      "verify_nanoseconds": 6000000,
      "digest": "44444444444444444444444444444444",
      "root": null,
      "chunk_key": [],
      "chunks": [],
      "superseded_examples": [
        "c1 title"
      ]
    },
    {
      "name": "memory",
      "table": "memory",
      "collection": "memorys",
      "attic": false,
      "read": 0,
      "inserted": 0,
      "updated": 0,
      "unchanged": 0,
      "rejected": 0,
      "deleted": 0,
      "with_residue": 0,
      "with_side": 0,
      "superseded": 0,
      "adapted": 0,
      "to_attic": 0,
      "skipped": 0,
      "bytes": 0,
      "verified": 0,
      "different": 0,
      "missing": 0,
      "extra": 0,
      "migrate_nanoseconds": 0,
      "verify_nanoseconds": 0,
      "digest": "00000000000000000000000000000000",
      "root": null,
      "chunk_key": [],
      "chunks": [],
      "superseded_examples": []
    },
    {
      "name": "forktable",
      "table": "forktable",
      "collection": "",
      "attic": true,
      "read": 12,
      "inserted": 12,
      "updated": 0,
      "unchanged": 0,
      "rejected": 0,
      "deleted": 0,
      "with_residue": 0,
      "with_side": 0,
      "superseded": 0,
      "adapted": 0,
      "to_attic": 0,
      "skipped": 0,
      "bytes": 1200,
      "verified": 12,
      "different": 0,
      "missing": 0,
      "extra": 0,
      "migrate_nanoseconds": 12000,
      "verify_nanoseconds": 6000,
      "digest": "44444444444444444444444444444444",
      "root": "145ee22bb3f9e3baa9dbc10f21384940dee33113a0406ac3d97bfd23764fd323",
      "chunk_key": [
        "id"
      ],
      "chunks": [
        "12 44444444444444444444444444444444"
      ],
      "superseded_examples": []
    }
  ],
  "notes": [
    {
      "what": "purged",
      "weight": "information",
      "subject": "auth.session_stamp",
      "entity": "",
      "column": "",
      "count": 345,
      "text": "sessions end",
      "position": "entities/user.yaml:31",
      "keys": [],
      "choice": ""
    },
    {
      "what": "unknown_table",
      "weight": "information",
      "subject": "table forktable",
      "entity": "",
      "column": "",
      "count": 12,
      "text": "kept in the attic",
      "position": "",
      "keys": [],
      "choice": ""
    }
  ],
  "rejected": [
    {
      "entity": "chat",
      "key": "c9",
      "column": "title",
      "reason": "longer than the field allows"
    }
  ],
  "differences": [
    {
      "entity": "chat",
      "key": "c1",
      "column": "title",
      "expected": "'Hello'",
      "found": "'Hallo'",
      "position": "entities/chat.yaml:7"
    },
    {
      "entity": "chat",
      "key": "c2",
      "column": "",
      "expected": "a row",
      "found": "nothing",
      "position": ""
    }
  ],
  "references": [
    {
      "entity": "chat",
      "column": "user_id",
      "target": "user",
      "from": {
        "all": 12000,
        "nowhere": 3
      },
      "to": {
        "all": 12000,
        "nowhere": 4
      },
      "position": "entities/chat.yaml:7"
    }
  ],
  "files": {
    "mode": "copy",
    "fields": [
      {
        "entity": "file",
        "field": "file",
        "from": "/srv/uploads",
        "to": "pb_data/storage/twoway_file",
        "named": 9,
        "present": 7,
        "copied": 5,
        "linked": 0,
        "skipped": 1,
        "missing": 1,
        "elsewhere": 1,
        "unseen": 0,
        "refused": 0,
        "failed": 1,
        "other_size": 0,
        "other_hash": 2,
        "different": 0,
        "unnamed": 3,
        "verified": 5,
        "hashed": 6,
        "bytes": 2130,
        "copied_bytes": 2000,
        "digest": "00000000000000070000000000000000",
        "copy_nanoseconds": 12000,
        "verify_nanoseconds": 5000,
        "position": "entities/file.yaml:18"
      }
    ]
  }
}
)");
}

TEST(ReceiptJson, ForeignBytesMakeNoInvalidDocument) {
  RunReport report = sample::bad();
  report.entities[0].name = std::string("\xFF\0\"</script>", 12);
  report.from = "postgresql://me:s3cret@host/db";
  const std::string text = receipt_json(report, context);
  const boost::json::value document = boost::json::parse(text);
  EXPECT_EQ(document.at("entities").at(0).at("name").as_string(), "\uFFFD\uFFFD\"</script>");
  EXPECT_EQ(text.find("s3cret"), std::string::npos);
}

}  // namespace
}  // namespace twoway::report
