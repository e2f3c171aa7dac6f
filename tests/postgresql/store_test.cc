// A PostgreSQL store with an entity of two tables: looked up, erased, written with what the database cannot hold.
#include <gtest/gtest.h>

#include <array>

#include "runtime/store/postgresql/postgresql_store.h"
#include "tests/support/postgresql_cluster.h"

namespace twoway::postgresql {
namespace {

struct PersonRow {
  Value id, team, email, address, joined;
};
constexpr std::array<Column, 4> columns{
    {{"person", "id", SqlType::text, false, true, offsetof(PersonRow, id)},
     {"person", "team", SqlType::integer, false, true, offsetof(PersonRow, team)},
     {"person", "email", SqlType::text, true, false, offsetof(PersonRow, email)},
     {"auth", "address", SqlType::text, true, false, offsetof(PersonRow, address)}}};
constexpr std::array<std::uint16_t, 2> key{0, 1};
constexpr std::array<Join, 1> joins{{{"auth", "id", "id", offsetof(PersonRow, joined)}}};

const Entity& person() {
  static const Entity entity = [] {
    Entity result{};
    result.name = result.table = "person";
    result.columns = columns;
    result.key = key;
    result.joins = joins;
    result.row_bytes = sizeof(PersonRow);
    return result;
  }();
  return entity;
}

class StoreOfTwoTables : public testing::Test {
 protected:
  StoreOfTwoTables() : name_(test::shared_cluster().create_database()) {
    sql("CREATE TABLE person (id text NOT NULL, team bigint NOT NULL, email text, more int, PRIMARY KEY (team, id)); "
        "CREATE TABLE auth (id text PRIMARY KEY, address text); "
        "INSERT INTO person VALUES ('a', 1, 'a@x', 7), ('b', 1, NULL, NULL); INSERT INTO auth VALUES ('a', 'here')");
    mapping_.entities = entities_;
  }
  std::string sql(const std::string& statement) const { return test::shared_cluster().sql(name_, statement); }
  void open() {
    store_ = std::make_unique<PostgresqlStore>(mapping_, parse_address(test::shared_cluster().url(name_)), Use::target);
  }
  bool find(const char* id, PersonRow& row) {
    const Value parts[] = {Value::text(id), Value::integer(1)};
    return store_->find(person(), parts, &row, unknown_);
  }

  std::string name_;
  std::array<const Entity*, 1> entities_{&person()};
  Mapping mapping_{};
  std::unique_ptr<PostgresqlStore> store_;
  std::vector<std::pair<std::string_view, Value>> unknown_;
};

TEST_F(StoreOfTwoTables, RowsAreFoundWithWhatIsJoined) {
  open();
  PersonRow row;
  ASSERT_TRUE(find("a", row));
  EXPECT_TRUE(same(row.email, Value::text("a@x")));
  EXPECT_TRUE(same(row.address, Value::text("here")));
  EXPECT_EQ(row.joined.as_integer(), 1);
  ASSERT_EQ(unknown_.size(), 1u);
  EXPECT_TRUE(same(unknown_[0].second, Value::integer(7)));
  ASSERT_TRUE(find("b", row));
  EXPECT_EQ(row.joined.as_integer(), 0);
  EXPECT_TRUE(row.email.is_null());
  EXPECT_FALSE(find("c", row));
  EXPECT_EQ(store_->count_table("none"), 0u);
  EXPECT_EQ(store_->count(person()), 2u);
  EXPECT_EQ(store_->version(), "");
}

TEST_F(StoreOfTwoTables, RowsAreErasedFromBoth) {
  open();
  const Value a[] = {Value::text("a"), Value::integer(1)}, b[] = {Value::text("b"), Value::integer(1)};
  EXPECT_TRUE(store_->erase(person(), a));
  EXPECT_FALSE(store_->erase(person(), a));
  EXPECT_TRUE(store_->erase(person(), b)) << "nothing is joined";
  EXPECT_EQ(sql("SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM auth)"), "0");
}

TEST_F(StoreOfTwoTables, ByAnotherPolicyNulIsRejected) {
  mapping_.nul_in_text = NulPolicy::reject;
  open();
  const auto written = [&](std::string_view email, std::string_view address) {
    const PersonRow row{Value::text("n"), Value::integer(1), Value::text(email), Value::text(address),
                        Value::integer(1)};
    const Outcome outcome = store_->write(person())->write(&row, {}, Value::null());
    return outcome.what == Written::rejected ? outcome.column : std::string("taken");
  };
  constexpr std::string_view nul("a\0b", 3);
  EXPECT_EQ(written(nul, "x"), "person.email");
  EXPECT_EQ(written("x", nul), "auth.address");
  EXPECT_EQ(written("x", "x"), "taken");
}

TEST_F(StoreOfTwoTables, RowsAreWrittenToBoth) {
  open();
  store_->start_load(false, {});
  const auto writer = store_->write(person());
  const std::vector<std::pair<std::string_view, Value>> more{{"more", Value::integer(9)}};
  const PersonRow changed{Value::text("a"), Value::integer(1), Value::text("new"), Value::text("there"),
                          Value::integer(1)},
      alone{Value::text("c"), Value::integer(1), Value::null(), Value::null(), Value::integer(0)},
      same_one{Value::text("b"), Value::integer(1), Value::null(), Value::null(), Value::integer(0)};
  writer->write(&changed, more, Value::text("{\"x\":\"t:y\"}"));
  writer->write(&alone, more, Value::null());
  writer->write(&same_one, {{{"more", Value::null()}}}, Value::null());
  const Settlement done = writer->settle(true);
  store_->finish_load();
  EXPECT_EQ(done.inserted, 1u);
  EXPECT_EQ(done.updated, 1u);
  EXPECT_EQ(done.unchanged, 1u);
  EXPECT_EQ(sql("SELECT string_agg(p.id || ':' || coalesce(email, '-') || ':' || coalesce(more::text, '-') || ':' || "
                "coalesce(address, '-'), ' ' ORDER BY p.id) FROM person p LEFT JOIN auth USING (id)"),
            "a:new:9:there b:-:-:- c:-:9:-");
}

}  // namespace
}  // namespace twoway::postgresql
