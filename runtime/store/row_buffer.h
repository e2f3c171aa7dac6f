// Memory for one generated row or record struct, of which the runtime knows only the descriptor.
#pragma once

#include <cstddef>
#include <memory>
#include <new>

#include "runtime/model/value.h"

namespace twoway {

/// Cells of a generated struct, all NULL at first.
class RowBuffer {
 public:
  explicit RowBuffer(std::size_t bytes) : cells_(std::make_unique<Value[]>(bytes / sizeof(Value))), bytes_(bytes) {}
  void* get() { return cells_.get(); }
  const void* get() const { return cells_.get(); }
  /// All cells NULL again.
  void clear() {
    for (std::size_t i = 0; i < bytes_ / sizeof(Value); ++i) cells_[i] = Value::null();
  }

 private:
  std::unique_ptr<Value[]> cells_;
  std::size_t bytes_;
};

}  // namespace twoway
