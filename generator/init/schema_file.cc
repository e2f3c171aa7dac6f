// sql/NAME.yaml
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "generator/init/defaults.h"
#include "generator/init/drafted.h"
#include "generator/init/yaml.h"
#include "generator/source/utf8.h"

namespace twowayc {

using twoway::LiveIndex;
using twoway::LiveIndexPart;

namespace {

/// `key:` and blanks up to where the values of its neighbours stand.
std::string aligned(const std::string& key, std::size_t width) {
  const std::size_t own = display_width(key);
  return key + ":" + std::string(own < width ? width - own + 1 : 1, ' ');
}

std::string quoted_name(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

bool same_set(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

class SchemaFile {
 public:
  SchemaFile(const Drafted& drafted, const std::string& name) : drafted_(drafted), name_(name) {}

  std::string text() {
    out_ += yaml_comment(fmt::format("The tables of {}, each column once, as they were found. docs/mapping-language.md "
                                     "says what may stand here.",
                                     name_),
                         0);
    out_ += fmt::format("schema: {}\n", yaml_text(name_));
    add_types();
    out_ += "tables:\n";
    for (const DraftedTable& table : drafted_.tables) {
      if (table.is_entity() || table.purged) add(table);
    }
    return std::move(out_);
  }

 private:
  /// Types that tables need; those that twoway cannot make are asked for.
  void add_types() {
    std::set<std::string> missing;
    for (const DraftedTable& table : drafted_.tables) {
      for (const DraftedColumn& column : table.columns) {
        std::string name = column.live->declared_type;
        while (name.ends_with("[]")) name.resize(name.size() - 2);
        const bool known = std::any_of(drafted_.enums.begin(), drafted_.enums.end(),
                                       [&](const twoway::LiveEnum& own) { return own.name == name; });
        if (table.is_entity() && column.type.foreign && !known) missing.insert(in_comment(name));
      }
    }
    if (!missing.empty()) {
      out_ += yaml_comment(fmt::format("question: which statements make these types? {}", fmt::join(missing, ", ")), 0);
    }
    if (drafted_.enums.empty() && missing.empty()) return;
    out_ += "before:\n  postgresql:\n";
    for (const twoway::LiveEnum& own : drafted_.enums) out_ += fmt::format("    - {}\n", yaml_text(own.sql));
    if (drafted_.enums.empty()) out_ += "    []\n";
  }

  std::string_view only() const { return drafted_.sqlite ? ", only: sqlite" : ", only: postgresql"; }

  void add(const DraftedTable& table) {
    out_ += fmt::format("  {}:\n    columns:\n", yaml_text(table.live->name));
    std::size_t width = 0;
    for (const DraftedColumn& column : table.columns) {
      width = std::max(width, display_width(yaml_text(column.live->name)));
    }
    for (const DraftedColumn& column : table.columns) add(table, column, std::min<std::size_t>(width, 24));
    if (table.columns.empty()) out_ += "      none: { type: text }\n";
    add_primary_key(table);
    add_uniques(table);
    add_foreign_keys(table);
    if (!table.checks.empty()) out_ += "    checks:\n";
    for (const std::string& check : table.checks) {
      out_ += fmt::format("      - {{ sql: {}{} }}\n", yaml_text(check), only());
    }
    add_indexes(table);
    add_statement(table);
  }

  void add(const DraftedTable& table, const DraftedColumn& column, std::size_t width) {
    std::string line = fmt::format("{{ type: {}", type_text(column.type));
    if (column.live->not_null) line += ", null: false";
    const DraftedDefault given = draft_default(drafted_, table, column);
    if (given.all) line += ", default: " + yaml_text(*given.all);
    if (given.postgresql) line += fmt::format(", postgresql: {{ default: {} }}", yaml_text(*given.postgresql));
    if (!given.sequence.empty()) line += fmt::format(", postgresql: {{ sequence: {} }}", yaml_text(given.sequence));
    out_ += fmt::format("      {}{} }}", aligned(yaml_text(column.live->name), width), line);
    if (!column.type.same_words) {
      out_ += fmt::format(
          "  # {}", column.live->declared_type.empty() ? "no declared type" : in_comment(column.live->declared_type));
    }
    out_ += '\n';
  }

  void add_primary_key(const DraftedTable& table) {
    const std::vector<std::string>& columns = table.live->primary_key;
    if (columns.empty() || !all_declared(table, columns)) return;
    std::string name;
    for (const LiveIndex& index : table.live->indexes) {
      if (index.origin == LiveIndex::Origin::primary_key) name = index.name;
    }
    if (drafted_.sqlite || name.empty() || name == table.live->name + "_pkey") {
      out_ += fmt::format("    primary_key: {}\n", yaml_list(columns));
    } else {
      out_ += fmt::format("    primary_key: {{ on: {}, postgresql: {{ name: {} }} }}\n", yaml_list(columns),
                          yaml_text(name));
    }
  }

  bool all_declared(const DraftedTable& table, const std::vector<std::string>& columns) const {
    return std::all_of(columns.begin(), columns.end(),
                       [&](const std::string& column) { return table.find(column) != nullptr; });
  }

  /// The columns of a unique constraint over ordinary columns; empty for others.
  std::vector<std::string> unique_columns(const DraftedTable& table, const LiveIndex& index) const {
    std::vector<std::string> columns;
    if (!index.unique || !index.where.empty()) return {};
    for (const LiveIndexPart& part : index.columns) {
      if (table.find(part.column) == nullptr || !part.collation.empty()) return {};
      columns.push_back(part.column);
    }
    return columns;
  }

  void add_uniques(const DraftedTable& table) {
    std::string lines;
    for (const LiveIndex& index : table.live->indexes) {
      const std::vector<std::string> columns = unique_columns(table, index);
      if (index.origin != LiveIndex::Origin::unique_constraint || columns.empty()) continue;
      lines += drafted_.sqlite
                   ? fmt::format("      - {}\n", yaml_list(columns))
                   : fmt::format("      - {{ name: {}, on: {} }}\n", yaml_text(index.name), yaml_list(columns));
    }
    if (!lines.empty()) out_ += "    unique:\n" + lines;
  }

  /// PostgreSQL lets foreign keys lead to unique columns only; SQLite complains later or never.
  bool leads_to_unique(const DraftedTable& target, const DraftedForeignKey& key) const {
    if (same_set(target.live->primary_key, key.referenced_columns)) return true;
    return std::any_of(target.live->indexes.begin(), target.live->indexes.end(), [&](const LiveIndex& index) {
      const std::vector<std::string> columns = unique_columns(target, index);
      return !columns.empty() && same_set(columns, key.referenced_columns);
    });
  }

  void add_foreign_keys(const DraftedTable& table) {
    std::string lines;
    for (const DraftedForeignKey& key : table.foreign_keys) {
      const auto target = std::find_if(drafted_.tables.begin(), drafted_.tables.end(),
                                       [&](const DraftedTable& t) { return t.live->name == key.table; });
      if (target == drafted_.tables.end() || !(target->is_entity() || target->purged)) continue;
      if (key.columns.empty() || key.columns.size() != key.referenced_columns.size()) continue;
      if (!all_declared(table, key.columns) || !all_declared(*target, key.referenced_columns)) continue;
      lines += fmt::format("      - {{ on: {}, to: {}, columns: {}", yaml_list(key.columns), yaml_text(key.table),
                           yaml_list(key.referenced_columns));
      if (!key.on_delete.empty()) lines += ", on_delete: " + key.on_delete;
      lines += fmt::format("{} }}\n", leads_to_unique(*target, key) ? "" : only());
    }
    if (!lines.empty()) out_ += "    foreign_keys:\n" + lines;
  }

  /// A term of an index, and whether only this database takes it.
  std::string term(const DraftedTable& table, const LiveIndexPart& part, bool& special) const {
    if (part.column.empty()) {
      special = true;
      return part.descending ? part.expression + " DESC" : part.expression;
    }
    const bool declared = table.find(part.column) != nullptr;
    std::string text = declared && part.collation.empty() ? part.column : quoted_name(part.column);
    special = special || !declared || !part.collation.empty();
    if (!part.collation.empty()) text += " COLLATE " + part.collation;
    return part.descending ? text + " DESC" : text;
  }

  /// PostgreSQL indexes such columns with methods that the language does not have.
  bool is_searched(const DraftedTable& table, const LiveIndex& index) const {
    return !drafted_.sqlite && std::any_of(index.columns.begin(), index.columns.end(), [&](const LiveIndexPart& part) {
      const DraftedColumn* const column = table.find(part.column);
      const std::string_view declared = column == nullptr ? std::string_view() : column->live->declared_type;
      return declared.starts_with("json") || declared.ends_with("[]") || declared == "tsvector" || declared == "point";
    });
  }

  void add_indexes(const DraftedTable& table) {
    std::string lines;
    for (const LiveIndex& index : table.live->indexes) {
      if (index.origin != LiveIndex::Origin::statement || index.columns.empty()) continue;
      if (is_searched(table, index)) {
        lines +=
            yaml_comment(fmt::format("question: index {} is probably of another method than btree, which cannot be "
                                     "said here; make it yourself",
                                     in_comment(index.name)),
                         6);
        continue;
      }
      bool special = !index.where.empty();
      std::vector<std::string> terms;
      for (const LiveIndexPart& part : index.columns) terms.push_back(term(table, part, special));
      lines += fmt::format("      - {{ name: {}, on: {}{}{}{} }}\n", yaml_text(index.name), yaml_list(terms),
                           index.unique ? ", unique: true" : "",
                           index.where.empty() ? "" : ", where: " + yaml_text(index.where), special ? only() : "");
    }
    if (lines.find("- {") != std::string::npos) out_ += "    indexes:\n";
    out_ += lines;
  }

  void add_statement(const DraftedTable& table) {
    using Kind = twoway::LiveTable::Kind;
    if (!table.own_statement) return;
    const std::string sql =
        table.live->kind == Kind::shadow ? "SELECT 1 -- it is made with its virtual table" : table.live->sql;
    out_ += yaml_comment("What it says and the language cannot: this statement makes it.", 4);
    out_ += fmt::format("    create:\n      {}:{}\n", drafted_.sqlite ? "sqlite" : "postgresql", yaml_block(sql, 8));
  }

  const Drafted& drafted_;
  const std::string& name_;
  std::string out_;
};

}  // namespace

std::string schema_file(const Drafted& drafted, const std::string& name) { return SchemaFile(drafted, name).text(); }

}  // namespace twowayc
