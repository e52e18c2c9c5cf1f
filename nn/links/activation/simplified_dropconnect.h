#pragma once

#include <concepts>

#include "autograd/graph/array_like.h"
#include "nn/initializers/initializers.h"
#include "nn/link.h"
#include "nn/size.h"

namespace nn::inline links {

struct SimplifiedDropconnectLinkOptions {
  double ratio = 0.5;
  bool nobias = false;
  Initializer initialW = {};      // HeNormal(1 / sqrt(2))
  Initializer initial_bias = {};  // 0
};

// What a call may be given; see autograd::simplified_dropconnect().
struct SimplifiedDropconnectCall {
  bool train = true;
  autograd::ArrayField mask = {};
  bool use_batchwise_mask = true;  // of a mask that is drawn; one that is given tells by its axes
};

// A fully connected layer whose connections are dropped at random: simplified_dropconnect(x, W, b)
// with W (out_size, in_size) and b (out_size), which drops each weight with probability `ratio` and
// multiplies the others by 1 / (1 - ratio). Unlike dropout it does not look at config().train: pass
// train = false where nothing is to be dropped. A mask is drawn even then, as in Chainer.
//
// W is initialised at construction if in_size is known, else by the first input. The first mask that
// a call is given is kept in `mask` and saved with the link, but not used again, as in Chainer.
class SimplifiedDropconnect : public Polymorphic<SimplifiedDropconnect> {
 public:
  SimplifiedDropconnect(Size in_size, std::int64_t out_size,
                        const SimplifiedDropconnectLinkOptions& options = {});
  template <std::floating_point T>
  SimplifiedDropconnect(Size in_size, std::int64_t units, T drop_ratio, bool nobias = false,
                        const Initializer& initialW = {}, const Initializer& initial_bias = {})
      : SimplifiedDropconnect(in_size, units,
                              SimplifiedDropconnectLinkOptions{.ratio = drop_ratio,
                                                               .nobias = nobias,
                                                               .initialW = initialW,
                                                               .initial_bias = initial_bias}) {}

  // x is (batch, in_size), where in_size may be several axes.
  Variable operator()(const Variable& x, const SimplifiedDropconnectCall& options = {});
  Variable operator()(const Variable& x, bool train, const autograd::ArrayField& given_mask = {},
                      bool use_batchwise_mask = true) {
    return (*this)(x, SimplifiedDropconnectCall{train, given_mask, use_batchwise_mask});
  }
  void list(Members& members) override;

  Parameter W, b;
  std::int64_t out_size;
  double ratio;
  Array mask;  // empty until a call is given one
};

}  // namespace nn::inline links
