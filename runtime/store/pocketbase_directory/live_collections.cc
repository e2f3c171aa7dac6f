#include "runtime/store/pocketbase_directory/live_collections.h"

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "runtime/model/error.h"
#include "runtime/store/pocketbase_directory/record_file.h"

namespace twoway {

namespace json = boost::json;

namespace {

json::value parsed(const Value& text) {
  boost::system::error_code error;
  json::value value = text.is_text() ? json::parse(text.bytes(), error) : json::value();
  return error ? json::value() : value;
}

json::value text_or_null(const Value& value) {
  return value.is_text() ? json::value(json::string(value.bytes())) : json::value();
}

}  // namespace

json::array directory_collections(const std::filesystem::path& directory) {
  constexpr std::size_t cache_bytes = 1024 * 1024;
  // PocketBase keeps what only some types of collections have in `options`, and shows it beside the rest.
  constexpr std::array<std::string_view, 5> rules{"listRule", "viewRule", "createRule", "updateRule", "deleteRule"};
  sqlite::Connection connection(directory / "data.db", sqlite::Access::read_only, cache_bytes);
  check_pocketbase(connection, directory.string());
  json::array all;
  sqlite::Statement rows = connection.prepare(
      "SELECT id, name, type, system, fields, indexes, options, listRule, viewRule, createRule, updateRule, deleteRule "
      "FROM _collections ORDER BY name");
  while (rows.step()) {
    json::object collection;
    const json::value options = parsed(rows.column(6));
    if (options.is_object()) collection = options.as_object();
    collection["id"] = text_or_null(rows.column(0));
    collection["name"] = text_or_null(rows.column(1));
    collection["type"] = text_or_null(rows.column(2));
    collection["system"] = rows.column(3).is_integer() && rows.column(3).as_integer() != 0;
    collection["fields"] = parsed(rows.column(4));
    collection["indexes"] = parsed(rows.column(5));
    for (std::size_t i = 0; i < rules.size(); ++i) {
      collection[rules[i]] = text_or_null(rows.column(7 + static_cast<int>(i)));
    }
    all.emplace_back(std::move(collection));
  }
  return all;
}

}  // namespace twoway
