#pragma once

#include "autograd/array/array.h"
#include "autograd/base/random_distributions.h"

// Arrays of random numbers of NumPy's other distributions, drawn in C order as doubles or whole
// numbers and cast, as `numpy.random.f(a).astype(a.dtype)`.
namespace autograd::array {

// One draw for each element of a floating array of parameters; the result has its shape and dtype.
// Throws as the functions of autograd::random do.
Array pareto(const Array& a, random::Generator& generator);
Array chisquare(const Array& df, random::Generator& generator);
Array poisson(const Array& lam, random::Generator& generator);
Array geometric(const Array& p, random::Generator& generator);

// Of this shape.
Array standard_cauchy(const Shape& shape, Dtype dtype, random::Generator& generator);

// n draws for each row of alpha (rows, k): (n, rows, k) in its dtype. Each row in turn draws as
// numpy.random.dirichlet(row, n).
Array dirichlet(const Array& alpha, std::int64_t n, random::Generator& generator);

// n draws (n, d) from the normal distribution with this mean (d) and covariance (d, d), in float64:
// numpy.random.multivariate_normal. The standard normal numbers are multiplied by the root of the
// covariance that LAPACK's singular value decomposition gives; the signs of its columns are
// LAPACK's choice, so another LAPACK may draw the mirror image.
Array multivariate_normal(const Array& mean, const Array& cov, std::int64_t n,
                          random::Generator& generator);

}  // namespace autograd::array
