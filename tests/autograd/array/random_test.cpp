#include "autograd/array/random.h"

#include <gtest/gtest.h>

#include "autograd/machine/parallel.h"
#include "tests/message.h"

namespace autograd::array {
namespace {

TEST(ArrayRandom, DrawsDoublesInOrderAndCasts) {
  random::Generator a(7), b(7);
  const Array x = standard_normal({2, 3}, Dtype::float32, a);
  EXPECT_EQ(x.shape(), (Shape{2, 3}));
  for (float v : x.to_vector<float>()) EXPECT_EQ(v, static_cast<float>(b.standard_normal()));
  for (double v : rand({4}, Dtype::float64, a).to_vector<double>()) EXPECT_EQ(v, b.rand());
  for (double v : standard_exponential({4}, Dtype::float64, a).to_vector<double>())
    EXPECT_EQ(v, b.standard_exponential());
  for (double v : laplace({4}, Dtype::float64, a).to_vector<double>()) EXPECT_EQ(v, b.laplace());
  for (double v : gumbel({4}, Dtype::float64, a).to_vector<double>()) EXPECT_EQ(v, b.gumbel());
}

// Many are drawn in rounds, and parts of rounds, of some thousand tries; from any word on.
TEST(ArrayRandom, StandardNormalsAreThoseOfSingleCalls) {
  const int threads = parallel::threads();
  for (const int n_threads : {1, 3})
    for (const std::int32_t pos : {0, 3, 623, 624}) {
      parallel::set_threads(n_threads);
      random::State state = random::Generator(11).state();
      state.pos = pos;
      random::Generator doubles(state), floats(state), single(state);
      for (const std::int64_t n : {0, 1, 2, 17, 18, 19, 40, 2049, 40001, 70000}) {
        SCOPED_TRACE(n);
        const auto values = standard_normal({n}, Dtype::float64, doubles).to_vector<double>();
        const auto rounded = standard_normal({n}, Dtype::float32, floats).to_vector<float>();
        for (std::size_t i = 0; i < values.size(); ++i) {
          const double expected = single.standard_normal();
          ASSERT_EQ(values[i], expected) << i;
          ASSERT_EQ(rounded[i], static_cast<float>(expected)) << i;
        }
        ASSERT_EQ(doubles.state(), single.state());
        ASSERT_EQ(floats.state(), single.state());
      }
    }
  parallel::set_threads(threads);
}

TEST(ArrayRandom, EachElementHasItsParameters) {
  random::Generator a(7), b(7);
  const Array shape = Array::of({0.5, 1.0, 3.0}), other = Array::of({2.0, 1.0, 0.5}),
              p = Array::of({0.2, 0.0, 0.9});
  const auto gammas = standard_gamma(shape, a).to_vector<double>();
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(gammas[i], b.standard_gamma(shape.to_vector<double>()[i]));
  const auto betas = beta(shape, other, a).to_vector<double>();
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(betas[i], b.beta(shape.to_vector<double>()[i], other.to_vector<double>()[i]));
  const Array draws = bernoulli(p.broadcast_to({20, 3}), a);
  for (double v : draws.slice(1, 0, 1).to_vector<double>()) EXPECT_TRUE(v == 0 || v == 1);
  for (double v : draws.slice(1, 1, 1).to_vector<double>()) EXPECT_EQ(v, 0);
}

// numpy.random.seed(3); numpy.random.choice(4, size=12, p=[.1, .2, .3, .4]); numpy.random.rand()
TEST(ArrayRandom, Choice) {
  random::Generator g(3);
  const Array p = Array::of({0.1, 0.2, 0.3, 0.4}, Shape{1, 4});
  EXPECT_EQ(choice(p, 12, g).to_vector<int>(),
            (std::vector<int>{2, 3, 1, 2, 3, 3, 1, 1, 0, 2, 0, 2}));
  EXPECT_EQ(g.rand(), 0.6491440476147607);
  EXPECT_EQ(
      message_of([&] {
        choice(Array::of({0.1, 0.2}, Shape{1, 2}), 1, g);
      }),
      "choice: the probabilities of a row must sum to 1, but their sum is 0.30000000000000004");
  EXPECT_EQ(message_of([&] {
              choice(Array::of({-0.5, 1.5}, Shape{1, 2}), 1, g);
            }),
            "choice: probabilities must not be negative, but there is -0.5");
}

}  // namespace
}  // namespace autograd::array
