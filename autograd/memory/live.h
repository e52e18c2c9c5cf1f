#pragma once

#include <cstdint>

namespace autograd {

// A base class that counts live objects for testing/leak_scope.h. The count of a thread is the
// number of objects that the thread made less the number that it destroyed. It is a plain
// thread-local number, because graphs make these objects by the million.
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
