#include "runtime/store/postgresql/row_target.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace twoway::postgresql {

namespace {

using Texts = std::vector<std::string>;

RowPart part_of(const Entity& entity, const Join* join, const LiveSchema& schema,
                const std::vector<std::string_view>& unknown, const std::string& database) {
  const TableShape whole = join != nullptr ? joined_shape(*join, schema) : entity_shape(entity, schema);
  RowPart part;
  part.join = join;
  TableShape shape;
  shape.name = whole.name;
  const auto add = [&](std::string_view name, RowPart::Source source) {
    if (shape.find(name) != nullptr) return;
    const TableColumn* column = whole.find(name);
    shape.columns.push_back(column != nullptr ? *column : TableColumn{std::string(name), {}, SqlType::text, false});
    part.sources.push_back(source);
  };
  if (join != nullptr) {
    for (const Column& column : entity.columns) {
      if (column.table == entity.table && column.name == join->base_column) add(join->column, {false, column.offset});
    }
  }
  for (const Column& column : entity.columns) {
    if (column.table == whole.name) add(column.name, {false, column.offset});
  }
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    const auto [table, name] = split_name(entity, unknown[i]);
    if (table == whole.name) add(name, {true, i});
  }
  for (const std::size_t index : whole.key) shape.key.push_back(shape.index_of(whole.columns[index].name));
  part.layout = layout_of(schema, shape, database);
  return part;
}

std::string staged_name(std::size_t part, std::size_t column) { return fmt::format("p{}_{}", part, column); }
std::string marker_name(std::size_t part) { return fmt::format("m{}", part); }

/// Writes the statement that merges staged lines into several tables.
class Merge {
 public:
  explicit Merge(const RowTarget& target) : parts_(target.parts) {}

  std::string text() {
    for (std::size_t part = 0; part < parts_.size(); ++part) add(part);
    Texts touched{lines_of("w0", 0, "NOT changed.fresh")};
    for (std::size_t part = 1; part < parts_.size(); ++part) {
      touched.push_back(lines_of(fmt::format("w{}", part), part, "true"));
      touched.push_back(lines_of(fmt::format("d{}", part), part, "true"));
    }
    const std::string fresh = lines_of("w0", 0, "changed.fresh");
    return fmt::format("WITH {} SELECT (SELECT count(*) FROM ({}) AS lines), (SELECT count(*) FROM (({}) EXCEPT ({})) "
                       "AS lines)",
                       fmt::join(tables_, ", "), fresh, fmt::join(touched, " UNION "), fresh);
  }

  /// The staged lines as rows of one part's table.
  std::string rows(std::size_t part) const {
    Texts selected;
    for (std::size_t i = 0; i < parts_[part].layout.columns.size(); ++i) {
      selected.push_back(fmt::format("{} AS {}", staged_name(part, i), quoted_name(column(part, i).name)));
    }
    return fmt::format("(SELECT {} FROM {}{})", fmt::join(selected, ", "), staging_table,
                       part == 0 ? std::string() : " WHERE " + marker_name(part));
  }

 private:
  const LiveColumn& column(std::size_t part, std::size_t index) const { return parts_[part].layout.columns[index]; }

  /// The key as an array of texts, from the table or from a staged line.
  std::string table_key(std::size_t part, std::string_view alias) const {
    Texts key;
    for (const std::size_t index : parts_[part].layout.shape.key) {
      key.push_back(fmt::format("{}.{}::text", alias, quoted_name(column(part, index).name)));
    }
    return fmt::format("ARRAY[{}]", fmt::join(key, ", "));
  }
  std::string line_key(std::size_t part) const {
    Texts key;
    for (const std::size_t index : parts_[part].layout.shape.key) {
      const LiveColumn& live = column(part, index);
      key.push_back(live.is_cast() ? fmt::format("line.{}::{}::text", staged_name(part, index), live.type)
                                   : fmt::format("line.{}::text", staged_name(part, index)));
    }
    return fmt::format("ARRAY[{}]", fmt::join(key, ", "));
  }
  /// The places of lines whose part's key is among those of a table expression.
  std::string lines_of(std::string_view changed, std::size_t part, std::string_view condition) const {
    return fmt::format("SELECT line.ctid FROM {} AS line JOIN {} AS changed ON changed.key = {} WHERE {}",
                       staging_table, changed, line_key(part), condition);
  }

  void add(std::size_t part) {
    const TableLayout& layout = parts_[part].layout;
    const std::string source = rows(part);
    if (layout.unique_key) {
      tables_.push_back(fmt::format("w{} AS ({} RETURNING {} AS key, xmax = 0 AS fresh)", part,
                                    upsert_by_index(layout, source), table_key(part, "target")));
    } else {
      const std::string key = table_key(part, "target");
      tables_.push_back(fmt::format("u{} AS ({})", part, update_by_hand(layout, source, key + " AS key")));
      tables_.push_back(fmt::format("a{} AS ({} RETURNING {} AS key)", part, insert_by_hand(layout, source), key));
      tables_.push_back(fmt::format("w{0} AS (SELECT key, false AS fresh FROM u{0} UNION ALL SELECT key, true AS fresh "
                                    "FROM a{0})",
                                    part));
    }
    if (part == 0) return;
    // A joined row that is absent now. Its key column is staged all the same.
    const std::size_t index = layout.shape.key[0];
    const std::string name = quoted_name(column(part, index).name);
    tables_.push_back(fmt::format("d{} AS (DELETE FROM {} AS target USING {} AS line WHERE NOT line.{} AND {} = {} "
                                  "RETURNING {} AS key)",
                                  part, quoted_name(layout.table()), staging_table, marker_name(part),
                                  table_key(part, "target"), line_key(part), table_key(part, "target")));
  }

  const std::vector<RowPart>& parts_;
  Texts tables_;
};

TableTarget target_of_parts(const RowTarget& rows) {
  TableTarget target;
  TableLayout& layout = target.layout;
  layout = rows.parts[0].layout;
  layout.columns.clear();
  layout.has_casts = false;  // looked at a part at a time, below
  target.several = true;
  Texts names, typed;
  const auto add = [&](LiveColumn column, std::string name) {
    names.push_back(name);
    typed.push_back(fmt::format("{} {}", name, column.wire_type()));
    column.name = std::move(name);
    layout.columns.push_back(std::move(column));
  };
  for (std::size_t part = 0; part < rows.parts.size(); ++part) {
    const TableLayout& own = rows.parts[part].layout;
    for (std::size_t i = 0; i < own.columns.size(); ++i) add(own.columns[i], staged_name(part, i));
    if (part > 0) add(boolean_column(), marker_name(part));
  }
  target.make_staging =
      fmt::format("CREATE TEMPORARY TABLE twoway_staging ({}) ON COMMIT DROP", fmt::join(typed, ", "));
  target.clear_staging = fmt::format("TRUNCATE {}", staging_table);
  target.copy_staging = fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", staging_table, fmt::join(names, ", "));
  Merge merge(rows);
  target.merge = merge.text();
  for (std::size_t part = 0; part < rows.parts.size(); ++part) {
    const TableLayout& own = rows.parts[part].layout;
    if (own.has_casts) target.altered.push_back({find_altered(own, merge.rows(part)), own});
  }
  return target;
}

}  // namespace

RowTarget row_target(const Entity& entity, const LiveSchema& schema, const std::vector<std::string_view>& unknown,
                     const std::string& database) {
  RowTarget target;
  target.parts.push_back(part_of(entity, nullptr, schema, unknown, database));
  for (const Join& join : entity.joins) target.parts.push_back(part_of(entity, &join, schema, unknown, database));
  target.table = std::make_shared<TableTarget>(entity.joins.empty() ? target_of(target.parts[0].layout)
                                                                    : target_of_parts(target));
  return target;
}

}  // namespace twoway::postgresql
