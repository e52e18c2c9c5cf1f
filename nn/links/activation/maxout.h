#pragma once

#include <concepts>

#include "nn/links/connection/linear.h"

namespace nn::inline links {

struct MaxoutOptions {
  bool nobias = false;
  Initializer initialW = {};
  Initializer initial_bias = {};
};

// For each of out_size units, the maximum of pool_size linear functions (Goodfellow et al.,
// arXiv:1302.4389): maxout(x W^T + b, pool_size), with W (out_size pool_size, in_size) and b
// (out_size pool_size). By default W is initialised by LeCunNormal and b by 0. The pool_size
// functions of a unit are adjacent.
class Maxout : public Polymorphic<Maxout> {
 public:
  Maxout(Size in_size, std::int64_t out_size, int pool_size, const MaxoutOptions& options = {});
  template <std::convertible_to<Initializer> I>
  Maxout(Size in_size, std::int64_t units, int pool, const I& initialW,
         const Initializer& initial_bias = {})
      : Maxout(in_size, units, pool,
               MaxoutOptions{.initialW = initialW, .initial_bias = initial_bias}) {}

  Variable operator()(const Variable& x);
  void list(Members& members) override { members("linear", linear); }

  Linear linear;
  std::int64_t out_size;
  int pool_size;
};

}  // namespace nn::inline links
