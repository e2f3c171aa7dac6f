// The lenses for times: every day of the years 0001 to 9999, the borders, and what people and programs write.
#include <fmt/format.h>

#include <chrono>
#include <limits>
#include <tuple>

#include "runtime/lens/civil_time.h"
#include "runtime/lens/date.h"
#include "runtime/lens/datetime.h"
#include "runtime/lens/epoch_milliseconds.h"
#include "runtime/lens/epoch_nanoseconds.h"
#include "runtime/lens/epoch_seconds.h"
#include "tests/runtime/lens_values.h"

namespace twoway::lens_test {
namespace {

TEST(LensTime, EveryDayOfTheYears1To9999) {
  using namespace std::chrono;
  constexpr auto first = sys_days(year(1) / January / 2);
  constexpr auto last = sys_days(year(9999) / December / 31);
  Arena arena;
  std::size_t wrong = 0;
  for (auto day = first; day <= last; day += days(1)) {
    const year_month_day date(day);
    const std::string text = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                                         static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    const std::string p_text = text + " 00:00:00.000Z";
    const std::int64_t seconds = std::int64_t{day.time_since_epoch().count()} * 86'400;
    const bool right = same(lens::Date::get(nullable, Value::text(text), arena), Value::text(p_text)) &&
                       same(lens::Date::put(nullable, Value::text(p_text), arena), Value::text(text)) &&
                       same(lens::EpochSeconds::get(nullable, Value::integer(seconds), arena), Value::text(p_text)) &&
                       same(lens::EpochSeconds::put(nullable, Value::text(p_text), arena), Value::integer(seconds));
    if (!right && wrong++ < 5) ADD_FAILURE() << text;
    arena.reset();
  }
  EXPECT_EQ(wrong, 0U);
}

TEST(LensTime, DaysBeforeTheYear0) {
  for (const int year : {-401, -400, -1, 0}) {
    const civil_time::Day day = civil_time::civil_from_days(civil_time::days_from_civil({year, 3, 1}));
    EXPECT_EQ(std::tie(day.year, day.month, day.day), std::make_tuple(year, 3U, 1U));
  }
}

TEST(LensTime, EverySecondOfADay) {
  Arena arena;
  for (std::int64_t s = -86'400; s < 86'400; ++s) {
    const Value p = lens::EpochSeconds::get(nullable, Value::integer(s), arena);
    ASSERT_TRUE(same(lens::EpochSeconds::put(nullable, p, arena), Value::integer(s))) << s;
  }
}

TEST(LensTime, SecondsAtTheBorders) {
  using L = lens::EpochSeconds;
  EXPECT_EQ(get<L>(Value::integer(0)), "text[1970-01-01 00:00:00.000Z]");
  EXPECT_EQ(get<L>(Value::integer(-1)), "text[1969-12-31 23:59:59.000Z]");
  EXPECT_EQ(get<L>(Value::integer(253402300799)), "text[9999-12-31 23:59:59.000Z]");
  EXPECT_EQ(get<L>(Value::integer(-62135596799)), "text[0001-01-01 00:00:01.000Z]");
  EXPECT_EQ(get<L>(Value::integer(-62135596800)), "text[]") << "Go's zero time is PocketBase's empty date";
  EXPECT_EQ(get<L>(Value::integer(-62135596801)), "text[]");
  EXPECT_EQ(get<L>(Value::integer(1'000'000'000'000'000)), "text[]");
  EXPECT_EQ(get<L>(Value::integer(std::numeric_limits<std::int64_t>::max())), "text[]");
  EXPECT_EQ(get<L>(Value::integer(std::numeric_limits<std::int64_t>::min())), "text[]");
}

TEST(LensTime, MillisecondsInAColumnOfSecondsShowTheRightSecond) {
  EXPECT_EQ(get<lens::EpochSeconds>(Value::integer(1700000000123)), "text[2023-11-14 22:13:20.000Z]");
  EXPECT_EQ(get<lens::EpochSeconds>(Value::integer(253402300800)), "text[1978-01-11 21:31:40.000Z]");
  EXPECT_EQ(get<lens::EpochSeconds>(Value::integer(253402300799999)), "text[9999-12-31 23:59:59.000Z]");
  EXPECT_EQ(get<lens::EpochSeconds>(Value::integer(253402300800000)), "text[]");
  EXPECT_EQ(get<lens::EpochSeconds>(Value::integer(-100000000000)), "text[]");
  EXPECT_EQ(get<lens::EpochSeconds>(Value::integer(-100000000001)), "text[1966-10-31 14:13:19.000Z]");
  EXPECT_EQ(get<lens::EpochSeconds>(Value::integer(-62135596799000)), "text[0001-01-01 00:00:01.000Z]");
}

TEST(LensTime, WhatIsNoTimeIsEmpty) {
  for (const Value& s : {Value::null(), Value::text("text"), Value::real(1.5), Value::blob("x")}) {
    EXPECT_EQ(get<lens::EpochSeconds>(s), "text[]");
    EXPECT_EQ(get<lens::EpochMilliseconds>(s), "text[]");
    EXPECT_EQ(get<lens::EpochNanoseconds>(s), "text[]");
    EXPECT_EQ(get<lens::Date>(s), "text[]");
    EXPECT_EQ(get<lens::Datetime>(s), "text[]");
  }
}

TEST(LensTime, EmptyIsNullOrZero) {
  EXPECT_EQ(put<lens::EpochSeconds>(""), "NULL");
  EXPECT_EQ(put<lens::EpochSeconds>("", not_null), "0");
  EXPECT_EQ(put<lens::EpochNanoseconds>("garbage"), "NULL");
  EXPECT_EQ(put<lens::EpochMilliseconds>("garbage", not_null), "0");
  EXPECT_EQ(put<lens::Date>(""), "NULL");
  EXPECT_EQ(put<lens::Date>("", not_null), "text[]");
  EXPECT_EQ(put<lens::Datetime>("", not_null), "text[]");
}

TEST(LensTime, NanosecondsShowTheMillisecond) {
  using L = lens::EpochNanoseconds;
  EXPECT_EQ(get<L>(Value::integer(1763697783123456789)), "text[2025-11-21 04:03:03.123Z]");
  EXPECT_EQ(get<L>(Value::integer(-1)), "text[1969-12-31 23:59:59.999Z]");
  EXPECT_EQ(put<L>("2025-11-21 04:03:03.123Z"), "1763697783123000000");
  EXPECT_EQ(put<L>("9999-12-31 23:59:59.999Z"), "9223372036854775807");
  EXPECT_EQ(put<L>("0001-01-01 00:00:00.001Z"), "-9223372036854775808");
}

TEST(LensTime, OtherWaysToWriteATime) {
  using L = lens::EpochMilliseconds;
  EXPECT_EQ(put<L>("1970-01-01"), "0");
  EXPECT_EQ(put<L>("1970-01-01 00:00"), "0");
  EXPECT_EQ(put<L>("1970-01-01T00:00:01Z"), "1000");
  EXPECT_EQ(put<L>("1970-01-01 00:00:01.5"), "1500");
  EXPECT_EQ(put<L>("1970-01-01 00:00:00.1234567Z"), "123");
  EXPECT_EQ(put<L>("1970-01-01 00:00:01,5"), "1500");
  EXPECT_EQ(put<L>("1970-01-01 05:30:00+05:30"), "0");
  EXPECT_EQ(put<L>("1969-12-31 23:00:00-0100"), "0");
  EXPECT_EQ(put<L>("1970-01-01 02:00:00+02"), "0");
  EXPECT_EQ(put<L>("1970-01-01 00:30:00+00:30"), "0");
}

TEST(LensTime, EachMonthHasItsDays) {
  using L = lens::Date;
  const std::string no_day = put<L>("no date");
  for (const char* year : {"1900", "1970", "2000", "2023", "2024", "2100"}) {
    const std::string text = year;
    const bool leap = text == "2000" || text == "2024";
    const int days[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int month = 1; month <= 12; ++month) {
      const std::string begin = fmt::format("{}-{:02}-", text, month);
      const std::string last = begin + std::to_string(days[month - 1]);
      EXPECT_EQ(put<L>(begin + "01"), "text[" + begin + "01]");
      EXPECT_EQ(put<L>(last), "text[" + last + "]");
      EXPECT_EQ(put<L>(begin + "00"), no_day) << begin;
      EXPECT_EQ(put<L>(begin + std::to_string(days[month - 1] + 1)), no_day) << begin << "no more days";
    }
  }
}

TEST(LensTime, TheLastOfEachPartIsATime) {
  using L = lens::EpochMilliseconds;
  EXPECT_EQ(put<L>("1970-01-01 23:59:59.999"), "86399999");
  EXPECT_EQ(put<L>("1970-01-02 23:59:00+23:59"), "86400000");
  EXPECT_EQ(put<L>("1970-01-01 00:00:00+24:00"), put<L>(""));
  EXPECT_EQ(put<L>("1970-01-01 00:00:00+00:60"), put<L>(""));
}

TEST(LensTime, WhatIsNotATime) {
  for (const char* text : {"1970-1-1",
                           "1970-02-30",
                           "0000-01-01",
                           "1970-13-01",
                           "1970-00-01",
                           "1970-01-01 24:00:00",
                           "1970-01-01 00:60:00",
                           "1970-01-01 00:00:60",
                           "1970-01-01 ",
                           "1970-01-01x",
                           "1970-01-01 00:00:00.",
                           "1970-01-01 00:00:00Zx",
                           "1970-01-01 00:00:00Z+01:00",
                           "1970-01-01 00:00:00+1",
                           "1970-01-01 00:00:00+01:",
                           "10000-01-01",
                           "-001-01-01",
                           "1970-01-01  00:00:00",
                           "1970x01-01",
                           "1970-01x01",
                           "x970-01-01",
                           "1970-01-01 00:00:00,",
                           "1970-01-01 00:00:00 ",
                           "1970-01-01 00:00:00+xx",
                           "1970-01-01 00:00:00+01:xx",
                           "1970-01-01 00:00:00+01:30x",
                           "1970-01-01 00:00:00x",
                           "197:-01-01",
                           "1970-0:-01",
                           "1970-1/-01",
                           "1970-01-01 0::00:00",
                           "1970-01-01 00",
                           "1700000000"}) {
    EXPECT_EQ(civil_time::parse(text), std::nullopt) << text;
  }
  EXPECT_EQ(civil_time::parse(std::string_view("1970-01-01\0", 11)), std::nullopt);
}

TEST(LensTime, DatesAndTimesOfText) {
  EXPECT_EQ(get<lens::Date>(Value::text("2024-02-29")), "text[2024-02-29 00:00:00.000Z]");
  EXPECT_EQ(get<lens::Date>(Value::text("2024-02-29 12:34:56")), "text[2024-02-29 00:00:00.000Z]");
  EXPECT_EQ(get<lens::Date>(Value::text("0001-01-01")), "text[]");
  EXPECT_EQ(put<lens::Date>("2024-02-29 23:59:59.999Z"), "text[2024-02-29]");
  EXPECT_EQ(put<lens::Date>("0001-01-01 00:00:00.001Z"), "text[0001-01-01]");
  EXPECT_EQ(put<lens::Date>("9999-12-31 23:59:59.999Z"), "text[9999-12-31]");
  for (const char* beyond : {"0001-01-01 00:00:00+01:00", "9999-12-31 23:59:59-01:00"}) {
    EXPECT_EQ(put<lens::Date>(beyond), "NULL") << beyond;
    EXPECT_EQ(put<lens::Datetime>(beyond), "NULL") << beyond;
    EXPECT_EQ(get<lens::Datetime>(Value::text(beyond)), "text[]") << beyond;
  }
  EXPECT_EQ(get<lens::Datetime>(Value::text("2024-02-29 12:34:56")), "text[2024-02-29 12:34:56.000Z]");
  EXPECT_EQ(get<lens::Datetime>(Value::text("2024-02-29 12:34:56.789123")), "text[2024-02-29 12:34:56.789Z]");
  EXPECT_EQ(put<lens::Datetime>("2024-02-29 12:34:56.000Z"), "text[2024-02-29 12:34:56]");
  EXPECT_EQ(put<lens::Datetime>("2024-02-29 12:34:56.789Z"), "text[2024-02-29 12:34:56.789000]");
}

}  // namespace
}  // namespace twoway::lens_test
