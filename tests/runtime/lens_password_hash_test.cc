// Hashes of passwords, known by their form.
#include <gtest/gtest.h>

#include <string>

#include "runtime/lens/password_hash.h"

namespace twoway::lens {
namespace {

const std::string whole = "$2b$12$C6UzMDM.H6dfI/f/IKcEeO5ZPm0aN1DaWVbCM1DqPz0VqJ9fHnJ7S";

PasswordHash kind(const std::string& hash) { return password_hash(Value::text(hash)); }
/// The hash with other characters from a place on.
PasswordHash kind_with(std::size_t at, const std::string& others) {
  return kind(std::string(whole).replace(at, others.size(), others));
}

TEST(LensPasswordHash, IsKnownByItsForm) {
  EXPECT_EQ(kind(whole), PasswordHash::bcrypt);
  for (const char* version : {"a", "b", "y"}) EXPECT_EQ(kind_with(2, version), PasswordHash::bcrypt) << version;
  for (const char* cost : {"04", "09", "10", "31"}) EXPECT_EQ(kind_with(4, cost), PasswordHash::bcrypt) << cost;
  for (const char c : std::string("azAZ09./")) {
    EXPECT_EQ(kind_with(7, std::string(53, c)), PasswordHash::bcrypt) << c;
  }
  EXPECT_EQ(kind("$argon2id$v=19$m=65536"), PasswordHash::argon2);
  EXPECT_EQ(kind("$argon2"), PasswordHash::argon2);
}

TEST(LensPasswordHash, IsNoneForNothing) {
  EXPECT_EQ(kind(""), PasswordHash::none);
  EXPECT_EQ(kind("!"), PasswordHash::none);
  EXPECT_EQ(password_hash(Value::null()), PasswordHash::none);
  EXPECT_EQ(password_hash(Value::blob(whole)), PasswordHash::none) << "a blob is no text";
}

TEST(LensPasswordHash, OfAnotherFormIsUnknown) {
  EXPECT_EQ(kind(whole.substr(0, 59)), PasswordHash::unknown);
  EXPECT_EQ(kind(whole + "x"), PasswordHash::unknown);
  EXPECT_EQ(kind("{SSHA}x"), PasswordHash::unknown);
  EXPECT_EQ(kind_with(0, "x"), PasswordHash::unknown);
  EXPECT_EQ(kind_with(1, "3"), PasswordHash::unknown);
  EXPECT_EQ(kind_with(2, "x"), PasswordHash::unknown);
  EXPECT_EQ(kind_with(3, "x"), PasswordHash::unknown);
  EXPECT_EQ(kind_with(6, "x"), PasswordHash::unknown);
  EXPECT_EQ(kind_with(4, "03"), PasswordHash::unknown) << "the least cost is 4";
  EXPECT_EQ(kind_with(4, "32"), PasswordHash::unknown) << "the greatest is 31";
  for (const char* cost : {"1x", "x1", "1/", "1:", "/9", ":1"}) {
    EXPECT_EQ(kind_with(4, cost), PasswordHash::unknown) << cost;
  }
  for (const char c : std::string("`{@[-:+=")) {
    EXPECT_EQ(kind_with(7, std::string(1, c)), PasswordHash::unknown) << c;
    EXPECT_EQ(kind_with(59, std::string(1, c)), PasswordHash::unknown) << c;
  }
}

}  // namespace
}  // namespace twoway::lens
