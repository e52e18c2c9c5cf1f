#include "nn/links/connection/highway.h"

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/math/basic_math.h"

namespace nn::inline links {

Highway::Highway(std::int64_t in_out_size, const HighwayOptions& o)
    : activate(o.activate ? o.activate : autograd::relu),
      plain(in_out_size, in_out_size,
            {.nobias = o.nobias, .initialW = o.init_Wh, .initial_bias = o.init_bh}),
      transform(in_out_size, in_out_size,
                {.nobias = o.nobias, .initialW = o.init_Wt, .initial_bias = o.init_bt}) {}
Highway::Highway(std::int64_t in_out_size, bool nobias,
                 const std::function<Variable(const Variable&)>& act, const Initializer& init_Wh,
                 const Initializer& init_Wt, const Initializer& init_bh, const Initializer& init_bt)
    : Highway(in_out_size, HighwayOptions{.nobias = nobias,
                                          .activate = act,
                                          .init_Wh = init_Wh,
                                          .init_Wt = init_Wt,
                                          .init_bh = init_bh,
                                          .init_bt = init_bt}) {}

Variable Highway::operator()(const Variable& x) {
  const auto forward = [&] {
    const Variable h = plain(x), t = autograd::sigmoid(transform(x));
    return activate(h) * t + x * (1 - t);
  };
  return hooked(forward, x);
}

}  // namespace nn::inline links
