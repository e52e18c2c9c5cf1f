#pragma once

#include <string>

#include "autograd/base/error.h"

namespace autograd {

// What f() says when it refuses, whole; empty if it does not.
template <class F>
std::string message_of(const F& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace autograd
