#include "nn/links/connection/bilinear.h"

#include <fmt/format.h>

#include "autograd/functions/connection/connection.h"

namespace nn::inline links {

Bilinear::Bilinear(std::int64_t left_size, std::int64_t right_size, std::int64_t out_size,
                   const BilinearOptions& o)
    : in_sizes(left_size, right_size), nobias(o.nobias) {
  if (left_size < 1 || right_size < 1 || out_size < 1)
    throw autograd::Error(
        fmt::format("Bilinear: sizes must be at least 1, but left_size is {}, right_size {} and "
                    "out_size {}",
                    left_size, right_size, out_size));
  const Initializer drawn = initializers::LeCunNormal();
  W = Parameter(o.initialW.or_else(drawn), Shape{left_size, right_size, out_size});
  if (!nobias) {
    V1 = Parameter(o.initialV1.or_else(drawn), Shape{left_size, out_size});
    V2 = Parameter(o.initialV2.or_else(drawn), Shape{right_size, out_size});
    b = Parameter(o.initialb.or_else(0.0), Shape{out_size});
  }
  name_parameters();
}
Bilinear::Bilinear(std::int64_t left_size, std::int64_t right_size, std::int64_t out_size,
                   bool no_b, const Initializer& initialW)
    : Bilinear(left_size, right_size, out_size,
               BilinearOptions{.nobias = no_b, .initialW = initialW}) {}

Variable Bilinear::operator()(const Variable& e1, const Variable& e2) {
  return hooked([&] { return autograd::bilinear(e1, e2, W, V1, V2, b); }, e1, e2);
}

}  // namespace nn::inline links
