// Random rows, records and values for the properties.
#include <fmt/format.h>

#include <bit>

#include "transform_world.h"

namespace twoway::transform_test {
namespace {

/// A text of pieces that make trouble.
rc::Gen<std::string> pieces(std::vector<std::string> from) {
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::move(from))),
                      [](const std::vector<std::string>& parts) {
                        std::string out;
                        for (const std::string& part : parts) out += part;
                        return out;
                      });
}

std::vector<std::string> text_pieces() {
  return {"a", "B", "\"", "\\", std::string(1, '\0'), "\n", "\x1f", "\x7f", "\xC3\xA9", "\xF0\x9F\x99\x82", "~", "/",
          " ", "-", "\xE2\x80\xA8", "\xEF\xBF\xBD", "{", "\\u0041", "u1", ":"};
}

rc::Gen<Owned> texts_of(std::vector<std::string> values) {
  return rc::gen::map(rc::gen::elementOf(std::move(values)), [](const std::string& text) { return Owned(text); });
}

rc::Gen<Owned> any_document() {
  return texts_of({"{}", "[]", "null", "3", "true", "\"x\"", "{\"a\":1,\"a\":2}", " {\"x\": 1}", "not json", "",
                   "{\"n\":NaN}", "{\"s\":\"\\ud800\"}", "{\"tags\":\"x\"}", "{\"tags\":null}", "{\"tags\":[]}",
                   "{\"tags\":[1,null,\"work\",[\"x\"],{\"a\":1}]}",
                   "{\"tags\":[\"work\",\"work\",\"no row\",\"Case\"]}",
                   "{\"tags\":[\"\\ud83d\\ude42_tag\",\"work\"],\"tags\":[\"shadow\"]}",
                   "{\"x\":1 ,\"tags\" : [ \"play\" , \"brand_new\" ] , \"y\":\"tags\"}", "{\"t\\u0061gs\":[\"case\"]}",
                   "{\"tags\":[\"work\"]", "{\"tags\":[\"\\ud800\"]}", "{\"big\":12345678901234567890}",
                   "{\"tags\":[\"a\\/b:c\",\"nul\\u0000\"]}", "{\"tags\":[\"\xFF\"]}"});
}

rc::Gen<Owned> any_stamp() {
  return rc::gen::map(
      rc::gen::oneOf(rc::gen::arbitrary<std::int64_t>(), rc::gen::inRange<std::int64_t>(-99999999999, 999999999999),
                     rc::gen::map(rc::gen::inRange<std::int64_t>(0, 4000000000),
                                  [](std::int64_t s) { return s * 1000000000; })),
      [](std::int64_t v) { return Owned::number(v); });
}

rc::Gen<Owned> any_date() {
  return rc::gen::apply(
      [](int year, int month, int day, int second, int ms) {
        return Owned(fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}Z", year, month, day, second / 3600,
                                 second / 60 % 60, second % 60, ms));
      },
      rc::gen::inRange(1, 9999), rc::gen::inRange(1, 13), rc::gen::inRange(1, 29), rc::gen::inRange(0, 86400),
      rc::gen::element(0, 0, 1, 500, 999));
}

rc::Gen<Owned> one_of_ids(const std::vector<std::string>& ids) {
  std::vector<std::string> all = ids;
  all.emplace_back();
  return texts_of(all);
}

rc::Gen<Owned> any_relations() {
  static const World world;
  return rc::gen::map(rc::gen::unique<std::vector<std::string>>(rc::gen::elementOf(world.ids(tag))),
                      [](const std::vector<std::string>& ids) {
                        std::string out = "[";
                        for (const std::string& id : ids) out += (out.size() > 1 ? ",\"" : "\"") + id + "\"";
                        return Owned(out + "]");
                      });
}

}  // namespace

rc::Gen<std::string> any_bytes() {
  std::vector<std::string> from = text_pieces();
  from.insert(from.end(), {"\xFF", "\xC3", "\xED\xA0\x80"});
  return pieces(from);
}

rc::Gen<std::string> any_text() { return pieces(text_pieces()); }

rc::Gen<Owned> any_value() {
  return rc::gen::oneOf(
      rc::gen::just(Owned()),
      rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t v) { return Owned(Value::integer(v)); }),
      rc::gen::map(rc::gen::arbitrary<std::uint64_t>(),
                   [](std::uint64_t v) { return Owned(Value::real(std::bit_cast<double>(v))); }),
      rc::gen::map(rc::gen::inRange(-3, 4), [](int v) { return Owned(Value::real(v / 2.0)); }),
      rc::gen::map(any_bytes(), [](const std::string& v) { return Owned(v); }),
      rc::gen::map(any_bytes(), [](const std::string& v) { return Owned::blob(v); }),
      texts_of({"", "u1", "U2", "ghost", "f1", "f2", "m1", "n1-m2", "other-m3", "a@b.co", "admin@localhost", "!",
                "true"}));
}

rc::Gen<Row> any_row() {
  return rc::gen::exec([] {
    Row row = plain_row();
    for (Owned& cell : row) {
      if (*rc::gen::inRange(0, 3) == 0) cell = *any_value();
    }
    row[c_meta] = *rc::gen::weightedOneOf<Owned>({{4, any_document()}, {1, any_value()}});
    if (*rc::gen::arbitrary<bool>()) row[c_created] = *any_stamp();
    if (*rc::gen::arbitrary<bool>()) row[c_due] = *any_stamp();
    if (*rc::gen::arbitrary<bool>()) row[c_folder] = *texts_of({"f1", "f2", "f3"});
    if (*rc::gen::arbitrary<bool>()) row[c_message] = *texts_of({"m1", "m3", "other-m3", ""});
    const bool joined = *rc::gen::inRange(0, 4) != 0;
    row[c_auth_exists] = Owned::number(joined ? 1 : 0);
    if (!joined) row[c_auth_email] = row[c_auth_password] = row[c_auth_active] = Owned();
    return row;
  });
}

rc::Gen<Owned> any_field(NoteField field) {
  // Values are made again when a failure is shown, after the test's own world has gone.
  static const World world;
  switch (field) {
    case f_user:
    case f_owner: return one_of_ids(world.ids(user));
    case f_folder: return one_of_ids(world.ids(folder));
    case f_message: return one_of_ids(world.ids(message));
    case f_archived:
    case f_active:
    case f_verified: return rc::gen::map(rc::gen::inRange(0, 2), [](int v) { return Owned::number(v); });
    case f_version:
      return rc::gen::oneOf(rc::gen::map(rc::gen::inRange<std::int64_t>(-(1LL << 53), 1LL << 53),
                                         [](std::int64_t v) { return Owned::number(v); }),
                            rc::gen::map(rc::gen::inRange(0, 1000),
                                         [](int v) { return Owned(Value::real(v + 0.25)); }));
    case f_created_at:
    case f_due: return rc::gen::oneOf(rc::gen::just(Owned("")), any_date());
    case f_email: return texts_of({"", "a@b.co", "A@B.co", "\"q\"@b.co"});
    case f_login: return texts_of({"", "admin@localhost", "a@b.co", "x y"});
    case f_meta: return texts_of({"{}", "[]", "true", "\"x\"", "{\"a\": 1}", "{\"tags\": [\"work\", \"pinned\"]}",
                                  "{\"tags\":[\"play\",\"Case\"],\"b\":2}", "{\"tags\":\"x\"}",
                                   "{\"tags\":[1,\"work\"]}"});
    case f_tags: return any_relations();
    case f_password: return texts_of({"!", "$2b$12$x", "$argon2"});
    default: return rc::gen::map(any_text(), [](const std::string& text) { return Owned(text); });
  }
}

rc::Gen<Record> any_record() {
  return rc::gen::exec([] {
    Record p = plain_record();
    p[f_id] = *texts_of({"k3j2h4g5f6d7s8a", "n1", "~41", "a~_b", "x~zz"});
    for (int i = f_user; i <= f_verified; ++i) {
      const auto field = static_cast<NoteField>(i);
      if (*rc::gen::arbitrary<bool>()) p[field] = *any_field(field);
    }
    return p;
  });
}

}  // namespace twoway::transform_test
