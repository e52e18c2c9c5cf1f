#pragma once

#include <functional>

#include "nn/links/connection/linear.h"

namespace nn::inline links {

struct HighwayOptions {
  bool nobias = false;
  std::function<Variable(const Variable&)> activate = {};  // relu
  Initializer init_Wh = {}, init_Wt = {};                  // LeCunNormal
  Initializer init_bh = {}, init_bt = -1.0;                // init_bh: 0
};

// A highway layer (Srivastava, Greff and Schmidhuber, arXiv:1505.00387):
// y = t activate(plain(x)) + (1 - t) x, t = sigmoid(transform(x)), both layers linear.
class Highway : public Polymorphic<Highway> {
 public:
  explicit Highway(std::int64_t in_out_size, const HighwayOptions& options = {});
  Highway(std::int64_t in_out_size, bool nobias,
          const std::function<Variable(const Variable&)>& activate = {},
          const Initializer& init_Wh = {}, const Initializer& init_Wt = {},
          const Initializer& init_bh = {}, const Initializer& init_bt = -1.0);

  Variable operator()(const Variable& x);
  void list(Members& members) override { members("plain", plain)("transform", transform); }

  std::function<Variable(const Variable&)> activate;
  Linear plain, transform;
};

}  // namespace nn::inline links
