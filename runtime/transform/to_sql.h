// What generated code calls to turn a record into a row.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "runtime/lens/lens.h"
#include "runtime/model/entity.h"
#include "runtime/transform/residue.h"
#include "runtime/transform/resolver.h"

namespace twoway {

namespace mirror {
struct Array;
}

/// One record's way back to SQL. For a column with residue s: if the record still shows what was shown for s, the
/// answer is s; otherwise PocketBase's value was edited and the answer is put(p). What SQL cannot show of the record
/// (get(put(p)) is not p) goes into the side table's entry.
class ToSql {
 public:
  ToSql(const Entity& entity, RowResolver& resolver, Arena& arena);

  /// Starts a record: its id, its residue document and its `created` field. False where the residue is not one that
  /// twoway wrote; the record is then converted as if it had none, and the caller reports it.
  bool begin(const pocketbase::Id& id, const Value& residue, const Value& created);

  /// Part `index` of the key, from the record id (or, for a record made in PocketBase under an entity with several key
  /// parts, the id itself as part 0).
  Value key(const Field& field, const pocketbase::Id& id, std::size_t index);
  /// To be called after all key columns are known: notes the record's id in the side entry if it is not the key's
  /// encoding.
  void check_record_id(const pocketbase::Id& id, std::initializer_list<Value> key);

  template <class Lens>
  typename Lens::Sql put(const Field& field, const typename Lens::PocketBase& value) {
    return {put_with(Lens::functions, field, value, std::is_same_v<typename Lens::PocketBase, pocketbase::Json>)};
  }
  /// The value of a reference: part `own` of the target's key. `prefix` is cut off it where the reference is templated.
  /// `with` are this row's values of the target's other key parts, in the key's order: a target of several parts needs
  /// them, because a relation to another's record (another user's folder) is kept in the side entry.
  Value referenced(const Field& field, const Entity& target, const pocketbase::Relation& relation, std::size_t own,
                   std::initializer_list<Value> prefix = {}, std::initializer_list<Value> with = {});
  Value email(const Field& field, const pocketbase::Email& email, const pocketbase::Text& login);
  Value same_as(const Field& field, const Value& repeated);
  /// Merges a mirror into its document: array then (residue), array now, relation now. The document's other bytes stay.
  /// A document that is no JSON is left alone; one that is no object, or has no array there, is replaced only where the
  /// relation has something to add, and named in superseded().
  /// `shown` is the document's own field in the record (`document_field`): where the merge changed the document, the
  /// side entry keeps what PocketBase shows of it.
  sql::Json merge(const Field& field, const Field& document_field, const Entity& target,
                  const pocketbase::Relations& relation, const pocketbase::Json& shown, const sql::Json& document,
                  std::string_view path, std::initializer_list<Value> with);
  /// 1 if the joined row exists, 0 if it did not and nobody gave it a value since. `columns` are its columns' values.
  Value joined(std::string_view table, std::initializer_list<Value> columns);
  /// A derived field: kept in the side entry where the record does not have the computed value.
  void derived(const Field& field, const pocketbase::Text& value, std::initializer_list<Value> pieces);
  void only_in_pocketbase(const Field& field, const Value& value, const Value& declared);

  /// The hash that the field showed is not written to the row, as the password is to be reset: the side entry keeps
  /// it for as long as the column says `held`, which the caller writes instead.
  void withhold_password(std::string_view field, const Value& held, const Value& shown);

  /// Columns in the residue that the mapping does not know: `+name` entries, decoded.
  struct Unknown {
    std::string_view column;
    Value value;
  };
  const std::vector<Unknown>& unknown() const { return unknown_; }

  /// The side table's document for this row, or NULL.
  Value side() { return side_.document(); }
  /// Calls `take` with the name of each entry of that document: a field, or one of side_entry's names.
  void for_each_side(const std::function<void(std::string_view)>& take) const { side_.for_each_name(take); }
  /// Columns whose residue was superseded by an edit in PocketBase, for the receipt.
  const std::vector<std::string_view>& superseded() const { return superseded_; }

 private:
  /// `json`: what is shown is a document, which a client may have written back in another form.
  Value put_with(const LensFunctions& lens, const Field& field, const Value& value, bool json);
  /// The password hash that was withheld, as long as nobody set another one.
  std::optional<Value> withheld(const Field& field, const Value& value);
  /// The value in a column's residue.
  std::optional<Value> held(std::string_view column);
  /// The residue of the column says `s`, and PocketBase was edited to say `now`.
  void supersede(const Field& field, const std::optional<Value>& s, const Value& now);
  /// Part `own` of the key of the record that a relation names.
  Value target_part(const Entity& target, std::string_view record_id, std::size_t own);
  /// Keeps the relation in the side entry where the key that this row has for the target is not the target's.
  void keep_reference(const Field& field, const Entity& target, const Value& relation, const Value& s, std::size_t own,
                      std::initializer_list<Value> prefix, std::initializer_list<Value> with);
  /// The records that a mirror's relation names.
  struct Related;
  void read_relation(const Entity& target, const Value& relation, std::initializer_list<Value> with,
                     std::vector<Related>& related);
  /// True where the key of this name and row has the record that SQL -> PocketBase would make of it.
  bool has_record(const Entity& target, std::string_view name, std::initializer_list<Value> with);
  void keep_relation(const Field& field, const std::vector<Related>& related, const mirror::Array& array,
                     const Value& document, const std::vector<std::string_view>& unlinked);

  const Entity& entity_;
  RowResolver& resolver_;
  Arena& arena_;
  Residue residue_;
  Value created_;
  ResidueWriter side_;
  std::string scratch_;
  std::vector<Unknown> unknown_;
  std::vector<std::string_view> superseded_;
};

}  // namespace twoway
