#include "runtime/files/sha256.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <vector>

#include "runtime/model/error.h"
#include "runtime/model/memory.h"

namespace twoway::files {

struct Sha256::Context {
  EVP_MD_CTX* evp = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(evp); }
};

namespace {

void require(bool done) {
  if (!done) throw cannot_start(std::string(not_enough_memory), std::string(not_enough_memory_hint));
}

}  // namespace

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  require(context_->evp != nullptr && EVP_DigestInit_ex(context_->evp, EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() = default;

void Sha256::add(std::span<const char> bytes) {
  require(EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size()) == 1);
}

std::string Sha256::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  require(EVP_DigestFinal_ex(context_->evp, hash.data(), &size) == 1);
  require(EVP_DigestInit_ex(context_->evp, EVP_sha256(), nullptr) == 1);
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", hash[i]);
  return text;
}

void HashedSource::rewind() {
  source_.rewind();
  hash_.finish();
  bytes_ = 0;
}

std::size_t HashedSource::read(std::span<char> buffer) {
  const std::size_t got = source_.read(buffer);
  hash_.add(buffer.first(got));
  bytes_ += got;
  return got;
}

std::string HashedSource::sha256() {
  std::vector<char> buffer(piece_bytes);
  while (read(buffer) > 0) {
  }
  return hash_.finish();
}

std::string sha256_of(FileSource& source) {
  HashedSource hashed(source);
  hashed.rewind();
  return hashed.sha256();
}

}  // namespace twoway::files
