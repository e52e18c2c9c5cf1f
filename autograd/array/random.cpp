#include "autograd/array/random.h"

namespace autograd::array {
namespace {

// An array of doubles that `draw` fills.
template <class Draw>
Array drawn(const Shape& shape, Dtype dtype, const Draw& draw) {
  Array doubles = Array::empty(shape, Dtype::float64);
  draw(std::span(doubles.mutable_data<double>(), static_cast<std::size_t>(doubles.size())));
  return doubles.astype(dtype);
}

}  // namespace

Array standard_normal(const Shape& shape, Dtype dtype, random::Generator& generator) {
  return drawn(shape, dtype, [&](std::span<double> out) { generator.standard_normal(out); });
}

Array rand(const Shape& shape, Dtype dtype, random::Generator& generator) {
  return drawn(shape, dtype, [&](std::span<double> out) { generator.rand(out); });
}

}  // namespace autograd::array
