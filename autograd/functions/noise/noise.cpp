#include "autograd/functions/noise/noise.h"

#include <fmt/format.h>

#include "autograd/array/compare.h"
#include "autograd/array/random.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/support/elementwise.h"
#include "autograd/graph/attributes.h"
#include "autograd/graph/kept.h"

namespace autograd::inline functions {
namespace {

void require_ratio(std::string_view op, double ratio) {
  if (!(ratio >= 0 && ratio < 1))
    throw Error(fmt::format("{}: ratio must lie in [0, 1), but it is {}", op, ratio));
}

// True with the probability 1 - ratio.
Array drawn_flags(const Shape& shape, double ratio, random::Generator& generator) {
  return array::greater_equal(array::rand(shape, Dtype::float64, generator), Array::scalar(ratio));
}

Array scaled(const Array& flags, double ratio, Dtype dtype) {
  return map(ops::MulConstant{1 / (1 - ratio)}, flags.astype(dtype));
}

// mean + e^(ln_var / 2) eps. The noise is no input: no gradient is computed for it, and drawings of
// the graph leave it out, as Chainer's do.
class Gaussian final : public FunctionNode {
 public:
  explicit Gaussian(const Array& eps) : eps_("eps", eps) {}

 private:
  std::string_view name() const override { return ops::Gaussian::name; }
  std::string label() const override { return std::string(ops::Gaussian::label); }
  Array forward(const Inputs& x) override {
    retain_inputs({1});
    return map(ops::Gaussian{}, x[0], x[1], eps_.get(name()));
  }
  Grads backward(const Variable& gy) override {
    return when_needed(
        [&] { return gy; },
        [&] {
          const Variable ln_var = retained_input(1), eps = as_variable(eps_.get(name()));
          // The slope does not depend on the mean; anything of its shape may stand
          // for it.
          return slope_times<1>(ops::Gaussian{}, gy, gy.shape(), ln_var, ln_var, eps);
        });
  }

  Kept<Array> eps_;
};

// x times a mask. The ratio that the mask was drawn with is only told.
class Dropout final : public FunctionNode {
 public:
  Dropout(Kept<Array> mask, double ratio) : mask_(std::move(mask)), ratio_(ratio) {}

 private:
  std::string_view name() const override { return "dropout"; }
  std::string label() const override { return "Dropout"; }
  Attributes attributes() const override { return {{"ratio", ratio_}}; }
  Array forward(const Inputs& x) override { return map(ops::Mul{}, x[0], mask_.get(name())); }
  Grads backward(const Variable& gy) override {
    return {autograd::apply<Dropout>({gy}, mask_, ratio_)};
  }

  Kept<Array> mask_;
  double ratio_;
};

}  // namespace

Variable GaussianFunction::operator()(const Variable& mean, const Variable& ln_var,
                                      const GaussianOptions& options,
                                      random::Generator& generator) const {
  return gaussian_with_eps(mean, ln_var, options, generator).z;
}

GaussianDraw gaussian_with_eps(const Variable& mean, const Variable& ln_var,
                               const GaussianOptions& options, random::Generator& generator) {
  Check("gaussian", {{"mean", mean}, {"ln_var", ln_var}}).floats().same_shape();
  if (options.eps)
    Check("gaussian", {{"ln_var", ln_var}, {"eps", options.eps}}).same_dtype().same_shape();
  Array eps = options.eps;
  if (!eps) eps = array::standard_normal(ln_var.shape(), ln_var.dtype(), generator);
  return {apply<Gaussian>({mean, ln_var}, eps), eps};
}

Variable DropoutFunction::operator()(const Variable& x, double ratio, const DropoutOptions& options,
                                     random::Generator& generator) const {
  return dropout_with_mask(x, ratio, options, generator).y;
}

DropoutDraw dropout_with_mask(const Variable& x, double ratio, const DropoutOptions& options,
                              random::Generator& generator) {
  Check("dropout", {{"x", x}}).floats();
  require_ratio("dropout", ratio);
  if (!config().train) return {x, {}};
  if (options.mask) Check("dropout", {{"x", x}, {"mask", options.mask}}).same_dtype().same_shape();
  Array mask = options.mask;
  if (!mask) mask = scaled(drawn_flags(x.shape(), ratio, generator), ratio, x.dtype());
  return {apply<Dropout>({x}, Kept<Array>("mask", mask), ratio), mask};
}

Variable simplified_dropconnect(const Variable& x, const Variable& W, const Variable& b,
                                const SimplifiedDropconnectOptions& options,
                                random::Generator& generator) {
  constexpr std::string_view op = "simplified_dropconnect";
  const double ratio = options.train ? options.ratio : 0;
  require_ratio(op, ratio);
  Check(op, {{"x", x}, {"W", W}})
      .floats()
      .that(x.ndim() >= 2 && W.ndim() == 2 && x.size() == x.length(0) * W.length(1),
            "x.shape[1:] must have W.shape[1] elements");
  const std::int64_t n = x.length(0), out = W.length(0), in = W.length(1);
  const Shape shape = options.use_batchwise_mask ? Shape{n, out, in} : Shape{out, in};
  if (options.mask)
    Check(op, {{"x", x}, {"W", W}, {"mask", options.mask}})
        .that(options.mask.shape() == shape, options.use_batchwise_mask
                                                 ? "mask must have the shape (len(x), *W.shape)"
                                                 : "mask must have the shape of W");
  Array flags = options.mask;
  if (!flags) flags = drawn_flags(shape, ratio, generator);
  const Variable dropped = W * Variable(scaled(flags, ratio, W.dtype()));
  const Variable y = sum(dropped * reshape(x, {n, 1, in}), 2);
  if (!b) return y;
  Check(op, {{"W", W}, {"b", b}})
      .floats()
      .that(b.ndim() == 1 && b.length(0) == out, "b must hold one number for each row of W");
  return y + b;
}

Variable ZoneoutFunction::operator()(const Variable& h, const Variable& x, double ratio,
                                     random::Generator& generator) const {
  Check("zoneout", {{"h", h}, {"x", x}}).floats().same_shape();
  if (!(ratio >= 0 && ratio <= 1))
    throw Error(fmt::format("zoneout: ratio must lie in [0, 1], but it is {}", ratio));
  if (!config().train) return x;
  return where(drawn_flags(x.shape(), ratio, generator), x, h);
}

}  // namespace autograd::inline functions
