#include "autograd/functions/support/symmetric.h"

#include "autograd/array/arithmetic.h"
#include "autograd/array/gemm.h"
#include "autograd/array/linalg.h"
#include "autograd/array/map.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/matmul.h"
#include "autograd/graph/function_node.h"
#include "autograd/kernels/ops/exponential.h"

namespace autograd {
namespace {

Array transposed(const Array& a) { return a.swapaxes(-2, -1); }

// The X with S X + X S = G, for symmetric, positive definite S: in the basis of the eigenvectors of
// S, G_ij / (s_i + s_j).
class Lyapunov final : public FunctionNode {
  std::string_view name() const override { return "lyapunov"; }
  std::string label() const override { return "Lyapunov"; }
  Array forward(const Inputs& x) override {
    retain_inputs({0});
    retain_outputs({0});
    const auto [values, vectors] = array::eigh(x[0], name());
    const Array sums = values.expand_dims(-1) + values.expand_dims(values.ndim() - 1);
    const Array rotated = array::matmul(array::matmul(transposed(vectors), x[1]), vectors);
    return array::matmul(array::matmul(vectors, rotated / sums), transposed(vectors));
  }
  // The solution is a linear function of G, which is its own adjoint; and S dX + dX S = -(dS X + X
  // dS).
  Grads backward(const Variable& gy) override {
    const Variable s = retained_input(0), x = retained_output(0);
    Variable g = autograd::apply<Lyapunov>({s, gy});
    return when_needed([&] { return -(matmul(g, x, false, true) + matmul(x, g, true)); },
                       [&] { return g; });
  }
};

class InverseSquareRoot final : public FunctionNode {
 public:
  explicit InverseSquareRoot(std::string_view name) : name_(name) {}

 private:
  std::string_view name() const override { return name_; }
  std::string label() const override { return "InverseSquareRoot"; }
  Array forward(const Inputs& x) override {
    retain_inputs({0});
    retain_outputs({0});
    const auto [values, vectors] = array::eigh(x[0], name_);
    const Array scaled = vectors / map(ops::Sqrt{}, values).expand_dims(values.ndim() - 1);
    return array::matmul(scaled, transposed(vectors));
  }
  // With S = A^(1/2) = A W: S dS + dS S = dA and dW = -W dS W.
  Grads backward(const Variable& gy) override {
    const Variable w = retained_output(0), s = matmul(retained_input(0), w);
    const Variable symmetric = (gy + swapaxes(gy, -2, -1)) * 0.5;
    return {autograd::apply<Lyapunov>({s, -matmul(matmul(w, symmetric), w)})};
  }

  std::string_view name_;
};

}  // namespace

Variable inverse_square_root(std::string_view op, const Variable& a) {
  return apply<InverseSquareRoot>({a}, op);
}

}  // namespace autograd
