#pragma once

#include <concepts>

#include "nn/links/connection/linear.h"

namespace nn::inline links {

// The greatest of pool_size linear functions, for each of out_size units (Goodfellow et al.,
// arXiv:1302.4389): maxout(x W^T + b, pool_size), with W (out_size pool_size, in_size) and b
// (out_size pool_size). W is drawn by LeCunNormal unless given, b starts from 0. The pool_size
// functions of a unit stand one after another.
class Maxout : public Polymorphic<Maxout> {
 public:
  struct Options {
    bool nobias = false;
    Initializer initialW = {};
    Initializer initial_bias = {};
  };
  // in_size follows from the first input if it is std::nullopt.
  Maxout(std::optional<std::int64_t> in_size, std::int64_t units, int pool)
      : Maxout(in_size, units, pool, Options{}) {}
  Maxout(std::optional<std::int64_t> in_size, std::int64_t out_size, int pool_size,
         const Options& options);
  template <std::convertible_to<Initializer> I>
  Maxout(std::optional<std::int64_t> in_size, std::int64_t units, int pool, const I& initialW,
         const Initializer& initial_bias = {})
      : Maxout(in_size, units, pool, Options{.initialW = initialW, .initial_bias = initial_bias}) {}

  Variable operator()(const Variable& x);
  void list(Members& members) override { members("linear", linear); }

  Linear linear;
  std::int64_t out_size;
  int pool_size;
};

}  // namespace nn::inline links
