#pragma once

#include <cstdint>

namespace autograd {

// A base that counts the objects of a class that this thread made and that are still there (or were
// let go by another thread); what testing/leak_scope.h looks at. A plain number for each thread, as
// these objects come by the million.
template <class T>
class Live {
 public:
  static std::int64_t count() { return count_; }

 protected:
  Live() { ++count_; }
  ~Live() { --count_; }
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

 private:
  static constinit inline thread_local std::int64_t count_ = 0;
};

}  // namespace autograd
