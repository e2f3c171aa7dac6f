#include "runtime/model/sha256.h"

#include "runtime/model/hexadecimal.h"

namespace twoway {

Sha256::Hash Sha256::finish() {
  Hash hash;
  SHA256_Final(reinterpret_cast<unsigned char*>(hash.data()), &state_);
  SHA256_Init(&state_);
  return hash;
}

std::string sha256_hexadecimal(std::string_view bytes) {
  Sha256 sha256;
  sha256.add(bytes);
  return hexadecimal(sha256.finish());
}

std::string hexadecimal(const Sha256::Hash& hash) { return hexadecimal(std::string_view(hash.data(), hash.size())); }

}  // namespace twoway
