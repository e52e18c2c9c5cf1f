#pragma once

#include <optional>

namespace autograd {

// Python's None: a value that is not given or not known yet. Converts to an empty std::optional.
//
//   F::sum(x, F::None, true)      nn::Linear(nn::None, 10)
struct NoneType : std::nullopt_t {
  constexpr NoneType() : std::nullopt_t(std::nullopt) {}
  friend constexpr bool operator==(NoneType, NoneType) { return true; }
};
inline constexpr NoneType None;

}  // namespace autograd
