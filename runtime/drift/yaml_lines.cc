#include "runtime/drift/yaml_lines.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <utility>
#include <vector>

#include "runtime/drift/sql_drift.h"

namespace twoway::drift {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

bool is_word(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A type of the mapping language; `exact`: the database's own word means the same.
struct Type {
  std::string name;
  bool exact = true;
};

Type type_of(std::string_view declared) {
  static const std::map<std::string, std::string, std::less<>> words{{"text", "text"},
                                                                     {"varchar", "varchar"},
                                                                     {"character varying", "varchar"},
                                                                     {"bigint", "bigint"},
                                                                     {"integer", "integer"},
                                                                     {"int", "integer"},
                                                                     {"boolean", "boolean"},
                                                                     {"bool", "boolean"},
                                                                     {"json", "json"},
                                                                     {"date", "date"},
                                                                     {"datetime", "datetime"},
                                                                     {"timestamp", "datetime"},
                                                                     {"timestamp without time zone", "datetime"},
                                                                     {"real", "real"},
                                                                     {"double precision", "real"},
                                                                     {"double", "real"},
                                                                     {"float", "real"},
                                                                     {"blob", "blob"},
                                                                     {"bytea", "blob"}};
  const std::string type = lower(declared);
  if (const auto found = words.find(type); found != words.end()) return {found->second};
  const std::size_t open = type.find('(');
  const std::string word = type.substr(0, open);
  if (open != std::string::npos && (word == "varchar" || word == "character varying")) {
    return {"varchar" + type.substr(open)};
  }
  const auto holds = [&](std::string_view part) { return type.find(part) != std::string::npos; };
  if (holds("json")) return {"json", false};
  if (type == "smallint") return {"integer", false};
  if (type == "interval" || type == "point") return {"text", false};  // PostgreSQL's; they hold "int" by chance
  if (holds("int")) return {"bigint", false};
  if (holds("char") || holds("clob") || holds("text")) return {"text", false};
  if (holds("timestamp")) return {"datetime", false};
  if (word == "numeric" || word == "decimal") return {"numeric", type == "numeric"};
  if (holds("real") || holds("floa") || holds("doub")) return {"real", false};
  return {type.empty() || holds("blob") ? "blob" : "text", false};
}

/// Text in quotes, a number or a word that SQL takes as a default without parentheses.
bool is_literal(std::string_view sql) {
  if (sql.size() > 1 && sql.front() == '\'' && sql.back() == '\'') {
    const std::string_view inside = sql.substr(1, sql.size() - 2);  // a quote in it is doubled
    for (std::size_t at = 0; (at = inside.find('\'', at)) != std::string_view::npos; at += 2) {
      if (inside.substr(at, 2) != "''") return false;
    }
    return true;
  }
  const bool number = !sql.empty() && std::all_of(sql.begin(), sql.end(), [](char c) {
    return is_digit(c) || c == '.' || c == '-' || c == '+';
  });
  return number || sql == "CURRENT_TIMESTAMP" || sql == "CURRENT_DATE" || sql == "CURRENT_TIME" || sql == "NULL" ||
         sql == "true" || sql == "false" || sql == "TRUE" || sql == "FALSE";
}

/// `, default: "..."` in the language's words, which are SQLite's.
std::string default_option(std::string_view dialect, const LiveColumn& column) {
  if (!column.default_text) return {};
  std::string sql = *column.default_text;
  if (dialect == "sqlite") return fmt::format(", default: {}", yaml_scalar(is_literal(sql) ? sql : "(" + sql + ")"));
  constexpr std::string_view sequence = "nextval('";
  if (sql.starts_with(sequence)) {
    const std::string name = sql.substr(sequence.size(), sql.find('\'', sequence.size()) - sequence.size());
    return fmt::format(", postgresql: {{ sequence: {} }}", yaml_scalar(name));
  }
  if (const std::size_t cast = sql.rfind("::"); cast != std::string::npos && is_literal(sql.substr(0, cast))) {
    sql.resize(cast);
  }
  if (sql == "true" || sql == "false") sql = sql == "true" ? "1" : "0";
  if (sql == "now()") return ", default: CURRENT_TIMESTAMP, postgresql: { default: now() }";
  if (is_literal(sql)) return fmt::format(", default: {}", yaml_scalar(sql));
  return fmt::format(", postgresql: {{ default: {} }}", yaml_scalar(sql));
}

/// The lens that most of the entity's other times have; in a new one, seconds.
std::string_view time_lens(const Entity* own) {
  std::map<std::string_view, int> uses;
  for (const Explanation& line : own == nullptr ? std::span<const Explanation>() : own->explanations) {
    if (line.column.ends_with("_at") && line.lens.starts_with("epoch_")) ++uses[line.lens];
  }
  std::string_view most = "epoch_seconds";
  int count = 0;
  for (const auto& [lens, number] : uses) {
    if (number > count) most = lens;
    count = std::max(count, number);
  }
  return most;
}

bool is_before(const Mapping& mapping, const Entity* entity, const Entity* other) {
  const auto place = [&](const Entity* wanted) {
    return std::find(mapping.entities.begin(), mapping.entities.end(), wanted) - mapping.entities.begin();
  };
  return place(entity) < place(other);
}

/// `lens: reference, ...` where the column alone refers to the one-part key of an entity's table; else empty.
std::string reference(const Mapping& mapping, const Entity* own, const LiveTable& table, const LiveColumn& column) {
  for (const LiveForeignKey& key : table.foreign_keys) {
    const Entity* target = entity_of(mapping, key.table);
    const bool itself = key.table == table.name;
    if (key.columns != std::vector<std::string>{column.name}) continue;
    if (!itself && (target == nullptr || target->table != key.table || target->key.size() != 1)) continue;
    const std::string_view on_delete = key.on_delete == "CASCADE" ? "cascade" : column.not_null ? "restrict" : "clear";
    const bool deferred = itself || (own != nullptr && is_before(mapping, own, target));
    return fmt::format("lens: reference, of: {}, on_delete: {}{}",
                       itself && own == nullptr ? table.name : std::string((itself ? own : target)->name), on_delete,
                       deferred ? ", deferred: true" : "");
  }
  return {};
}

/// A name that PocketBase takes for a field and that the entity has not given away.
std::string field_name(const Entity* own, std::string_view column) {
  static constexpr std::array<std::string_view, 12> reserved{
      "id",   "residue", "created", "collectionid", "collectionname",  "expand",
      "null", "true",    "false",   "_rowid_",      "passwordconfirm", "oldpassword"};
  std::string name;
  for (const char c : column) name += is_word(c) ? c : '_';
  if (name.empty() || is_digit(name.front())) name = "_" + name;
  const auto is_taken = [&](const std::string& candidate) {
    if (std::find(reserved.begin(), reserved.end(), lower(candidate)) != reserved.end()) return true;
    return own != nullptr && std::any_of(own->fields.begin(), own->fields.end(), [&](const RecordField& field) {
             return lower(field.name) == lower(candidate);
           });
  };
  while (is_taken(name)) name += "_";
  return name;
}

}  // namespace

std::string yaml_scalar(std::string_view text) {
  static constexpr std::array<std::string_view, 9> words{"null", "true", "false", "yes", "no", "on", "off", "y", "n"};
  const bool plain = !text.empty() && !is_digit(text.front()) && std::all_of(text.begin(), text.end(), is_word) &&
                     std::find(words.begin(), words.end(), lower(text)) == words.end();
  if (plain) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + "\"";
}

std::string column_line(std::string_view dialect, const LiveColumn& column) {
  const Type type = type_of(column.declared_type);
  const std::string comment = type.exact
                                  ? ""
                                  : fmt::format("   # {} in the database",
                                                column.declared_type.empty() ? "without a type" : column.declared_type);
  return fmt::format("{}: {{ type: {}{}{} }}{}", yaml_scalar(column.name), type.name,
                     column.not_null ? ", null: false" : "", default_option(dialect, column), comment);
}

std::string field_line(const Mapping& mapping, const Entity* own, const LiveTable& table, const LiveColumn& column,
                       std::string_view qualified) {
  static const std::map<std::string, std::string_view, std::less<>> lenses{
      {"text", "text"},       {"varchar", "text"},    {"bigint", "number"}, {"integer", "number"},
      {"boolean", "boolean"}, {"json", "json"},       {"date", "date"},     {"datetime", "datetime"},
      {"real", "real"},       {"numeric", "numeric"}, {"blob", "base64"}};
  std::string type = type_of(column.declared_type).name;
  if (type.starts_with("varchar(")) type = "varchar";
  const std::string key = yaml_scalar(qualified);
  std::string lens = reference(mapping, own, table, column);
  if (lens.empty()) {
    const bool time = (type == "bigint" || type == "integer") && column.name.ends_with("_at");
    lens = fmt::format("lens: {}", time ? time_lens(own) : lenses.at(type));
  }
  const std::string name = field_name(own, column.name);
  // A joined column's key has a dot, which YAML takes as it is.
  return fmt::format("{}: {{ {}{} }}", qualified == column.name ? key : std::string(qualified),
                     name == column.name ? "" : fmt::format("to: {}, ", name), lens);
}

std::string index_line(const LiveIndex& index) {
  std::vector<std::string> parts;
  for (const LiveIndexPart& part : index.columns) {
    const std::string collation = part.collation.empty() ? "" : " COLLATE " + part.collation;
    const std::string term = (part.column.empty() ? part.expression : part.column) + collation;
    parts.push_back(yaml_scalar(part.descending ? term + " DESC" : term));
  }
  if (index.origin != LiveIndex::Origin::statement) return fmt::format("- [{}]", fmt::join(parts, ", "));
  return fmt::format("- {{ name: {}, on: [{}]{}{} }}", yaml_scalar(index.name), fmt::join(parts, ", "),
                     index.unique ? ", unique: true" : "",
                     index.where.empty() ? "" : ", where: " + yaml_scalar(index.where));
}

std::string foreign_key_line(const LiveForeignKey& key) {
  const auto names = [](const std::vector<std::string>& list) {
    std::vector<std::string> out;
    for (const std::string& name : list) out.push_back(yaml_scalar(name));
    return fmt::format("[{}]", fmt::join(out, ", "));
  };
  const bool known = key.on_delete != "NO ACTION";
  const std::string on_delete = known ? ", on_delete: " + lower(key.on_delete) : std::string();
  return fmt::format("- {{ on: {}, to: {}, columns: {}{} }}", names(key.columns), yaml_scalar(key.table),
                     names(key.referenced_columns), on_delete);
}

}  // namespace twoway::drift
