#pragma once

#include <string>

#include "autograd/base/error.h"

// What the call's exception says, whole.
template <class Exception = autograd::Error, class Call>
std::string message_of(const Call& call) {
  try {
    call();
  } catch (const Exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}
