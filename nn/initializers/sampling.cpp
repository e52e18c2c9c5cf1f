#include "nn/initializers/sampling.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "autograd/base/check.h"

namespace nn::initializers {
namespace {

// In NumPy's order, so that the filters have its bits: eight sums of up to 128 numbers, in pairs.
double numpy_sum(std::span<const double> x) {
  if (x.size() < 8) {
    double sum = 0;
    for (const double value : x) sum += value;
    return sum;
  }
  if (x.size() > 128) {
    std::size_t half = x.size() / 2;
    half -= half % 8;
    return numpy_sum(x.first(half)) + numpy_sum(x.subspan(half));
  }
  std::array<double, 8> s{};
  const std::size_t whole = x.size() - x.size() % 8;
  for (std::size_t i = 0; i < whole; ++i) s[i % 8] += x[i];
  double sum = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
  for (std::size_t i = whole; i < x.size(); ++i) sum += x[i];
  return sum;
}

// The filter of `axes` axes of length k, in C order.
std::vector<double> linear_filter(std::int64_t k, int axes) {
  const auto factor = static_cast<double>((k + 1) / 2);
  const double center = k % 2 == 1 ? factor - 1 : factor - 0.5;
  std::vector<double> filter{1};
  for (int axis = 0; axis < axes; ++axis) {
    std::vector<double> longer;
    for (const double weight : filter)
      for (std::int64_t i = 0; i < k; ++i)
        longer.push_back(weight * (1 - std::abs(static_cast<double>(i) - center) / factor));
    filter = std::move(longer);
  }
  return filter;
}

void fill(std::string_view op, Array& a, bool sums_to_one) {
  autograd::Check(op, {{"the parameter", a}})
      .that(a.ndim() >= 3, "filters must have at least 3 axes")
      .that(a.length(1) == a.length(0) || a.length(1) == 1,
            "the second axis must be as long as the first, or 1")
      .that(a.shape().slice(2, a.ndim()) == Shape::filled(a.ndim() - 2, a.length(2)),
            "all sides of a filter must have one length");
  std::vector<double> filter = linear_filter(a.length(2), a.ndim() - 2);
  if (sums_to_one) {
    const double sum = numpy_sum(filter);
    for (double& weight : filter) weight /= sum;
  }
  const Array values = Array::from(std::span<const double>(filter), a.shape().slice(2, a.ndim()));
  a.fill(0);
  for (std::int64_t i = 0; i < a.length(0); ++i) {
    Array place = a.select(0, i).select(0, a.length(1) == 1 ? 0 : i);
    place.assign(values);
  }
}

}  // namespace

Initializer UpsamplingDeconvFilter() {
  return [](Array& a) { fill("UpsamplingDeconvFilter", a, false); };
}
Initializer DownsamplingConvFilter() {
  return [](Array& a) { fill("DownsamplingConvFilter", a, true); };
}

}  // namespace nn::initializers
