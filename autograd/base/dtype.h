#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "autograd/base/error.h"

namespace autograd {

// The element types of arrays, chosen at run time. Differentiable functions compute in float32 and
// float64; the other types serve for labels, indices, masks and data from files.
enum class Dtype : std::uint8_t { bool_, uint8, int32, int64, float32, float64 };

// NumPy's name: "float32".
std::string_view name(Dtype dtype);

// Calls f(std::type_identity<T>{}) with the C++ type of `dtype`.
template <class F>
decltype(auto) visit(Dtype dtype, F&& f) {
  switch (dtype) {
    case Dtype::bool_:
      return f(std::type_identity<bool>{});
    case Dtype::uint8:
      return f(std::type_identity<std::uint8_t>{});
    case Dtype::int32:
      return f(std::type_identity<std::int32_t>{});
    case Dtype::int64:
      return f(std::type_identity<std::int64_t>{});
    case Dtype::float32:
      return f(std::type_identity<float>{});
    case Dtype::float64:
      break;
  }
  return f(std::type_identity<double>{});
}

// The same for the two floating point types; the caller has checked that `dtype` is one of them.
template <class F>
decltype(auto) visit_float(Dtype dtype, F&& f) {
  return dtype == Dtype::float32 ? f(std::type_identity<float>{}) : f(std::type_identity<double>{});
}

constexpr bool is_float(Dtype dtype) { return dtype >= Dtype::float32; }
constexpr bool is_integer(Dtype dtype) { return dtype > Dtype::bool_ && dtype < Dtype::float32; }

// Bytes of one element.
constexpr std::size_t item_size(Dtype dtype) {
  switch (dtype) {
    case Dtype::bool_:
    case Dtype::uint8:
      return 1;
    case Dtype::int32:
    case Dtype::float32:
      return 4;
    case Dtype::int64:
    case Dtype::float64:
      break;
  }
  return 8;
}

namespace dtypes {
template <class T>
struct Of;
template <>
struct Of<bool> : std::integral_constant<Dtype, Dtype::bool_> {};
template <>
struct Of<std::uint8_t> : std::integral_constant<Dtype, Dtype::uint8> {};
template <>
struct Of<std::int32_t> : std::integral_constant<Dtype, Dtype::int32> {};
template <>
struct Of<std::int64_t> : std::integral_constant<Dtype, Dtype::int64> {};
template <>
struct Of<float> : std::integral_constant<Dtype, Dtype::float32> {};
template <>
struct Of<double> : std::integral_constant<Dtype, Dtype::float64> {};
}  // namespace dtypes

// dtype_of<float> == Dtype::float32
template <class T>
inline constexpr Dtype dtype_of = dtypes::Of<std::remove_const_t<T>>::value;

}  // namespace autograd
