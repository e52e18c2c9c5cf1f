#include <cmath>
#include <cstring>
#include <random>

#include "autograd/machine/parallel.h"
#include "autograd/testing/gradient_check.h"
#include "tests/cases/elementwise_tests.h"

namespace autograd::cases {
namespace {

template <class T>
using Columns = std::vector<std::vector<T>>;

template <class T>
double bound_of(Ulps u) {
  return sizeof(T) == 4 ? u.f32 : u.f64;
}

// How far `got` is from `exact`, in units in the last place (of type T) of `scale`. 0 for two NaNs;
// infinite where one is NaN, or infinite by mistake.
template <class T>
double ulps_apart(T got, R exact, R scale, bool flushes) {
  using L = std::numeric_limits<T>;
  if (got != got || exact != exact) return got != got && exact != exact ? 0 : INFINITY;
  const R largest = L::max();
  // What lies beyond the largest number is compared as if it stood one step further.
  const R beyond = std::ldexp(static_cast<R>(1), L::max_exponent);
  const R g = std::isinf(got) ? std::copysign(beyond, static_cast<R>(got)) : static_cast<R>(got);
  const R e = std::abs(exact) > largest ? std::copysign(beyond, exact) : exact;
  if (g == e) return 0;
  int exponent = 0;
  if (scale != scale || std::isinf(scale)) scale = beyond / 2;
  std::frexp(std::fmin(std::fmax(std::abs(scale), std::abs(e)), largest), &exponent);
  R ulp = std::ldexp(static_cast<R>(1), std::max(exponent, L::min_exponent) - L::digits);
  if (flushes && std::abs(e) < 2 * static_cast<R>(L::min())) ulp = 2 * static_cast<R>(L::min());
  return static_cast<double>(std::abs(g - e) / ulp);
}

// 0, subnormal numbers, numbers about 1, about the ends of exp's domain, huge ones, infinities and
// NaN.
template <class T>
std::vector<T> specials(bool tails) {
  using L = std::numeric_limits<T>;
  std::vector<T> list{L::quiet_NaN()};
  const auto both = [&](std::initializer_list<T> values) {
    for (T v : values) list.push_back(v), list.push_back(-v);
  };
  both({T(0), T(0.5), T(1), T(3), L::infinity()});
  if (tails)
    both({L::denorm_min(), L::min() / 2, L::min(), L::epsilon(), T(1) + L::epsilon(),
          T(1) - L::epsilon(), T(2), T(2.5), T(20), T(87), T(89), T(104), T(700), T(710), T(746),
          T(1e6), T(1e9), L::max() / 4, L::max()});
  return list;
}

// Points to try: a column for each input. First every combination of special values, then numbers
// drawn from the ranges and from the tails.
template <class T>
Columns<T> points(int inputs, bool tails, const std::vector<std::vector<Range>>& ranges) {
  using L = std::numeric_limits<T>;
  std::mt19937_64 random(1);
  const auto uniform = [&](double low, double high) {
    return low + (high - low) * std::generate_canonical<double, 53>(random);
  };
  const auto n = static_cast<std::size_t>(inputs);
  Columns<T> columns(n);
  const std::vector<T> special = specials<T>(tails);
  std::size_t combinations = 1;
  for (std::size_t k = 0; k < n; ++k) combinations *= special.size();
  for (std::size_t i = 0; i < combinations; ++i)
    for (std::size_t k = 0, rest = i; k < n; ++k, rest /= special.size())
      columns[k].push_back(special[rest % special.size()]);
  for (std::size_t i = 0; i < 20000; ++i)
    for (std::size_t k = 0; k < n; ++k) {
      if (tails && (i + k) % 8 == 0) {
        const double tail = std::exp2(uniform(L::min_exponent - L::digits, L::max_exponent));
        columns[k].push_back(static_cast<T>(random() % 2 ? tail : -tail));
      } else {
        const auto& choice = ranges[k % ranges.size()];
        const Range r = choice[random() % choice.size()];
        columns[k].push_back(static_cast<T>(uniform(r.low, r.high)));
      }
    }
  return columns;
}

template <class T>
std::vector<Operand<T>> walked(const Columns<T>& columns, int offset = 0) {
  std::vector<Operand<T>> all;
  for (const auto& column : columns) all.push_back({column.data() + offset, 1});
  return all;
}

template <class T>
std::string show(const Columns<T>& x, std::size_t i, T got, R exact) {
  constexpr int digits = std::numeric_limits<T>::max_digits10;
  std::string point;
  for (const auto& column : x)
    point += fmt::format("{}{:.{}g}", point.empty() ? "" : ", ", column[i], digits);
  return fmt::format("({}) gives {:.{}g}, not {:.{}g}", point, got, digits, exact, digits + 2);
}

// What is expected at points, and where these are.
template <class T>
class Reference {
 public:
  Reference(const Expected& expected, Columns<T> x) : expected_(expected), x_(std::move(x)) {
    R point[3];
    for (std::size_t i = 0; i < x_[0].size(); ++i) {
      for (std::size_t k = 0; k < x_.size(); ++k) point[k] = x_[k][i];
      exact_.push_back(expected.exact(point));
      scale_.push_back(expected.scale ? expected.scale(point) : exact_.back());
    }
  }

  // Of a loop over the points and over what follows them.
  void expect_of(const Loop<T>& loop, const std::vector<Operand<T>>& and_then,
                 const std::string& what) const {
    std::vector<T> y(exact_.size());
    std::vector<Operand<T>> operands = walked(x_);
    operands.insert(operands.end(), and_then.begin(), and_then.end());
    loop(operands, y.data(), static_cast<std::int64_t>(y.size()));
    double worst = 0;
    std::size_t where = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      const double u = ulps_apart<T>(y[i], exact_[i], scale_[i], expected_.flushes);
      if (u > worst) worst = u, where = i;
    }
    EXPECT_LE(worst, bound_of<T>(expected_.ulps))
        << what << show(x_, where, y[where], exact_[where]);
  }

 private:
  const Expected& expected_;
  Columns<T> x_;
  std::vector<R> exact_, scale_;
};

template <class T>
void check_values(const TestedOp& op) {
  const Expected& expected = op.expected_value;
  const Reference<T> reference(expected, points<T>(op.inputs, expected.tails, op.ranges));
  for (const Loops<T>& loops : op.loops<T>())
    reference.expect_of(loops.value, {}, fmt::format("{}: {}", loops.isa, op.name));
}

template <class T>
void check_slopes(const TestedOp& op) {
  const T gy = 1;
  for (std::size_t k = 0; k < op.slopes.size(); ++k) {
    const Expected& expected = op.expected_slopes[k];
    const Reference<T> reference(expected, points<T>(op.kept, expected.tails, op.ranges));
    for (const Loops<T>& loops : op.loops<T>())
      reference.expect_of(loops.slopes[k], {{&gy, 0}},
                          fmt::format("{}: slope {} of {}", loops.isa, op.slopes[k], op.name));
  }
}

// Numbers from where the op is smooth.
Array smooth_numbers(const TestedOp& op, std::size_t input, const Shape& shape, Dtype dtype) {
  const Range r = op.smooth[input % op.smooth.size()];
  std::mt19937_64 random(7 + input);
  Array x = Array::empty(shape, Dtype::float64);
  double* p = x.mutable_data<double>();
  for (std::int64_t i = 0; i < x.size(); ++i)
    p[i] = r.low + (r.high - r.low) * std::generate_canonical<double, 53>(random);
  return x.astype(dtype);
}

Arrays smooth_inputs(const TestedOp& op, const Shape& shape, Dtype dtype) {
  Arrays x;
  for (int k = 0; k < op.inputs; ++k)
    x.push_back(smooth_numbers(op, static_cast<std::size_t>(k), shape, dtype));
  return x;
}

// Every length of a tail, from every alignment, with nothing written beyond the end; and with each
// operand standing still. All must give the bits that one long run gives.
template <class T>
void check_tails(const TestedOp& op) {
  constexpr std::int64_t longest = 67;
  Columns<T> x;
  for (const Array& a : smooth_inputs(op, {longest + 3}, dtype_of<T>))
    x.push_back(a.to_vector<T>());
  for (const Loops<T>& loops : op.loops<T>()) {
    std::vector<T> whole(longest + 3);
    loops.value(walked(x), whole.data(), longest + 3);
    const T mark = T(-12345);
    for (std::int64_t n = 0; n <= longest; ++n)
      for (int offset = 0; offset < 4; ++offset) {
        std::vector<T> y(longest + 8, mark);
        loops.value(walked(x, offset), y.data() + offset, n);
        for (std::int64_t i = 0; i < longest + 8; ++i) {
          const bool inside = i >= offset && i < offset + n;
          ASSERT_EQ(y[static_cast<std::size_t>(i)],
                    inside ? whole[static_cast<std::size_t>(i)] : mark)
              << loops.isa << ": " << op.name << ", length " << n << ", offset " << offset
              << ", element " << i;
        }
      }
    for (std::size_t fixed = 0; fixed < x.size(); ++fixed) {
      auto repeated = x;
      std::fill(repeated[fixed].begin(), repeated[fixed].end(), x[fixed][0]);
      std::vector<T> expected(longest), y(longest);
      loops.value(walked(repeated), expected.data(), longest);
      auto operands = walked(x);
      operands[fixed].step = 0;
      loops.value(operands, y.data(), longest);
      EXPECT_EQ(y, expected) << loops.isa << ": " << op.name << " with operand " << fixed
                             << " standing still";
    }
  }
}

bool same_bits(const Array& a, const Array& b) {
  const Array x = a.contiguous(), y = b.contiguous();
  return x.dtype() == y.dtype() && x.shape() == y.shape() &&
         std::memcmp(x.raw(), y.raw(), static_cast<std::size_t>(x.size()) * item_size(x.dtype())) ==
             0;
}

void check_layouts(const TestedOp& op, Dtype dtype) {
  for (const Shape& shape : {Shape{3, 5}, Shape{2, 3, 17}, Shape{1, 7}}) {
    const Arrays x = smooth_inputs(op, shape, dtype);
    const Array expected = op.value(x);
    for (std::size_t k = 0; k < x.size(); ++k)
      for (const testing::Layout& layout : testing::layouts(x[k])) {
        Arrays other = x;
        other[k] = layout.array;
        EXPECT_TRUE(same_bits(op.value(other), expected))
            << op.name << ", input " << k << " " << layout.name;
      }
  }
}

void check_threads(const TestedOp& op, Dtype dtype) {
  // Some grains and a tail.
  const Shape shape{3, 3 * kGrain / 2 + 5};
  const Arrays x = smooth_inputs(op, shape, dtype);
  const Array gy = smooth_numbers(op, 0, shape, dtype);
  const int before = parallel::threads();
  Arrays expected;
  for (int threads : {1, 2, 4}) {
    parallel::set_threads(threads);
    Arrays results{op.value(x)};
    for (int k : op.slopes) results.push_back(op.slope(k, gy, x));
    if (expected.empty()) expected = results;
    for (std::size_t i = 0; i < results.size(); ++i)
      EXPECT_TRUE(same_bits(results[i], expected[i]))
          << op.name << " with " << threads << " threads, result " << i;
  }
  parallel::set_threads(before);
}

}  // namespace

TEST_P(ElementwiseOp, ValuesAreWithinUlps) {
  check_values<float>(GetParam());
  check_values<double>(GetParam());
}

TEST_P(ElementwiseOp, SlopesAreWithinUlps) {
  check_slopes<float>(GetParam());
  check_slopes<double>(GetParam());
}

TEST_P(ElementwiseOp, TailsAndAlignmentsGiveTheSameBits) {
  check_tails<float>(GetParam());
  check_tails<double>(GetParam());
}

TEST_P(ElementwiseOp, LayoutsGiveTheSameBits) {
  check_layouts(GetParam(), Dtype::float32);
  check_layouts(GetParam(), Dtype::float64);
}

TEST_P(ElementwiseOp, ThreadsGiveTheSameBits) {
  check_threads(GetParam(), Dtype::float32);
  check_threads(GetParam(), Dtype::float64);
}

TEST_P(ElementwiseOp, GradientsAreTheDerivatives) {
  const TestedOp& op = GetParam();
  testing::check_function({.f = op.call,
                           .x = smooth_inputs(op, {3, 4}, Dtype::float64),
                           .options = {.name = op.name, .no_grads = op.no_grads},
                           .elementwise = true});
}

}  // namespace autograd::cases
