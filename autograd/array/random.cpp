#include "autograd/array/random.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "autograd/base/check.h"

namespace autograd::array {
namespace {

// An array of doubles that `draw` fills.
template <class Draw>
Array drawn(const Shape& shape, Dtype dtype, const Draw& draw) {
  Array doubles = Array::empty(shape, Dtype::float64);
  draw(std::span(doubles.mutable_data<double>(), static_cast<std::size_t>(doubles.size())));
  return doubles.astype(dtype);
}

// An array of f() for every element.
template <class F>
Array each(const Shape& shape, Dtype dtype, const random::Generator& generator, const F& f) {
  const random::Generator::Hold hold(generator);
  return drawn(shape, dtype, [&](std::span<double> out) {
    for (double& x : out) x = f();
  });
}

}  // namespace

Array uniform(double low, double high, const Shape& shape, Dtype dtype,
              random::Generator& generator) {
  return drawn(shape, dtype, [&](std::span<double> out) { generator.uniform(low, high, out); });
}

Array normal(double loc, double scale, const Shape& shape, Dtype dtype,
             random::Generator& generator) {
  return drawn(shape, dtype, [&](std::span<double> out) { generator.normal(loc, scale, out); });
}

Array randint(std::int64_t low, std::int64_t high, const Shape& shape,
              random::Generator& generator) {
  Array numbers = Array::empty(shape, Dtype::int64);
  generator.randint(
      low, high,
      std::span(numbers.mutable_data<std::int64_t>(), static_cast<std::size_t>(numbers.size())));
  return numbers;
}

Array rand(const Shape& shape, Dtype dtype, random::Generator& generator) {
  return drawn(shape, dtype, [&](std::span<double> out) { generator.rand(out); });
}

Array standard_exponential(const Shape& shape, Dtype dtype, random::Generator& generator) {
  return each(shape, dtype, generator, [&] { return generator.standard_exponential(); });
}

Array laplace(const Shape& shape, Dtype dtype, random::Generator& generator) {
  return each(shape, dtype, generator, [&] { return generator.laplace(); });
}

Array gumbel(const Shape& shape, Dtype dtype, random::Generator& generator) {
  return each(shape, dtype, generator, [&] { return generator.gumbel(); });
}

Array standard_gamma(const Array& shape, random::Generator& generator) {
  const std::vector<double> shapes = shape.to_vector<double>();
  auto next = shapes.begin();
  return each(shape.shape(), shape.dtype(), generator,
              [&] { return generator.standard_gamma(*next++); });
}

Array beta(const Array& a, const Array& b, random::Generator& generator) {
  Check("beta", {{"a", a}, {"b", b}}).floats().same_shape();
  const std::vector<double> as = a.to_vector<double>(), bs = b.to_vector<double>();
  std::size_t i = 0;
  return each(a.shape(), a.dtype(), generator, [&] {
    const double x = generator.beta(as[i], bs[i]);
    ++i;
    return x;
  });
}

Array bernoulli(const Array& p, random::Generator& generator) {
  const std::vector<double> ps = p.to_vector<double>();
  auto next = ps.begin();
  return each(p.shape(), p.dtype(), generator,
              [&] { return static_cast<double>(generator.bernoulli(*next++)); });
}

Array choice(const Array& p, std::int64_t n, random::Generator& generator) {
  Check("choice", {{"p", p}})
      .floats()
      .that(p.ndim() == 2 && p.length(1) > 0, "p must be a matrix of probabilities");
  const std::int64_t rows = p.length(0), k = p.length(1);
  const std::vector<double> ps = p.to_vector<double>();
  // NumPy allows the sum to differ from 1 by the square root of the dtype's precision.
  const double slack = p.dtype() == Dtype::float32 ? 3.5e-4 : 1.5e-8;
  Array out = Array::empty({n, rows}, Dtype::int32);
  std::int32_t* y = out.mutable_data<std::int32_t>();
  std::vector<double> sums(static_cast<std::size_t>(k));
  const random::Generator::Hold hold(generator);
  for (std::int64_t row = 0; row < rows; ++row) {
    double sum = 0;
    for (std::int64_t j = 0; j < k; ++j) {
      const double probability = ps[static_cast<std::size_t>(row * k + j)];
      if (!(probability >= 0))
        throw Error(fmt::format("choice: probabilities must not be negative, but there is {}",
                                probability));
      sums[static_cast<std::size_t>(j)] = sum += probability;
    }
    if (!(std::abs(sum - 1) <= slack))
      throw Error(fmt::format(
          "choice: the probabilities of a row must sum to 1, but their sum is {}", sum));
    for (double& s : sums) s /= sum;
    for (std::int64_t i = 0; i < n; ++i) {
      const auto at = std::upper_bound(sums.begin(), sums.end(), generator.rand());
      y[i * rows + row] = static_cast<std::int32_t>(at - sums.begin());
    }
  }
  return out;
}

}  // namespace autograd::array
