#pragma once

#include "autograd/graph/array_like.h"
#include "nn/initializers/initializers.h"
#include "nn/link.h"
#include "nn/size.h"

namespace nn::inline links {

struct LinearOptions {
  bool nobias = false;
  Initializer initialW = {};
  Initializer initial_bias = {};
};

// A fully connected layer: y = x W^T + b, with W (out_size, in_size) and b (out_size).
//
// W is initialised by `initialW`, by default LeCunNormal, at construction if in_size is known, else
// by the first input. b is initialised by `initial_bias`, by default 0. Each may be a number, an
// array or an initializer.
//
//   nn::Linear l1(784, 100), l2(nn::None, 10), l3(10), l4(10, {.nobias = true});
class Linear : public Polymorphic<Linear> {
 public:
  Linear(Size in_size, std::int64_t out_size, const LinearOptions& options = {});
  explicit Linear(std::int64_t out, const LinearOptions& options = {})
      : Linear(None, out, options) {}
  Linear(Size in_size, std::int64_t out_size, bool nobias, const Initializer& initialW = {},
         const Initializer& initial_bias = {});

  // A layer with these parameters, whose values are copied. b may be empty; with nobias it is left
  // out.
  static Linear from_params(const autograd::ArrayField& W, const autograd::ArrayField& b = {},
                            bool nobias = false);

  // The first n_batch_axes axes of x are kept; the axes after them are flattened into in_size
  // features.
  Variable operator()(const Variable& x, int n_batch_axes = 1);
  void list(Members& members) override { members("W", W)("b", b); }

  Parameter W, b;
  Size in_size;  // as given
  std::int64_t out_size;
};

}  // namespace nn::inline links
