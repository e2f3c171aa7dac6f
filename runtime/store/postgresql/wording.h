// What libpq and the server say, in words for operators.
#pragma once

#include <string>
#include <string_view>

#include "runtime/store/postgresql/address.h"
#include "runtime/store/postgresql/failure.h"

namespace twoway::postgresql {

struct Words {
  std::string what;
  std::string hint;
};

/// Nobody answers, or we are not let in. `said`: the words of libpq.
Words words_for_no_connection(const Address& address, std::string_view said);
/// The connection broke.
Words words_for_lost_connection(const Address& address, std::string_view said);
/// A statement was refused.
Words words_for_refusal(const Address& address, const Refusal& refusal, std::string_view sql);

/// A message of the server without what it quotes of a row: that may be anybody's secret.
std::string without_values(std::string_view message);

}  // namespace twoway::postgresql
