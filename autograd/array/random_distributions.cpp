#include "autograd/array/random_distributions.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "autograd/array/gemm.h"
#include "autograd/array/map.h"
#include "autograd/array/random.h"
#include "autograd/base/check.h"
#include "autograd/kernels/ops/arithmetic.h"
#include "autograd/kernels/products/lapack.h"

namespace autograd::array {
namespace {

// draw(parameter) for every element.
template <class Draw>
Array drawn_by(const char* op, const Array& parameters, const random::Generator& generator,
               const Draw& draw) {
  Check(op, {{"the parameter", parameters}}).floats();
  std::vector<double> values = parameters.to_vector<double>();
  const random::Generator::Hold hold(generator);
  for (double& value : values) value = static_cast<double>(draw(value));
  return Array::from(values, parameters.shape()).astype(parameters.dtype());
}

}  // namespace

Array pareto(const Array& a, random::Generator& generator) {
  return drawn_by("pareto", a, generator, [&](double x) { return random::pareto(x, generator); });
}
Array chisquare(const Array& df, random::Generator& generator) {
  return drawn_by("chisquare", df, generator,
                  [&](double x) { return random::chisquare(x, generator); });
}
Array poisson(const Array& lam, random::Generator& generator) {
  return drawn_by("poisson", lam, generator,
                  [&](double x) { return random::poisson(x, generator); });
}
Array geometric(const Array& p, random::Generator& generator) {
  return drawn_by("geometric", p, generator,
                  [&](double x) { return random::geometric(x, generator); });
}

Array standard_cauchy(const Shape& shape, Dtype dtype, random::Generator& generator) {
  Array numbers = Array::empty(shape, Dtype::float64);
  double* p = numbers.mutable_data<double>();
  const random::Generator::Hold hold(generator);
  for (std::int64_t i = 0; i < numbers.size(); ++i) p[i] = random::standard_cauchy(generator);
  return numbers.astype(dtype);
}

Array dirichlet(const Array& alpha, std::int64_t n, random::Generator& generator) {
  Check("dirichlet", {{"alpha", alpha}}).floats().ndim(2);
  const std::int64_t rows = alpha.length(0), k = alpha.length(1);
  const std::vector<double> alphas = alpha.to_vector<double>();
  Array numbers = Array::empty({n, rows, k}, Dtype::float64);
  double* p = numbers.mutable_data<double>();
  const random::Generator::Hold hold(generator);
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::span<const double> of_row(alphas.data() + row * k, static_cast<std::size_t>(k));
    for (std::int64_t i = 0; i < n; ++i) {
      const std::vector<double> x = random::dirichlet(of_row, generator);
      std::copy(x.begin(), x.end(), p + (i * rows + row) * k);
    }
  }
  return numbers.astype(alpha.dtype());
}

Array multivariate_normal(const Array& mean, const Array& cov, std::int64_t n,
                          random::Generator& generator) {
  Check("multivariate_normal", {{"mean", mean}, {"cov", cov}})
      .floats()
      .that(mean.ndim() == 1 && cov.ndim() == 2 && cov.length(0) == cov.length(1) &&
                cov.length(0) == mean.length(0),
            "mean must be a vector (d) and cov a matrix (d, d)");
  const std::int64_t d = mean.length(0);
  const Array z = standard_normal({n, d}, Dtype::float64, generator);
  Array left = cov.astype(Dtype::float64).copy(), roots = Array::empty({d}, Dtype::float64),
        right = Array::empty({d, d}, Dtype::float64);
  const bool found = kernels::singular_values(
      d, left.mutable_data<double>(), roots.mutable_data<double>(), right.mutable_data<double>());
  Check("multivariate_normal", {{"cov", cov}})
      .that(found, "cov must hold neither NaN nor infinities");
  for (double& s : std::span(roots.mutable_data<double>(), static_cast<std::size_t>(d)))
    s = std::sqrt(s);
  const Array root = map(ops::Mul{}, roots.expand_dims(1), right);
  return map(ops::Add{}, matmul(z, root), mean.astype(Dtype::float64));
}

}  // namespace autograd::array
