#include "examples/vae_lab/classes.h"

#include "autograd/base/error.h"
#include "autograd/functions/array/join.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/matmul.h"
#include "autograd/functions/math/reduction.h"

namespace vae::lab {

using autograd::Array;
using autograd::Variable;

Array one_hot(const Array& labels, int classes) {
  const std::int64_t n = labels.length(0);
  Array rows = Array::zeros({n, classes}, autograd::Dtype::float32);
  float* p = rows.mutable_data<float>();
  for (const std::int64_t label : labels.to_vector<std::int64_t>()) {
    if (label < 0 || label >= classes)
      throw autograd::Error("one_hot: labels must lie in [0, " + std::to_string(classes) +
                            "), but one is " + std::to_string(label));
    p[label] = 1;
    p += classes;
  }
  return rows;
}

Array with_classes(const Array& rows, const std::optional<Array>& labels, int classes) {
  return classes == 0 ? rows : join_classes(rows, one_hot(*labels, classes)).array();
}

Variable join_classes(const Variable& rows, const Variable& t) {
  return t ? autograd::concat({rows, t}, 1) : rows;
}

std::pair<Variable, Variable> split_classes(const Variable& rows, int classes) {
  if (classes == 0) return {rows, {}};
  const auto parts = autograd::split_axis(rows, {rows.length(1) - classes}, 1);
  return {parts[0], parts[1]};
}

Array within_classes(const Array& rows, const Array& labels, int classes) {
  const Variable t = autograd::as_variable(one_hot(labels, classes).astype(rows.dtype()));
  const Variable sums = autograd::matmul(t, rows, true);
  // A class without rows has the sum 0, and its mean is not used.
  const Variable counts = autograd::expand_dims(autograd::maximum(autograd::sum(t, 0), 1), 1);
  return (rows - autograd::matmul(t, sums / counts)).array();
}

}  // namespace vae::lab
