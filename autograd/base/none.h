#pragma once

#include <optional>

namespace autograd {

// Python's None: what is not given, or not known yet. It goes where a std::nullopt goes, too.
//
//   F::sum(x, F::None, true)      nn::Linear(nn::None, 10)
struct NoneType : std::nullopt_t {
  constexpr NoneType() : std::nullopt_t(std::nullopt) {}
  friend constexpr bool operator==(NoneType, NoneType) { return true; }
};
inline constexpr NoneType None;

}  // namespace autograd
