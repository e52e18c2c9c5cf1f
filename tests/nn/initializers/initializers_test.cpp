#include "nn/initializers/initializers.h"

#include <gtest/gtest.h>

#include <cmath>

#include "autograd/autograd.h"
#include "nn/initializers/orthogonal.h"
#include "nn/initializers/sampling.h"
#include "nn/parameter.h"
#include "tests/message.h"

namespace nn::initializers {
namespace {

// The first three elements that Chainer's initializer of that name gives after
// numpy.random.seed(0).
std::vector<float> first(const Initializer& initializer, const Shape& shape = {2, 3}) {
  autograd::random::seed(0);
  std::vector<float> all = initializer(shape, Dtype::float32).to_vector<float>();
  all.resize(3);
  return all;
}
using Values = std::vector<float>;

TEST(Initializers, DrawChainersNumbers) {
  EXPECT_EQ(first(Normal()),
            (Values{0.08820261806249619f, 0.02000785991549492f, 0.04893689975142479f}));
  EXPECT_EQ(first(Uniform()),
            (Values{0.004881350323557854f, 0.02151893638074398f, 0.010276337154209614f}));
  EXPECT_EQ(first(LeCunNormal()),
            (Values{1.018476128578186f, 0.23103086650371552f, 0.565074622631073f}));
  EXPECT_EQ(first(LeCunUniform({.scale = 0.5})),
            (Values{0.04881350323557854f, 0.2151893675327301f, 0.10276337713003159f}));
  EXPECT_EQ(first(GlorotNormal(), {2, 3, 2, 2}),
            (Values{0.5578423142433167f, 0.12654082477092743f, 0.30950412154197693f}));
  EXPECT_EQ(first(GlorotUniform()),
            (Values{0.10694503039121628f, 0.47145628929138184f, 0.22514328360557556f}));
  EXPECT_EQ(first(HeNormal()),
            (Values{1.440342664718628f, 0.3267270028591156f, 0.799136221408844f}));
  EXPECT_EQ(first(HeNormal({.fan_option = Fan::out})),
            (Values{1.764052391052246f, 0.40015721321105957f, 0.978738009929657f}));
  EXPECT_EQ(first(HeUniform()),
            (Values{0.13806544244289398f, 0.6086474657058716f, 0.29065871238708496f}));
}

TEST(Initializers, MayDrawFromAnotherGenerator) {
  autograd::random::seed(1);
  const autograd::random::State before = autograd::random::generator().state();
  autograd::random::Generator generator(0);
  EXPECT_EQ(LeCunNormal({.generator = &generator})({2, 3}, Dtype::float32).to_vector<float>()[0],
            1.018476128578186f);
  EXPECT_TRUE(autograd::random::generator().state() == before);
}

TEST(Initializers, Constants) {
  EXPECT_EQ(Zero()({3}, Dtype::float32).to_vector<float>(), (Values{0, 0, 0}));
  EXPECT_EQ(One()({3}, Dtype::float32).to_vector<float>(), (Values{1, 1, 1}));
  EXPECT_EQ(Constant(2)({}, Dtype::float64).item(), 2);
  EXPECT_TRUE(std::isnan(NaN()({}, Dtype::float32).item()));
  EXPECT_EQ(Identity(3)({2, 2}, Dtype::float32).to_vector<float>(), (Values{3, 0, 0, 3}));
}

TEST(Initializers, OrthogonalGivesAnOrthonormalSystem) {
  using autograd::Variable;
  for (const Shape& shape : {Shape{4, 3}, Shape{3, 5}, Shape{4, 2, 3}, Shape{3, 3}, Shape{6}}) {
    autograd::random::seed(0);
    const Array a = Orthogonal(2.0)(shape, Dtype::float64);
    const Variable rows(a.reshape({shape[0], -1}));
    const bool is_wide = rows.length(0) <= rows.length(1);
    const Array product = autograd::matmul(rows, rows, !is_wide, is_wide).array();
    const Array expected = Identity(4)(product.shape(), Dtype::float64);
    EXPECT_LT(autograd::max(autograd::absolute(Variable(product) - Variable(expected))).item(),
              1e-12)
        << shape;
  }
  // numpy.random.seed(2); chainer.initializers.Orthogonal() on float32(1, 4), whose row is drawn
  // from N(0, 1) and made 1.1 long; its sign is that of the draws.
  autograd::random::seed(2);
  std::vector<double> drawn(4);
  autograd::random::generator().normal(0, 1, drawn);
  double norm = 0;
  for (const double x : drawn) norm += x * x;
  autograd::random::seed(2);
  const std::vector<double> row = Orthogonal()({1, 4}, Dtype::float64).to_vector<double>();
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(row[i], 1.1 * drawn[i] / std::sqrt(norm), 1e-12);
  autograd::random::seed(0);  // numpy.random.randint(2) gives 0, 1, 1
  EXPECT_EQ(Orthogonal(3)({}, Dtype::float32).item(), -3);
  EXPECT_EQ(Orthogonal(3)({}, Dtype::float32).item(), 3);
}

TEST(Initializers, OrthogonalRefusesShapesThatItsModeForbids) {
  const auto refused = [](OrthogonalMode mode, const Shape& shape) {
    return message_of([&] { Orthogonal({.mode = mode})(shape, Dtype::float32); });
  };
  EXPECT_EQ(refused(OrthogonalMode::embedding, {2, 3}),
            "Orthogonal: in mode embedding there must be at most as many columns as rows, but the "
            "parameter is float32(2, 3)");
  EXPECT_EQ(refused(OrthogonalMode::projection, {3, 2}),
            "Orthogonal: in mode projection there must be at least as many columns as rows, but "
            "the parameter is float32(3, 2)");
  EXPECT_EQ(refused(OrthogonalMode::basis, {3, 2}),
            "Orthogonal: in mode basis there must be as many columns as rows, but the parameter is "
            "float32(3, 2)");
  EXPECT_EQ(refused(OrthogonalMode::basis, {2, 2}), "nothing was thrown");
  EXPECT_EQ(refused(OrthogonalMode::embedding, {3, 2}), "nothing was thrown");
  EXPECT_EQ(refused(OrthogonalMode::automatic, {0, 3}),
            "Orthogonal: an array to be initialised must not be empty, but the parameter is "
            "float32(0, 3)");
}

TEST(Initializers, SamplingFiltersInterpolate) {
  const Array up = UpsamplingDeconvFilter()({2, 2, 3, 3}, Dtype::float32);
  EXPECT_EQ(up.select(0, 1).select(0, 1).to_vector<float>(),
            (Values{.25, .5, .25, .5, 1, .5, .25, .5, .25}));
  EXPECT_EQ(up.select(0, 1).select(0, 0).to_vector<float>(), Values(9, 0));
  const Array one = UpsamplingDeconvFilter()({2, 1, 4}, Dtype::float32);
  EXPECT_EQ(one.select(0, 1).to_vector<float>(), (Values{.25, .75, .75, .25}));
  const Array down = DownsamplingConvFilter()({1, 1, 4, 4}, Dtype::float32);
  EXPECT_EQ(down.to_vector<float>()[0], 0.015625F);
  EXPECT_EQ(DownsamplingConvFilter()({1, 1, 2, 2}, Dtype::float32).to_vector<float>(),
            Values(4, 0.25F));
}

TEST(Initializers, MayBeOfOneDtype) {
  const Initializer half = Constant(0.5).with_dtype(Dtype::float64);
  EXPECT_EQ(half.dtype(), Dtype::float64);
  EXPECT_EQ(message_of([&] { half({2}, Dtype::float32); }),
            "initializer: an array must have the initializer's dtype float64, but it is float32");
  EXPECT_EQ(half({2}, Dtype::float64).dtype(), Dtype::float64);
  // A parameter has the initializer's dtype, unless it is told another.
  EXPECT_EQ(Parameter(half, Shape{2}).dtype(), Dtype::float64);
  EXPECT_EQ(Parameter(half).dtype(), Dtype::float64);
  EXPECT_EQ(Parameter(half, Shape{2}, "W", Dtype::float32).dtype(), Dtype::float32);
}

TEST(Initializers, SayWhatShapeTheyNeed) {
  const auto message = [](const Initializer& i, const Shape& shape) {
    return message_of([&] { i(shape, Dtype::float32); });
  };
  EXPECT_EQ(message(LeCunNormal(), {3}),
            "LeCunNormal: a shape must have at least 2 axes to have a fan, but the parameter is "
            "float32(3)");
  EXPECT_EQ(
      message(Identity(), {2, 3}),
      "Identity: only a square matrix can be the identity, but the parameter is float32(2, 3)");
  EXPECT_EQ(message(UpsamplingDeconvFilter(), {2, 3, 2, 2}),
            "UpsamplingDeconvFilter: the second axis must be as long as the first, or 1, but the "
            "parameter is float32(2, 3, 2, 2)");
  EXPECT_EQ(message(DownsamplingConvFilter(), {2, 2, 2, 3}),
            "DownsamplingConvFilter: all sides of a filter must have one length, but the parameter "
            "is float32(2, 2, 2, 3)");
  EXPECT_EQ(message(DownsamplingConvFilter(), {2, 2}),
            "DownsamplingConvFilter: filters must have at least 3 axes, but the parameter is "
            "float32(2, 2)");
  EXPECT_EQ(message(Array::of<float>({1, 2}), {3}),
            "initializer: an array that initialises a parameter must have its shape, but the given "
            "array is float32(2) and the parameter is float32(3)");
}

}  // namespace
}  // namespace nn::initializers
