#include "autograd/functions/math/matmul.h"

#include <fmt/format.h>

#include "autograd/array/gemm.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/graph/attributes.h"

namespace autograd::inline functions {
namespace {

Array transposed(const Array& a, bool yes) { return yes ? a.swapaxes(-1, -2) : a; }

// The product of arrays of two axes or more.
class MatMul final : public FunctionNode {
 public:
  MatMul(bool transa, bool transb) : transa_(transa), transb_(transb) {}

 private:
  std::string_view name() const override { return "matmul"; }
  std::string label() const override { return "MatMul"; }
  Attributes attributes() const override { return {{"transa", transa_}, {"transb", transb_}}; }
  Array forward(const Inputs& x) override {
    retain_inputs({0, 1});
    return array::matmul(transposed(x[0], transa_), transposed(x[1], transb_));
  }
  // With A and B as they are multiplied: gA = gy B^T and gB = A^T gy; where an input was
  // transposed, its gradient is the transposed product.
  Grads backward(const Variable& gy) override {
    return when_needed(
        [&] {
          const Variable b = retained_input(1);
          return sum_to(transa_ ? matmul(b, gy, transb_, true) : matmul(gy, b, false, !transb_),
                        input_shape(0));
        },
        [&] {
          const Variable a = retained_input(0);
          return sum_to(transb_ ? matmul(gy, a, true, transa_) : matmul(a, gy, !transa_, false),
                        input_shape(1));
        });
  }

  bool transa_, transb_;
};

// The axis over which the product sums, counted from the end.
int inner_axis(const Variable& x, bool last) { return x.ndim() == 1 || last ? -1 : -2; }

void require_batches(const Variable& a, const Variable& b) {
  const int na = a.ndim() - 2, nb = b.ndim() - 2;
  bool fit = true;
  for (int i = 1; i <= std::min(na, nb); ++i) {
    const std::int64_t la = a.length(na - i), lb = b.length(nb - i);
    fit = fit && (la == lb || la == 1 || lb == 1);
  }
  Check("matmul", {{"a", a}, {"b", b}}).that(fit, "the axes before the last two must broadcast");
}

}  // namespace

Variable MatmulFunction::operator()(const Variable& a, const Variable& b, bool transa,
                                    bool transb) const {
  Check("matmul", {{"a", a}, {"b", b}})
      .floats()
      .that(a.ndim() >= 1 && b.ndim() >= 1, "a and b must have at least 1 axis");
  const int ia = inner_axis(a, !transa), ib = inner_axis(b, transb);
  if (a.length(a.ndim() + ia) != b.length(b.ndim() + ib))
    Check("matmul", {{"a", a}, {"b", b}})
        .fail(fmt::format("a.shape[{}] must equal b.shape[{}]", ia, ib));
  if (a.ndim() > 1 && b.ndim() > 1) {
    if (a.ndim() > 2 && b.ndim() > 2) require_batches(a, b);
    return apply<MatMul>({a, b}, transa, transb);
  }

  const bool row = a.ndim() == 1, column = b.ndim() == 1;
  const Variable y =
      matmul(row ? reshape(a, {1, a.length(0)}) : a, column ? reshape(b, {b.length(0), 1}) : b,
             transa && !row, transb && !column);
  Shape shape = y.shape();
  if (column) shape.erase(shape.ndim() - 1);
  if (row) shape.erase(shape.ndim() - (column ? 1 : 2));
  return reshape(y, shape);
}

Variable BatchMatmulFunction::operator()(const Variable& a, const Variable& b, bool transa,
                                         bool transb) const {
  const auto has_matrices = [](const Variable& x) { return x.ndim() == 2 || x.ndim() == 3; };
  Check("batch_matmul", {{"a", a}, {"b", b}})
      .floats()
      .that(has_matrices(a) && has_matrices(b), "a and b must have 2 or 3 axes")
      .that(a.length(0) == b.length(0), "a and b must hold the same number of matrices");
  const auto matrices = [](const Variable& x) {
    return x.ndim() == 2 ? reshape(x, {x.length(0), x.length(1), 1}) : x;
  };
  return matmul(matrices(a), matrices(b), transa, transb);
}

}  // namespace autograd::inline functions
