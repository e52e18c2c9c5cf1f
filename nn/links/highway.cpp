#include "nn/links/highway.h"

#include "autograd/functions/activation.h"
#include "autograd/functions/basic_math.h"

namespace nn {

Highway::Highway(std::int64_t in_out_size, const Options& o)
    : plain(in_out_size, in_out_size,
            {.nobias = o.nobias, .initialW = o.init_Wh, .initial_bias = o.init_bh}),
      transform(in_out_size, in_out_size,
                {.nobias = o.nobias, .initialW = o.init_Wt, .initial_bias = o.init_bt}),
      activate_(o.activate) {}

Variable Highway::operator()(const Variable& x) {
  const Variable h = plain(x), t = autograd::sigmoid(transform(x));
  return (activate_ ? activate_(h) : autograd::relu(h)) * t + x * (1 - t);
}

}  // namespace nn
