// SHA-256.
#pragma once

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#undef OPENSSL_SUPPRESS_DEPRECATED

#include <array>
#include <string>
#include <string_view>

namespace twoway {

/// Takes bytes piece by piece, and allocates nothing: OpenSSL's newer calls load an implementation at their first use,
/// and follow a null pointer where memory runs out meanwhile (seen with 3.0.17).
class Sha256 {
 public:
  using Hash = std::array<char, SHA256_DIGEST_LENGTH>;

  Sha256() { SHA256_Init(&state_); }

  void add(std::string_view bytes) { SHA256_Update(&state_, bytes.data(), bytes.size()); }
  /// Of what was added since the last call; begins anew.
  Hash finish();

 private:
  SHA256_CTX state_;
};

/// 64 hexadecimal digits.
std::string sha256_hexadecimal(std::string_view bytes);
std::string hexadecimal(const Sha256::Hash& hash);

}  // namespace twoway
