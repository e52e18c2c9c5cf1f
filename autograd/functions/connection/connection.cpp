#include "autograd/functions/connection/connection.h"

#include <fmt/format.h>

#include "autograd/array/compare.h"
#include "autograd/array/gemm.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/matmul.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/support/labels.h"

namespace autograd::inline functions {
namespace {

// The bias goes into the matrix product: the sums start from it.
class Linear final : public FunctionNode {
  std::string_view name() const override { return "linear"; }
  std::string label() const override { return "LinearFunction"; }
  Array forward(const Inputs& x) override {
    retain_inputs({0, 1});
    const Array weights = x[1].transpose();
    return x.size() == 3 ? array::matmul_add(x[0], weights, x[2]) : array::matmul(x[0], weights);
  }
  Grads backward(const Variable& gy) override {
    const auto gx = [&] { return matmul(gy, retained_input(1)); };
    const auto gW = [&] { return matmul(gy, retained_input(0), true); };
    const auto gb = [&] { return sum(gy, 0); };
    return inputs().size() == 3 ? when_needed(gx, gW, gb) : when_needed(gx, gW);
  }
};

}  // namespace

Variable linear(const Variable& x, const Variable& W, const Variable& b, int n_batch_axes) {
  Check("linear", {{"x", x}, {"W", W}}).floats().that(W.ndim() == 2, "W must have 2 axes");
  if (n_batch_axes < 1 || n_batch_axes > x.ndim())
    Check("linear", {{"x", x}})
        .fail(fmt::format("n_batch_axes must be in [1, x.ndim], unlike {}", n_batch_axes));
  const Shape batch = x.shape().slice(0, n_batch_axes);
  const std::int64_t features = x.shape().slice(n_batch_axes, x.ndim()).elements();
  Check("linear", {{"x", x}, {"W", W}})
      .that(features == W.length(1), x.ndim() == 2
                                         ? "x.shape[1] must equal W.shape[1]"
                                         : "each sample of x must have W.shape[1] elements");
  if (b)
    Check("linear", {{"x", x}, {"W", W}, {"b", b}})
        .floats()
        .that(b.ndim() == 1 && b.length(0) == W.length(0), "b must be (W.shape[0])");

  const Variable rows = reshape(x, {batch.elements(), features});
  const Variable y = b ? apply<Linear>({rows, W, b}) : apply<Linear>({rows, W});
  Shape shape = batch;
  shape.push_back(W.length(0));
  return reshape(y, shape);
}

Variable bilinear(const Variable& e1, const Variable& e2, const Variable& W, const Variable& V1,
                  const Variable& V2, const Variable& b) {
  Check("bilinear", {{"e1", e1}, {"e2", e2}, {"W", W}})
      .floats()
      .that(e1.ndim() >= 2 && e2.ndim() >= 2, "e1 and e2 must have at least 2 axes")
      .that(W.ndim() == 3, "W must have 3 axes")
      .that(e1.length(0) == e2.length(0), "e1 and e2 must have the same number of samples");
  const std::int64_t n = e1.length(0), J = W.length(0), K = W.length(1), L = W.length(2);
  Check("bilinear", {{"e1", e1}, {"e2", e2}, {"W", W}})
      .that(e1.shape().slice(1, e1.ndim()).elements() == J &&
                e2.shape().slice(1, e2.ndim()).elements() == K,
            "each sample of e1 must have W.shape[0] elements and each of e2 W.shape[1]");
  const Variable left = reshape(e1, {n, J}), right = reshape(e2, {n, K});
  const Variable pairs = reshape(left, {n, J, 1}) * reshape(right, {n, 1, K});
  const Variable y = matmul(reshape(pairs, {n, J * K}), reshape(W, {J * K, L}));
  if (!V1 && !V2 && !b) return y;
  if (!V1 || !V2 || !b)
    throw Error("bilinear: V1, V2 and b must be given all three or not at all, but one is missing");
  Check("bilinear", {{"W", W}, {"V1", V1}, {"V2", V2}, {"b", b}})
      .floats()
      .that(V1.shape() == Shape{J, L} && V2.shape() == Shape{K, L} && b.shape() == Shape{L},
            "V1 must be (W.shape[0], W.shape[2]), V2 (W.shape[1], W.shape[2]) and b (W.shape[2])");
  return y + matmul(left, V1) + matmul(right, V2) + b;
}

Variable embed_id(ArrayLike given, const Variable& W, std::optional<std::int64_t> ignore_label) {
  const Array& x = given.array();
  Check("embed_id", {{"x", x}, {"W", W}})
      .that(is_integer(x.dtype()) && x.ndim() >= 1, "x must hold integers along at least 1 axis")
      .that(is_float(W.dtype()) && W.ndim() == 2, "W must be a matrix of floating numbers");
  Array ids = x.dtype() == Dtype::int32 && !ignore_label ? x : x.astype(Dtype::int64);
  labels::require_between("embed_id", ids, 0, W.length(0) - 1, ignore_label);
  constexpr FunctionName named{"embed_id", "EmbedIDFunction"};
  if (!ignore_label) return get_item(W, ids, named);
  const Array ignored = array::equal(ids, Array::scalar(*ignore_label));
  ids = array::where(ignored, Array::zeros({}, Dtype::int64), ids);
  return where(ignored.expand_dims(x.ndim()), Array::zeros({}, W.dtype()), get_item(W, ids, named));
}

}  // namespace autograd::inline functions
