#include "tests/mutants/mapping_judge.h"

#include <algorithm>
#include <mutex>
#include <regex>
#include <sstream>

#include "generator/cli/vet.h"
#include "generator/emit/emit.h"
#include "generator/emit/sql/postgresql_schema.h"
#include "generator/emit/sql/sqlite_schema.h"
#include "generator/plan/compile.h"
#include "tests/emit/mappings.h"
#include "tests/emit/schema_catalog.h"
#include "tests/generator/files.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/postgresql_cluster.h"

namespace twowayc::test {
namespace {

namespace fs = std::filesystem;
using twoway::test::PostgresqlCluster;
using twoway::test::shared_cluster;
using twoway::test::SqliteFile;

/// What vet finds, without positions: they move. Only findings count, not what it merely lists.
std::set<std::string> findings_in(const VetReport& report) {
  static const std::regex line_of_finding("^[^ ]*: ([a-z-]+: .*)$");
  std::set<std::string> found;
  std::istringstream lines(report.text);
  std::smatch parts;
  for (std::string line; std::getline(lines, line);) {
    if (!std::regex_match(line, parts, line_of_finding)) continue;
    const std::string text = parts[1];
    const bool listed = text.starts_with("purge: ") || text.starts_with("lossy: ") || text.starts_with("advice: ");
    if (!listed) found.insert(text);
  }
  return found;
}

/// The code that runs: neither positions, nor digests, nor pages for people.
FileTree code_of(const MappingModel& model) {
  FileTree tree = emit(model);
  std::erase_if(tree, [](const auto& file) {
    return file.first.starts_with("positions/") || file.first.starts_with("docs/") || file.first == "MANIFEST";
  });
  static const std::regex positions("#line [^\n]*\n|mapping\\.yaml:[0-9]+");
  for (auto& [path, text] : tree) {
    if (path == "proofs.cc" || path == "mapping.cc") text = std::regex_replace(text, positions, "");
  }
  return tree;
}

/// Whether two trees differ in the statements that make databases, and in nothing else but digests.
bool only_statements_differ(const FileTree& one, const FileTree& other) {
  static const std::regex digest("[0-9a-f]{64}");
  return one.size() == other.size() &&
         std::equal(one.begin(), one.end(), other.begin(), [](const auto& a, const auto& b) {
           return a.first == b.first &&
                  (a.second == b.second || a.first.starts_with("schema_") ||
                   std::regex_replace(a.second, digest, "") == std::regex_replace(b.second, digest, ""));
         });
}

/// What a database of these statements says of itself; one word where they cannot be executed.
std::vector<std::string> catalog_of(const std::vector<std::string>& statements) {
  SqliteFile file(":memory:", SqliteFile::Mode::create);
  try {
    for (const std::string& statement : statements) file.execute(statement);
  } catch (const std::runtime_error&) {
    return {"refused"};
  }
  std::vector<std::string> catalog = sqlite_catalog(file);
  const std::vector<std::string> tables = file.tables();
  if (std::find(tables.begin(), tables.end(), "alembic_version") == tables.end()) return catalog;
  catalog.push_back(described(file.rows("SELECT * FROM alembic_version")));
  return catalog;
}

std::vector<std::string> postgresql_catalog_of(const std::vector<std::string>& statements) {
  static std::mutex one_at_a_time;
  const std::lock_guard guard(one_at_a_time);
  const std::string database = shared_cluster().create_database();
  std::string script;
  for (const std::string& statement : statements) script += statement + ";\n";
  std::vector<std::string> catalog{"refused"};
  try {
    shared_cluster().sql(database, script);
    catalog = postgresql_catalog(database);
  } catch (const std::runtime_error&) {
    // What is refused is noticed. A cluster that is gone stops the test below.
  }
  shared_cluster().sql("postgres", "DROP DATABASE " + database, PostgresqlCluster::superuser);
  return catalog;
}

/// The application's own schema.
const std::vector<std::string>& application_in_postgresql() {
  static const std::vector<std::string> catalog = [] {
    const std::string database = shared_cluster().create_database();
    shared_cluster().load(database,
                          twoway::test::source_directory() / "tests/data/openwebui/schema-postgres-0.12.4.sql");
    return postgresql_catalog(database);
  }();
  return catalog;
}

}  // namespace

std::string name_of(Noticed noticed) {
  switch (noticed) {
    case Noticed::by_compiler:
      return "twowayc";
    case Noticed::by_vet:
      return "vet";
    case Noticed::by_sqlite:
      return "the application's SQLite database";
    case Noticed::by_postgresql:
      return "the application's PostgreSQL database";
    case Noticed::other_schema:
      return "another schema, whose database there is none of";
    case Noticed::same:
      return "nothing to notice: the same code";
    case Noticed::same_schema:
      return "nothing to notice: other statements, but the application's own databases";
    case Noticed::not_yet:
      return "nobody";
  }
  return "";
}

MappingJudge::MappingJudge(const fs::path& mapping)
    : name_(mapping.filename().string()),
      model_((fs::create_directories(copy().parent_path()), fs::copy(mapping, copy(), fs::copy_options::recursive),
              compiled(copy()))) {
  DiagnosticSink sink;
  SourceSet sources;
  const auto model = compile(copy(), sink, sources);
  usual_findings_ = findings_in(vet(*model, sink.sorted()));
  usual_code_ = code_of(*model);
  if (mapping != flagship_directory()) return;
  SqliteFile own(twoway::test::fresh(scratch_.path()), SqliteFile::Mode::read);
  sqlite_catalog_ = sqlite_catalog(own);
  sqlite_catalog_.push_back(described(own.rows("SELECT * FROM alembic_version")));
}

Noticed MappingJudge::judge(const MappingMutant& mutant) {
  const fs::path path = copy() / mutant.file;
  const std::string sound = read_file(path);
  write_file(path, mutant.text);
  DiagnosticSink sink;
  SourceSet sources;
  const auto model = compile(copy(), sink, sources);
  write_file(path, sound);
  if (!model) return Noticed::by_compiler;
  for (const std::string& finding : findings_in(vet(*model, sink.sorted()))) {
    if (!usual_findings_.contains(finding)) return Noticed::by_vet;
  }
  const FileTree code = code_of(*model);
  if (code == usual_code_) return Noticed::same;
  return mutant.file.starts_with("sql/") ? by_database(*model, code) : Noticed::not_yet;
}

MappingModel MappingJudge::model_of(const MappingMutant& mutant) const {
  const fs::path path = copy() / mutant.file;
  const std::string sound = read_file(path);
  write_file(path, mutant.text);
  MappingModel model = compiled(copy());
  write_file(path, sound);
  return model;
}

Noticed MappingJudge::by_database(const MappingModel& model, const FileTree& code) const {
  const std::vector<std::string> statements = sqlite_schema(model);
  if (sqlite_catalog_.empty()) {
    const bool same = statements == sqlite_schema(model_) && postgresql_schema(model) == postgresql_schema(model_);
    return same ? Noticed::not_yet : Noticed::other_schema;
  }
  if (statements != sqlite_schema(model_) && catalog_of(statements) != sqlite_catalog_) return Noticed::by_sqlite;
  const std::vector<std::string> postgresql = postgresql_schema(model);
  const bool same = postgresql == postgresql_schema(model_);
  if (!same && postgresql_catalog_of(postgresql) != application_in_postgresql()) return Noticed::by_postgresql;
  return only_statements_differ(code, usual_code_) ? Noticed::same_schema : Noticed::not_yet;
}

}  // namespace twowayc::test
