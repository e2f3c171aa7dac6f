// entities/NAME.yaml
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "generator/init/drafted.h"
#include "generator/init/yaml.h"
#include "generator/source/utf8.h"

namespace twowayc {

using twoway::LiveIndex;
using twoway::LiveIndexPart;

namespace {

std::string list_of(const std::vector<std::string>& columns) {
  return columns.size() == 1 ? yaml_text(columns[0]) : yaml_list(columns);
}

class EntityFile {
 public:
  EntityFile(const Drafted& drafted, const DraftedTable& table) : drafted_(drafted), table_(table) {}

  std::string text() {
    for (const std::string& remark : table_.remarks) out_ += yaml_comment(in_comment(remark), 0);
    for (const std::string& question : table_.questions) out_ += yaml_comment("question: " + question, 0);
    out_ += fmt::format("entity: {}\nsql: {}\npocketbase: {}\nkey: {{ ", yaml_text(table_.entity),
                        yaml_text(table_.live->name), yaml_text(table_.collection));
    for (std::size_t i = 0; i < table_.key.size(); ++i) {
      const DraftedColumn& part = *table_.find(table_.key[i]);
      out_ +=
          fmt::format("{}{}: {}", i == 0 ? "" : ", ", yaml_text(table_.key[i]), part.has_field ? "field" : "record_id");
    }
    out_ += " }\n";
    add_fields();
    add_indexes();
    return std::move(out_);
  }

 private:
  void add_fields() {
    std::size_t width = 0;
    bool any = false;
    for (const DraftedColumn& column : table_.columns) {
      if (!column.has_field) continue;
      any = true;
      width = std::max(width, display_width(yaml_text(column.live->name)));
    }
    out_ += any ? "fields:\n" : "fields: {}\n";
    for (const DraftedColumn& column : table_.columns) {
      if (column.has_field) add_field(column, std::min<std::size_t>(width, 24));
    }
  }

  void add_field(const DraftedColumn& column, std::size_t width) {
    if (!column.type.remark.empty()) out_ += yaml_comment(column.type.remark, 2);
    for (const std::string& question : column.questions) out_ += yaml_comment("question: " + question, 2);
    const std::string name = yaml_text(column.live->name);
    const std::size_t own = display_width(name);
    const std::string blanks(own < width ? width - own + 1 : 1, ' ');
    const std::string to =
        column.field == column.live->name ? std::string() : fmt::format("to: {}, ", yaml_text(column.field));
    out_ += fmt::format("  {}:{}{{ {}{} }}\n", name, blanks, to, lens_of(column));
  }

  std::string lens_of(const DraftedColumn& column) const {
    if (!column.reference) return fmt::format("lens: {}", plain_lens(column.type.type));
    const DraftedReference& reference = *column.reference;
    return fmt::format("lens: reference, of: {}{}, on_delete: {}{}",
                       yaml_text(drafted_.tables[reference.target].entity),
                       reference.with.empty() ? "" : ", with: " + list_of(reference.with), reference.on_delete,
                       reference.deferred ? ", deferred: true" : "");
  }

  /// The fields of an index over whole columns; empty where one of them has no field that can be indexed.
  std::vector<std::string> fields_of(const LiveIndex& index) const {
    std::vector<std::string> fields;
    if (!index.where.empty()) return {};
    for (const LiveIndexPart& part : index.columns) {
      const DraftedColumn* const column = table_.find(part.column);
      if (column == nullptr || !column->has_field) return {};
      if (!column->reference && column->type.type == SqlType::json) return {};
      fields.push_back(column->field);
    }
    return fields;
  }

  /// Two rows that differ show two records that differ: no NULL that is shown as 0, no time that is cut off.
  bool stays_unique(const LiveIndex& index) const {
    return index.unique && std::all_of(index.columns.begin(), index.columns.end(), [&](const LiveIndexPart& part) {
             const DraftedColumn& column = *table_.find(part.column);
             const SqlType type = column.type.type;
             if (column.reference || type == SqlType::text || type == SqlType::varchar) return true;
             return column.live->not_null && (type == SqlType::integer || type == SqlType::bigint);
           });
  }

  void add_indexes() {
    std::set<std::vector<std::string>> seen;
    std::string lines;
    const auto add = [&](const std::vector<std::string>& fields, bool unique) {
      if (fields.empty() || !seen.insert(fields).second) return;
      lines += fmt::format("  - {{ on: {}{} }}\n", yaml_list(fields), unique ? ", unique: true" : "");
    };
    for (const bool unique : {true, false}) {
      for (const LiveIndex& index : table_.live->indexes) {
        const std::vector<std::string> fields = fields_of(index);
        const bool key = index.origin == LiveIndex::Origin::primary_key;  // a record's id says the same
        if (!fields.empty() && !key && stays_unique(index) == unique) add(fields, unique);
      }
    }
    for (const DraftedColumn& column : table_.columns) {
      const bool begins_another =
          std::any_of(seen.begin(), seen.end(), [&](const auto& fields) { return fields.front() == column.field; });
      if (column.reference && !begins_another) add({column.field}, false);
    }
    if (!lines.empty()) out_ += "indexes:\n" + lines;
  }

  const Drafted& drafted_;
  const DraftedTable& table_;
  std::string out_;
};

}  // namespace

std::string entity_file_text(const Drafted& drafted, const DraftedTable& table) {
  return EntityFile(drafted, table).text();
}

}  // namespace twowayc
