// What generated code calls to turn a row into a record.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/lens/lens.h"
#include "runtime/model/entity.h"
#include "runtime/transform/residue.h"
#include "runtime/transform/resolver.h"

namespace twoway {

namespace mirror {
struct Array;
}

/// Is told of each reference of a row: `found` where the row that it names is there.
class ReferenceSink {
 public:
  virtual ~ReferenceSink() = default;
  virtual void reference(const Field& field, bool found) = 0;
};

/// One row's way to PocketBase. The rule (docs/architecture.md, "The rule of reversibility"): a field shows get(s);
/// where put(get(s)) is not s to the bit, s itself goes into the record's residue.
class ToPocketBase {
 public:
  ToPocketBase(const Entity& entity, RecordResolver& resolver, Arena& arena);

  /// From now on rows are not converted: only their references are followed, and `sink` is told of each. The record
  /// that generated code fills in meanwhile means nothing.
  void only_follow(ReferenceSink& sink) { sink_ = &sink; }

  /// Starts a row. `side` is the row's entry in the SQL store's side table (what only PocketBase had when the row was
  /// written from a record), NULL for the ordinary row. False where that entry is not one that twoway wrote; the row is
  /// then converted as if it had none, and the caller reports it.
  bool begin(const Value& side);

  /// The record id for this key: the one it had, else the key's encoding.
  pocketbase::Id record_id(std::initializer_list<Value> key);

  /// A field through a lens.
  template <class Lens>
  typename Lens::PocketBase get(const Field& field, const typename Lens::Sql& value) {
    return {get_with(Lens::functions, field, value)};
  }
  /// A relation. `key` is the target's key, all parts in its order; its own part is `value` or, for a template, a text
  /// that ends in it. Empty (and residue) where no row has that key.
  pocketbase::Relation reference(const Field& field, const Entity& target, const Value& value,
                                 std::initializer_list<Value> key);
  /// The text `a + b + ...` as a key part; NULL where a part is NULL or no text.
  Value join(std::initializer_list<Value> pieces);
  /// The e-mail lens has two fields: an address that PocketBase refuses is shown in `login` instead.
  void email(const Field& field, const sql::Text& value, pocketbase::Email& email, pocketbase::Text& login);
  /// A column that repeats another one: nothing is shown, a difference goes into the residue.
  void same_as(const Field& field, const Value& value, const Value& repeated);
  /// A mirror: the relation built from the array at `path` in the document. Part 0 of the target's key is the item,
  /// `with` are the further ones.
  pocketbase::Relations mirror(const Field& field, const Entity& target, const sql::Json& document,
                               std::string_view path, std::initializer_list<Value> with);
  /// A joined table whose row does not exist is noted in the residue. `exists` is the row struct's marker.
  void joined(std::string_view table, const Value& exists);
  /// A field computed from other fields of the record; empty where a piece is empty, so that no two records share the
  /// remains of a template.
  pocketbase::Text derived(const Field& field, std::initializer_list<Value> pieces);
  /// A field that SQL has no column for: the declared value, or what the side table kept.
  Value only_in_pocketbase(const Field& field, const Value& declared);
  /// A fresh random secret of 50 characters [a-zA-Z0-9] (token keys).
  Value token();
  /// A column that the mapping does not know.
  void unknown(std::string_view column, const Value& value);

  /// The column's password hash is not shown, because the password is to be reset: it goes into the residue, and the
  /// caller shows Password::none. It returns as long as nobody set another password.
  void withhold_password(std::string_view column, const Value& hash);

  /// The residue document of the row so far, or NULL.
  Value residue() { return residue_.document(); }
  /// Calls `take` with the name of each entry of that document, see residue_name.
  void for_each_residue(const std::function<void(std::string_view)>& take) const { residue_.for_each_name(take); }
  /// Fields of mirrors whose array names something that no row has.
  const std::vector<std::string_view>& unlinked() const { return unlinked_; }
  /// When PocketBase made the record, from the side table; empty for a row that came from SQL.
  Value created();
  /// True where a field's value came from the side table.
  bool used_side() const { return used_side_; }

 private:
  Value get_with(const LensFunctions& lens, const Field& field, const Value& value);
  /// What the side table says the field showed, if the SQL value is still the one written then.
  std::optional<Value> kept(std::string_view field, const Value& now);
  /// The record id of the target that a side entry names by its encoded key, if its row is still there.
  std::optional<std::string_view> find_encoded(const Entity& target, std::string_view encoded_key);
  /// The concatenation of texts, or nullopt where a piece is no text.
  std::optional<std::string_view> concatenate(std::initializer_list<Value> pieces);
  /// Records that a mirror shows: ids, and the names they stand for in the array.
  struct Shown;
  void show_kept(const Entity& target, const Value& encoded_keys, Shown& shown);
  void show_items(const Field& field, const Entity& target, const mirror::Array& array,
                  std::initializer_list<Value> with, Shown& shown);

  void note_base(const Field& field, const Value& text, const mirror::Array& array, const Shown& shown);

  const Entity& entity_;
  RecordResolver& resolver_;
  Arena& arena_;
  ResidueWriter residue_;
  Residue side_;
  ReferenceSink* sink_ = nullptr;
  std::string scratch_;
  std::vector<std::string_view> unlinked_;
  bool used_side_ = false;
};

}  // namespace twoway
