#pragma once

#include "autograd/array/array.h"
#include "autograd/base/random.h"

// Arrays of random numbers, drawn in C order as doubles and cast to a floating dtype, as
// `numpy.random.f(shape).astype(dtype)`.
namespace autograd::array {

// Mean 0 and variance 1.
Array standard_normal(const Shape& shape, Dtype dtype, random::Generator& generator);

// numpy.random.uniform, in [low, high); numpy.random.normal, with mean `loc` and standard deviation
// `scale`; numpy.random.randint, the integers low, ..., high - 1 as int64.
Array uniform(double low, double high, const Shape& shape, Dtype dtype = Dtype::float32,
              random::Generator& generator = random::generator());
Array normal(double loc, double scale, const Shape& shape, Dtype dtype = Dtype::float32,
             random::Generator& generator = random::generator());
Array randint(std::int64_t low, std::int64_t high, const Shape& shape,
              random::Generator& generator = random::generator());

// Uniform in [0, 1).
Array rand(const Shape& shape, Dtype dtype, random::Generator& generator);

// The parameters are floats of one shape; the result has their shape and dtype: numpy.random.f(a,
// b).astype(a.dtype).
Array standard_gamma(const Array& shape, random::Generator& generator);
Array beta(const Array& a, const Array& b, random::Generator& generator);
// 1 with probability p, else 0: numpy.random.binomial(1, p), in p's dtype.
Array bernoulli(const Array& p, random::Generator& generator);

// From the densities e^-x, e^-|x| / 2 and e^-(x + e^-x).
Array standard_exponential(const Shape& shape, Dtype dtype, random::Generator& generator);
Array laplace(const Shape& shape, Dtype dtype, random::Generator& generator);
Array gumbel(const Shape& shape, Dtype dtype, random::Generator& generator);

// n draws from each row of p, probabilities that sum to 1: int32 (n, rows). Each row in turn draws
// as numpy.random.choice(k, n, p=row). Throws if a row is not a probability distribution.
Array choice(const Array& p, std::int64_t n, random::Generator& generator);

}  // namespace autograd::array
