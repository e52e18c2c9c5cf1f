// What a harness demands of the code that it feeds.
#pragma once

#include <string_view>

#include "autograd/base/error.h"

namespace fuzz {

// Says what should hold and aborts, unless it does: a fuzzer keeps the input then.
void require(bool holds, std::string_view what);

// An Error's message must be one line that can be read: no control characters, no end of 2,000
// characters.
void require_sentence(std::string_view message);

// Whether `read` returns. It may throw an Error instead, which must be one sentence; whatever else
// it throws, std::bad_alloc included, ends the program.
template <class Read>
bool accepts(const Read& read) {
  try {
    read();
    return true;
  } catch (const autograd::Error& error) {
    require_sentence(error.what());
    return false;
  }
}

}  // namespace fuzz
