#pragma once

#include <string_view>

#include "autograd/graph/variable.h"

// Helpers that the distributions share.
namespace nn::distributions {

using autograd::Variable, autograd::VariableField;

inline constexpr double kHalfLogTwoPi = 0.9189385332046727;  // log(2 pi) / 2

// A lazily computed variable. If it was computed without a graph, it is computed again when a graph
// is recorded.
class Cached {
 public:
  Cached() = default;
  // A given value, which is not computed.
  explicit Cached(const Variable& value) : value_(value), with_graph_(true) {}

  template <class Compute>
  const Variable& get(const Compute& compute) const {
    if (!value_ || (!with_graph_ && recording())) {
      with_graph_ = recording();
      value_ = compute();
    }
    return value_;
  }

 private:
  static bool recording();

  mutable Variable value_;
  mutable bool with_graph_ = false;
};

// Throws unless exactly one of two alternative parameters was given.
void require_one(std::string_view distribution, std::string_view first, bool has_first,
                 std::string_view second, bool has_second);

// Throws unless a parameter was given.
void require_given(std::string_view distribution, std::string_view parameter,
                   const Variable& value);

// The shape of n samples.
autograd::Shape with_samples(std::int64_t n, const autograd::Shape& shape);

}  // namespace nn::distributions
