#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cstring>

#include "autograd/array/launch.h"
#include "autograd/base/parallel.h"
#include "autograd/functions/elementwise.h"
#include "autograd/testing/gradient_check.h"
#include "tests/cases/elementwise_check.h"

// The tests that every elementwise op has to pass. A family's file instantiates them for its list.
namespace autograd::cases {

template <class List>
struct AsTypes;
template <class... Op>
struct AsTypes<ops::List<Op...>> {
  using type = ::testing::Types<Op...>;
};

// Tests are called ElementwiseOp/softplus.Values.
struct OpName {
  template <class Op>
  static std::string GetName(int index) {
    return std::string(Op::name) + "_" + std::to_string(index);
  }
};

// Calls f(index of the slope) for each slope that Op has.
template <class Op, class F>
void for_each_slope(const F& f) {
  const auto& table = kernels::elementwise_for<Op, double, kernels::Baseline>();
  for (int k = 0; k < kernels::arity<Op>(); ++k)
    if (table.slope[k]) f(k);
}

template <class Op, int N, class T>
std::vector<R> references(const std::vector<std::vector<T>>& x, const auto& f) {
  std::vector<R> out(x[0].size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = at<N>(x, i, f);
  return out;
}

template <class T, int N>
kernels::Operands<T, N> operands(const std::vector<std::vector<T>>& x) {
  kernels::Operands<T, N> o;
  for (int k = 0; k < N; ++k) o.p[k] = x[static_cast<std::size_t>(k)].data(), o.step[k] = 1;
  return o;
}

template <class Op, class T>
void check_values() {
  using RowT = Row<Op>;
  constexpr int N = kernels::arity<Op>();
  const auto x = points<T, RowT>(N, RowT::tails);
  for (const Op& op : RowT::ops()) {
    const auto exact = references<Op, N>(x, [&](auto... v) -> R { return RowT::value(op, v...); });
    auto scale = exact;
    if constexpr (requires { &RowT::scale; })
      scale = references<Op, N>(x, [&](auto... v) -> R { return RowT::scale(op, v...); });
    for_each_isa<Op, T>([&](std::string_view isa, const auto& table) {
      std::vector<T> y(exact.size());
      table.value(op, operands<T, N>(x), y.data(), static_cast<std::int64_t>(y.size()));
      const Worst worst = compare<T>(y, exact, scale, x, RowT::flushes);
      EXPECT_LE(worst.ulps, bound_of<T>(RowT::value_ulps))
          << isa << ": " << Op::name << worst.where;
    });
  }
}

template <class Op, class T>
void check_slopes() {
  using RowT = Row<Op>;
  constexpr int N = kernels::kept<Op>();
  if constexpr (N > 0) {
    const auto x = points<T, RowT>(N, RowT::slope_tails && RowT::tails);
    const std::size_t n = x[0].size();
    const std::vector<T> gy{T(1)};
    for (const Op& op : RowT::ops()) {
      for_each_slope<Op>([&](int k) {
        const auto reference = [&](auto... v) -> R {
          if constexpr (requires { RowT::slope(op, v...); }) {
            return RowT::slope(op, v...);
          } else if (k == 0) {
            if constexpr (requires { RowT::slope_a(op, v...); }) return RowT::slope_a(op, v...);
          } else if (k == 1) {
            if constexpr (requires { RowT::slope_b(op, v...); }) return RowT::slope_b(op, v...);
          } else {
            if constexpr (requires { RowT::slope_c(op, v...); }) return RowT::slope_c(op, v...);
          }
          return 1;  // a slope that is a plain number
        };
        const auto size = [&](auto... v) -> R {
          if constexpr (requires { RowT::slope_scale(op, v...); })
            return RowT::slope_scale(op, v...);
          if constexpr (requires { RowT::slope_scale_a(op, v...); })
            if (k == 0) return RowT::slope_scale_a(op, v...);
          if constexpr (requires { RowT::slope_scale_b(op, v...); })
            if (k == 1) return RowT::slope_scale_b(op, v...);
          if constexpr (requires { RowT::slope_scale_c(op, v...); })
            if (k == 2) return RowT::slope_scale_c(op, v...);
          return reference(v...);
        };
        const auto exact = references<Op, N>(x, reference), scale = references<Op, N>(x, size);
        for_each_isa<Op, T>([&](std::string_view isa, const auto& table) {
          kernels::Operands<T, N + 1> o;
          for (int i = 0; i < N; ++i) o.p[i] = x[static_cast<std::size_t>(i)].data(), o.step[i] = 1;
          o.p[N] = gy.data(), o.step[N] = 0;
          std::vector<T> gx(n);
          table.slope[k](op, o, gx.data(), static_cast<std::int64_t>(n));
          const Worst worst = compare<T>(gx, exact, scale, x, RowT::slope_flushes);
          EXPECT_LE(worst.ulps, bound_of<T>(RowT::slope_ulps))
              << isa << ": slope " << k << " of " << Op::name << worst.where;
        });
      });
    }
  }
}

// Numbers from where the op is smooth.
template <class Op>
Array smooth_numbers(std::size_t input, const Shape& shape, Dtype dtype) {
  const std::vector<Range> ranges = Row<Op>::smooth();
  const Range r = ranges[input % ranges.size()];
  std::mt19937_64 random(7 + input);
  Array x = Array::empty(shape, Dtype::float64);
  double* p = x.mutable_data<double>();
  for (std::int64_t i = 0; i < x.size(); ++i)
    p[i] = r.low + (r.high - r.low) * std::generate_canonical<double, 53>(random);
  return x.astype(dtype);
}

template <class Op>
Arrays smooth_inputs(const Shape& shape, Dtype dtype) {
  Arrays x;
  for (int k = 0; k < kernels::arity<Op>(); ++k)
    x.push_back(smooth_numbers<Op>(static_cast<std::size_t>(k), shape, dtype));
  return x;
}

// Every length of a tail, from every alignment, with nothing written beyond the end; and with each
// operand standing still. All must give the bits that one long run gives.
template <class Op, class T>
void check_tails() {
  constexpr int N = kernels::arity<Op>();
  const Op op = Row<Op>::ops().front();
  constexpr std::int64_t longest = 67;
  std::vector<std::vector<T>> x;
  for (const Array& a : smooth_inputs<Op>({longest + 3}, dtype_of<T>))
    x.push_back(a.to_vector<T>());
  for_each_isa<Op, T>([&](std::string_view isa, const auto& table) {
    std::vector<T> whole(longest + 3);
    table.value(op, operands<T, N>(x), whole.data(), longest + 3);
    const T mark = T(-12345);
    for (std::int64_t n = 0; n <= longest; ++n)
      for (int offset = 0; offset < 4; ++offset) {
        auto o = operands<T, N>(x);
        for (auto& p : o.p) p += offset;
        std::vector<T> y(longest + 8, mark);
        table.value(op, o, y.data() + offset, n);
        for (std::int64_t i = 0; i < longest + 8; ++i) {
          const bool inside = i >= offset && i < offset + n;
          ASSERT_EQ(y[static_cast<std::size_t>(i)],
                    inside ? whole[static_cast<std::size_t>(i)] : mark)
              << isa << ": " << Op::name << ", length " << n << ", offset " << offset
              << ", element " << i;
        }
      }
    for (int fixed = 0; fixed < N; ++fixed) {
      auto repeated = x;
      auto& column = repeated[static_cast<std::size_t>(fixed)];
      std::fill(column.begin(), column.end(), column[0]);
      std::vector<T> expected(longest), y(longest);
      table.value(op, operands<T, N>(repeated), expected.data(), longest);
      auto o = operands<T, N>(x);
      o.step[fixed] = 0;
      table.value(op, o, y.data(), longest);
      EXPECT_EQ(y, expected) << isa << ": " << Op::name << " with operand " << fixed
                             << " standing still";
    }
  });
}

inline bool same_bits(const Array& a, const Array& b) {
  const Array x = a.contiguous(), y = b.contiguous();
  return x.dtype() == y.dtype() && x.shape() == y.shape() &&
         std::memcmp(x.raw(), y.raw(), static_cast<std::size_t>(x.size()) * item_size(x.dtype())) ==
             0;
}

template <class Op>
Array map_all(const Op& op, const Arrays& x) {
  if constexpr (kernels::arity<Op>() == 1)
    return map(op, x[0]);
  else if constexpr (kernels::arity<Op>() == 2)
    return map(op, x[0], x[1]);
  else
    return map(op, x[0], x[1], x[2]);
}

template <class Op>
Array map_slope_all(const Op& op, int k, const Array& gy, const Arrays& kept) {
  if constexpr (kernels::kept<Op>() == 1)
    return map_slope(op, k, gy.shape(), gy, kept[0]);
  else if constexpr (kernels::kept<Op>() == 2)
    return map_slope(op, k, gy.shape(), gy, kept[0], kept[1]);
  else
    return map_slope(op, k, gy.shape(), gy, kept[0], kept[1], kept[2]);
}

template <class Op>
Variable call(const Op& op, const Variables& x) {
  if constexpr (kernels::arity<Op>() == 1)
    return elementwise(op, x[0]);
  else if constexpr (kernels::arity<Op>() == 2)
    return elementwise(op, x[0], x[1]);
  else
    return elementwise(op, x[0], x[1], x[2]);
}

template <class Op>
void check_layouts(Dtype dtype) {
  const Op op = Row<Op>::ops().front();
  for (const Shape& shape : {Shape{3, 5}, Shape{2, 3, 17}, Shape{1, 7}}) {
    const Arrays x = smooth_inputs<Op>(shape, dtype);
    const Array expected = map_all(op, x);
    for (std::size_t k = 0; k < x.size(); ++k)
      for (const testing::Layout& layout : testing::layouts(x[k])) {
        Arrays other = x;
        other[k] = layout.array;
        EXPECT_TRUE(same_bits(map_all(op, other), expected))
            << Op::name << ", input " << k << " " << layout.name;
      }
  }
}

template <class Op>
void check_threads(Dtype dtype) {
  const Op op = Row<Op>::ops().front();
  // Some grains and a tail.
  const Shape shape{3, 3 * kGrain / 2 + 5};
  const Arrays x = smooth_inputs<Op>(shape, dtype);
  const Array gy = smooth_numbers<Op>(0, shape, dtype);
  const int before = parallel::threads();
  Arrays expected;
  for (int threads : {1, 2, 4}) {
    parallel::set_threads(threads);
    Arrays results{map_all(op, x)};
    if constexpr (kernels::kept<Op>() > 0)
      for_each_slope<Op>([&](int k) { results.push_back(map_slope_all(op, k, gy, x)); });
    if (expected.empty()) expected = results;
    for (std::size_t i = 0; i < results.size(); ++i)
      EXPECT_TRUE(same_bits(results[i], expected[i]))
          << Op::name << " with " << threads << " threads, result " << i;
  }
  parallel::set_threads(before);
}

template <class Op>
void check_gradients() {
  for (const Op& op : Row<Op>::ops())
    testing::check_function(
        {.f = [op](const Variables& x) { return call(op, x); },
         .x = smooth_inputs<Op>({3, 4}, Dtype::float64),
         .options = {.name = std::string(Op::name), .no_grads = Row<Op>::no_grads()},
         .elementwise = true});
}

template <class Op>
class ElementwiseOp : public ::testing::Test {};
TYPED_TEST_SUITE_P(ElementwiseOp);

TYPED_TEST_P(ElementwiseOp, ValuesAreWithinUlps) {
  check_values<TypeParam, float>();
  check_values<TypeParam, double>();
}
TYPED_TEST_P(ElementwiseOp, SlopesAreWithinUlps) {
  check_slopes<TypeParam, float>();
  check_slopes<TypeParam, double>();
}
TYPED_TEST_P(ElementwiseOp, TailsAndAlignmentsGiveTheSameBits) {
  check_tails<TypeParam, float>();
  check_tails<TypeParam, double>();
}
TYPED_TEST_P(ElementwiseOp, LayoutsGiveTheSameBits) {
  check_layouts<TypeParam>(Dtype::float32);
  check_layouts<TypeParam>(Dtype::float64);
}
TYPED_TEST_P(ElementwiseOp, ThreadsGiveTheSameBits) {
  check_threads<TypeParam>(Dtype::float32);
  check_threads<TypeParam>(Dtype::float64);
}
TYPED_TEST_P(ElementwiseOp, GradientsAreTheDerivatives) { check_gradients<TypeParam>(); }

REGISTER_TYPED_TEST_SUITE_P(ElementwiseOp, ValuesAreWithinUlps, SlopesAreWithinUlps,
                            TailsAndAlignmentsGiveTheSameBits, LayoutsGiveTheSameBits,
                            ThreadsGiveTheSameBits, GradientsAreTheDerivatives);

}  // namespace autograd::cases
