#include "autograd/functions/normalization/batch_renormalization.h"

#include <fmt/format.h>

#include "autograd/array/map.h"
#include "autograd/array/reduce.h"
#include "autograd/base/check.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/normalization/normalization.h"
#include "autograd/graph/config.h"

namespace autograd::inline functions {

Variable batch_renormalization(const Variable& x, const Variable& gamma, const Variable& beta,
                               double rmax, double dmax, ArrayLike given_mean, ArrayLike given_var,
                               const BatchRenormalizationOptions& o) {
  constexpr std::string_view op = "batch_renormalization";
  const Array &running_mean = given_mean.array(), &running_var = given_var.array();
  Check(op, {{"gamma", gamma},
             {"beta", beta},
             {"running_mean", running_mean},
             {"running_var", running_var}})
      .floats()
      .same_shape();
  Check(op, {{"x", x}, {"gamma", gamma}})
      .floats()
      .that(x.ndim() > gamma.ndim() && x.shape().slice(1, 1 + gamma.ndim()) == gamma.shape(),
            "gamma must have the lengths of x from axis 1 on");
  if (!(rmax >= 1)) throw Error(fmt::format("{}: rmax must be at least 1, but it is {}", op, rmax));
  if (!(dmax >= 0))
    throw Error(fmt::format("{}: dmax must not be negative, but it is {}", op, dmax));

  std::vector<int> axes{0};
  for (int axis = 1 + gamma.ndim(); axis < x.ndim(); ++axis) axes.push_back(axis);
  Variable r, d;
  {
    const auto no_graph = no_backprop_mode();
    const Variable mean = as_variable(array::mean(x.array(), Axes(axes))),
                   var = as_variable(array::var(x.array(), Axes(axes)));
    const Variable deviation = sqrt(as_variable(running_var) + o.eps);
    r = clip(sqrt(var + o.eps) / deviation, 1 / rmax, rmax);
    d = clip((mean - as_variable(running_mean)) / deviation, -dmax, dmax);
  }
  BatchNormalizationOptions options{.eps = o.eps};
  if (o.update_statistics) {
    options.running_mean = running_mean;
    options.running_var = running_var;
    options.decay = o.decay;
  }
  return batch_normalization(x, gamma * r, gamma * d + beta, options);
}

Variable fixed_batch_renormalization(const Variable& x, const Variable& gamma, const Variable& beta,
                                     const Variable& mean, const Variable& var, double eps) {
  return fixed_batch_normalization(x, gamma, beta, mean, var, eps);
}

}  // namespace autograd::inline functions
