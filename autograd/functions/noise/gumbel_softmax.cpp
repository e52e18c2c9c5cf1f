#include "autograd/functions/noise/gumbel_softmax.h"

#include "autograd/array/random.h"
#include "autograd/base/check.h"
#include "autograd/functions/activation/activation.h"
#include "autograd/functions/math/basic_math.h"

namespace autograd::inline functions {
namespace {

template <class Tau>
Variable gumbel_softmax_of(const Variable& log_pi, const Tau& tau, int axis,
                           random::Generator& generator) {
  Check("gumbel_softmax", {{"log_pi", log_pi}}).floats();
  if (log_pi.ndim() == 0) return as_variable(Array::ones({}, log_pi.dtype()));
  axis = normalize_axis("gumbel_softmax", axis, log_pi.ndim());
  const Array g = array::gumbel(log_pi.shape(), log_pi.dtype(), generator);
  return softmax((log_pi + g) / tau, axis);
}

}  // namespace

Variable GumbelSoftmaxFunction::operator()(const Variable& log_pi, double tau, int axis,
                                           random::Generator& generator) const {
  return gumbel_softmax_of(log_pi, tau, axis, generator);
}

Variable GumbelSoftmaxFunction::operator()(const Variable& log_pi, const Variable& tau, int axis,
                                           random::Generator& generator) const {
  Check("gumbel_softmax", {{"log_pi", log_pi}, {"tau", tau}}).floats();
  return gumbel_softmax_of(log_pi, tau, axis, generator);
}

}  // namespace autograd::inline functions
