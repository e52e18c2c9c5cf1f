#pragma once

#include <cstdint>
#include <utility>

#include "nn/initializers/initializers.h"
#include "nn/link.h"

namespace nn::inline links {

struct BilinearOptions {
  bool nobias = false;
  Initializer initialW = {};
  Initializer initialV1 = {}, initialV2 = {}, initialb = {};  // Chainer's initial_bias, a tuple
};

// A layer that multiplies pairs of features (Socher et al., NIPS 2013): y_l = e1 W_l e2 + e1 V1 +
// e2 V2 + b, with W (left_size, right_size, out_size), V1 (left_size, out_size), V2 (right_size,
// out_size) and b (out_size). By default W, V1 and V2 are initialised by LeCunNormal and b by 0.
// With nobias there is W only.
class Bilinear : public Polymorphic<Bilinear> {
 public:
  Bilinear(std::int64_t left_size, std::int64_t right_size, std::int64_t out_size,
           const BilinearOptions& options = {});
  Bilinear(std::int64_t left_size, std::int64_t right_size, std::int64_t out_size, bool nobias,
           const Initializer& initialW = {});

  Variable operator()(const Variable& e1, const Variable& e2);
  void list(Members& members) override { members("W", W)("V1", V1)("V2", V2)("b", b); }

  Parameter W, V1, V2, b;
  std::pair<std::int64_t, std::int64_t> in_sizes;  // left_size, right_size
  bool nobias;
};

}  // namespace nn::inline links
