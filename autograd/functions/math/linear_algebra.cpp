#include "autograd/functions/math/linear_algebra.h"

#include "autograd/array/compare.h"
#include "autograd/array/linalg.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/matmul.h"

namespace autograd::inline functions {
namespace {

// Of one matrix or of a batch.
template <bool kBatch>
class Inverse final : public FunctionNode {
  std::string_view name() const override { return kBatch ? "batch_inv" : "inv"; }
  std::string label() const override { return kBatch ? "BatchInv" : "Inv"; }
  Array forward(const Inputs& x) override {
    retain_outputs({0});
    return array::inv(x[0], name());
  }
  // d(x^-1) = -x^-1 dx x^-1
  Grads backward(const Variable& gy) override {
    const Variable y = retained_output(0);
    return {-matmul(matmul(y, gy, true), y, false, true)};
  }
};

class Determinant final : public FunctionNode {
  std::string_view name() const override { return "det"; }
  Array forward(const Inputs& x) override {
    retain_inputs({0});
    retain_outputs({0});
    return array::det(x[0]);
  }
  Grads backward(const Variable& gy) override {
    const Variable factor = reshape(gy * retained_output(0), {gy.length(0), 1, 1});
    return {factor * swapaxes(batch_inv(retained_input(0)), 1, 2)};
  }
};

// With Phi that takes the lower triangle and half of the diagonal:
//   dL = L Phi(L^-1 da L^-T),   ga = sym(L^-T Phi(L^T gL) L^-1)    (I. Murray, arXiv:1602.07527)
class Cholesky final : public FunctionNode {
  std::string_view name() const override { return "cholesky"; }
  Array forward(const Inputs& x) override {
    retain_outputs({0});
    return array::cholesky(x[0]);
  }
  Grads backward(const Variable& gy) override {
    const Variable y = retained_output(0), y_inv = autograd::inv(y);
    const Array row = Array::arange(y.length(0)).expand_dims(1), column = row.transpose();
    const Array phi = array::greater_equal(row, column).astype(y.dtype()) -
                      array::equal(row, column).astype(y.dtype()) * 0.5;
    const Variable inner = as_variable(phi) * matmul(y, gy, true);
    const Variable s = matmul(matmul(y_inv, inner, true), y_inv);
    return {(s + transpose(s)) * 0.5};
  }
};

void check(std::string_view op, const Variable& x, int ndim) {
  Check(op, {{"x", x}})
      .floats()
      .ndim(ndim)
      .that(x.length(ndim - 1) == x.length(ndim - 2), "the matrices must be square");
}

}  // namespace

Variable inv(const Variable& x) {
  check("inv", x, 2);
  return apply<Inverse<false>>({x});
}

Variable batch_inv(const Variable& x) {
  check("batch_inv", x, 3);
  return apply<Inverse<true>>({x});
}

Variable det(const Variable& x) {
  check("det", x, 2);
  return reshape(apply<Determinant>({expand_dims(x, 0)}), {});
}

Variable batch_det(const Variable& x) {
  check("batch_det", x, 3);
  return apply<Determinant>({x});
}

Variable cholesky(const Variable& a) {
  check("cholesky", a, 2);
  return apply<Cholesky>({a});
}

}  // namespace autograd::inline functions
