#include "autograd/functions/math/special.h"

#include <fmt/format.h>

#include <cmath>

#include "autograd/array/index.h"
#include "autograd/array/zeta.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/support/elementwise.h"
#include "autograd/graph/attributes.h"
#include "autograd/graph/kept.h"

namespace autograd::inline functions {
namespace {

// The exponent is no input, but a constant, float64: an array, or one number for all.
class Zeta final : public FunctionNode {
 public:
  explicit Zeta(const Array& x) : x_("x", x) {}

 private:
  std::string_view name() const override { return "zeta"; }
  Attributes attributes() const override {
    return x_.now().ndim() == 0 ? Attributes{{"x", x_.now().item()}} : Attributes();
  }
  Array forward(const Inputs& q) override {
    retain_inputs({0});
    return array::zeta(x_.get(name()), q[0]);
  }
  Grads backward(const Variable& gy) override {
    const Array& x = x_.get(name());
    const Variable slope =
        as_variable((-x).astype(gy.dtype())) * autograd::apply<Zeta>({retained_input(0)}, x + 1);
    return {sum_to(gy * slope, input_shape(0))};
  }

  Kept<Array> x_;
};

}  // namespace

Variable lgamma(const Variable& x) { return elementwise(ops::Lgamma{}, x); }
Variable digamma(const Variable& x) { return elementwise(ops::Digamma{}, x); }
Variable erfinv(const Variable& x) { return elementwise(ops::Erfinv{}, x); }
Variable erfcinv(const Variable& x) { return elementwise(ops::Erfcinv{}, x); }
Variable erfcx(const Variable& x) { return elementwise(ops::Erfcx{}, x); }
Variable ndtr(const Variable& x) { return elementwise(ops::Ndtr{}, x); }
Variable log_ndtr(const Variable& x) { return elementwise(ops::LogNdtr{}, x); }
Variable ndtri(const Variable& x) { return elementwise(ops::Ndtri{}, x); }
Variable xlogx(const Variable& x) { return elementwise(ops::XLogX{}, x); }

Variable polygamma(int n, const Variable& x) {
  // Each derivative adds 1 to n.
  constexpr int kMost = 1 << 30;
  if (n < 0) throw Error(fmt::format("polygamma: n must not be negative, but it is {}", n));
  if (n > kMost) throw Error(fmt::format("polygamma: n must be at most 2^30, but it is {}", n));
  return elementwise(ops::Polygamma{n}, x);
}

// (-1)^(n + 1) n! zeta(n + 1, x), or digamma(x) where n is 0. In float64, where n! and zeta do not
// leave the range before their product does.
Variable polygamma(ArrayLike given, const Variable& x) {
  const Array& n = given.array();
  Check("polygamma", {{"n", n}, {"x", x}})
      .that(is_integer(n.dtype()), "n must hold integers")
      .that(is_float(x.dtype()), "x must be float32 or float64");
  constexpr std::int64_t kMost = 1 << 30;  // each derivative adds 1 to n
  const array::PositionRange range = array::position_range(n.astype(Dtype::int64));
  if (range.count > 0 && (range.least < 0 || range.greatest > kMost))
    throw Error(fmt::format("polygamma: each n must lie in [0, 2^30], but there is {}",
                            range.least < 0 ? range.least : range.greatest));
  const Array orders = n.astype(Dtype::float64).contiguous();
  Array factors = Array::empty(orders.shape(), Dtype::float64);
  const double* p = orders.data<double>();
  double* q = factors.mutable_data<double>();
  for (std::int64_t i = 0; i < orders.size(); ++i)
    q[i] = (std::fmod(p[i], 2) == 0 ? -1 : 1) * std::tgamma(p[i] + 1);
  const Variable x64 = cast(x, Dtype::float64);
  const Variable y = where(orders == 0, digamma(x64), as_variable(factors) * zeta(orders + 1, x64));
  return cast(y, x.dtype());
}

Variable zeta(double x, const Variable& q) { return zeta(Array::scalar(x), q); }

Variable zeta(ArrayLike x, const Variable& q) {
  Check("zeta", {{"x", x.array()}, {"q", q}})
      .that(is_float(q.dtype()), "q must be float32 or float64");
  return apply<Zeta>({q}, x.array().astype(Dtype::float64));
}

}  // namespace autograd::inline functions
