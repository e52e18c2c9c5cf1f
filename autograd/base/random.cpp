// Sources: M. Matsumoto and T. Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998), for the words;
// G. Marsaglia and T. A. Bray, "A convenient method for generating normal variables", SIAM Review 6
// (1964), for the Gaussian pairs; G. Marsaglia and W. W. Tsang, "A simple method for generating
// gamma variables", ACM TOMS 26 (2000), for gamma above 1; J. H. Ahrens and U. Dieter, Computing 12
// (1974), below it; M. D. Jöhnk, Metrika 8 (1964), for beta. The order of draws is that of NumPy's
// RandomState.
//
// This file implements the twister, because std::mt19937 does not provide its words and position in
// a form that is the same for every standard library. The build does not contract expressions into
// fused multiply-adds in this file, because they would change the last bits.
#include "autograd/base/random.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <exception>
#include <mutex>
#include <new>
#include <numeric>
#include <random>

#include "autograd/base/error.h"

namespace autograd::random {
namespace {

void check_scale(double scale) {
  if (scale < 0 || (scale == 0 && std::signbit(scale))) {
    throw Error(fmt::format("normal: scale must not be negative, but it is {}", scale));
  }
}

std::uint32_t tempered(std::uint32_t y) {
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680U;
  y ^= (y << 15) & 0xefc60000U;
  return y ^ (y >> 18);
}

// A number in [0, 1) of 27 and 26 random bits.
double fraction(std::uint32_t first, std::uint32_t second) {
  return ((tempered(first) >> 5) * 67108864.0 + (tempered(second) >> 6)) / 9007199254740992.0;
}

constinit std::mutex process_mutex;
constinit thread_local int holds = 0;  // the number of locks that this thread holds
constinit thread_local Generator* generator_of_thread = nullptr;

}  // namespace

void Generator::Hold::lock() {
  if (holds++ == 0) process_mutex.lock();
}
void Generator::Hold::unlock() {
  if (--holds == 0) process_mutex.unlock();
}

void Generator::seed(std::uint32_t seed) {
  const Hold hold(*this);
  std::uint32_t word = seed;
  for (std::uint32_t i = 0; i < State::kWords; ++i) {
    state_.key[i] = word;
    word = 1812433253U * (word ^ (word >> 30)) + i + 1;
  }
  state_.pos = State::kWords;
  state_.has_gauss = false;
  state_.cached_gaussian = 0.0;
}

State Generator::state() const {
  const Hold hold(*this);
  return state_;
}

void Generator::set_state(const State& state) {
  if (state.pos < 0 || state.pos > State::kWords) {
    throw Error(fmt::format("set_state: pos must be between 0 and {}, but it is {}", State::kWords,
                            state.pos));
  }
  const Hold hold(*this);
  state_ = state;
}

// x[k + n] = x[k + m] ^ (the upper bit of x[k] and the lower 31 bits of x[k + 1]) A, in place.
void Generator::twist() {
  constexpr std::size_t n = State::kWords, m = 397;
  auto& x = state_.key;
  const auto mix = [](std::uint32_t middle, std::uint32_t upper, std::uint32_t lower) {
    const std::uint32_t y = (upper & 0x80000000U) | (lower & 0x7fffffffU);
    return middle ^ (y >> 1) ^ (0x9908b0dfU & (0U - (y & 1U)));
  };
  for (std::size_t k = 0; k < n - m; ++k) x[k] = mix(x[k + m], x[k], x[k + 1]);
  for (std::size_t k = n - m; k < n - 1; ++k) x[k] = mix(x[k + m - n], x[k], x[k + 1]);
  x[n - 1] = mix(x[m - 1], x[n - 1], x[0]);
  state_.pos = 0;
}

std::uint32_t Generator::next32() {
  if (state_.pos == State::kWords) twist();
  return tempered(state_.key[static_cast<std::size_t>(state_.pos++)]);
}

std::uint64_t Generator::next64() {
  const std::uint64_t high = next32();
  return high << 32 | next32();
}

double Generator::rand() {
  const Hold hold(*this);
  return next_rand();
}

double Generator::next_rand() {
  if (state_.pos + 2 <= State::kWords) {
    const std::uint32_t* key = state_.key.data() + state_.pos;
    state_.pos += 2;
    return fraction(key[0], key[1]);
  }
  const std::uint32_t high = next32() >> 5, low = next32() >> 6;
  return (high * 67108864.0 + low) / 9007199254740992.0;
}

// Draws as many numbers at a time as the available words give.
void Generator::rand(std::span<double> out) {
  const Hold hold(*this);
  while (!out.empty()) {
    if (state_.pos == State::kWords) twist();
    const std::size_t n =
        std::min(out.size(), static_cast<std::size_t>(State::kWords - state_.pos) / 2);
    const std::uint32_t* key = state_.key.data() + state_.pos;
    for (std::size_t i = 0; i < n; ++i) out[i] = fraction(key[2 * i], key[2 * i + 1]);
    state_.pos += static_cast<int>(2 * n);
    out = out.subspan(n);
    if (n == 0) {  // only one word is left
      out[0] = next_rand();
      out = out.subspan(1);
    }
  }
}

double Generator::uniform(double low, double high) { return low + (high - low) * rand(); }

void Generator::uniform(double low, double high, std::span<double> out) {
  const Hold hold(*this);
  for (double& value : out) value = low + (high - low) * next_rand();
}

double Generator::standard_normal() {
  const Hold hold(*this);
  return next_standard_normal();
}

double Generator::next_standard_normal() {
  if (state_.has_gauss) {
    state_.has_gauss = false;
    return std::exchange(state_.cached_gaussian, 0.0);
  }
  double x1, x2, r2;
  do {
    x1 = 2.0 * next_rand() - 1.0;
    x2 = 2.0 * next_rand() - 1.0;
    r2 = x1 * x1 + x2 * x2;
  } while (r2 >= 1.0 || r2 == 0.0);
  const double factor = std::sqrt(-2.0 * std::log(r2) / r2);
  state_.has_gauss = true;
  state_.cached_gaussian = factor * x1;
  return factor * x2;
}

void Generator::standard_normal(std::span<double> out) {
  const Hold hold(*this);
  for (double& value : out) value = next_standard_normal();
}

double Generator::normal(double loc, double scale) {
  check_scale(scale);
  return loc + scale * standard_normal();
}

void Generator::normal(double loc, double scale, std::span<double> out) {
  check_scale(scale);
  const Hold hold(*this);
  for (double& value : out) value = loc + scale * next_standard_normal();
}

double Generator::standard_exponential() {
  const Hold hold(*this);
  return next_standard_exponential();
}

double Generator::next_standard_exponential() { return -std::log(1.0 - next_rand()); }

double Generator::laplace() {
  const Hold hold(*this);
  double u;
  do u = next_rand();
  while (u == 0);
  return u >= 0.5 ? -std::log(2.0 - u - u) : std::log(u + u);
}

double Generator::gumbel() {
  const Hold hold(*this);
  double u;
  do u = 1.0 - next_rand();
  while (u == 1);
  return -std::log(-std::log(u));
}

double Generator::standard_gamma(double shape) {
  const Hold hold(*this);
  return next_standard_gamma(shape);
}

double Generator::next_standard_gamma(double shape) {
  if (!(shape >= 0))
    throw Error(fmt::format("standard_gamma: shape must not be negative, but it is {}", shape));
  if (shape == 0) return 0;
  if (shape == 1) return next_standard_exponential();
  if (shape < 1) {
    while (true) {
      const double u = next_rand(), v = next_standard_exponential();
      if (u <= 1.0 - shape) {
        const double x = std::pow(u, 1. / shape);
        if (x <= v) return x;
      } else {
        const double y = -std::log((1 - u) / shape);
        const double x = std::pow(1.0 - shape + shape * y, 1. / shape);
        if (x <= v + y) return x;
      }
    }
  }
  const double b = shape - 1. / 3., c = 1. / std::sqrt(9 * b);
  while (true) {
    double x, v;
    do {
      x = next_standard_normal();
      v = 1.0 + c * x;
    } while (v <= 0);
    v = v * v * v;
    const double u = next_rand();
    if (u < 1.0 - 0.0331 * (x * x) * (x * x)) return b * v;
    if (std::log(u) < 0.5 * x * x + b * (1. - v + std::log(v))) return b * v;
  }
}

double Generator::beta(double a, double b) {
  if (!(a > 0 && b > 0))
    throw Error(fmt::format("beta: a and b must be positive, but they are {} and {}", a, b));
  const Hold hold(*this);
  if (a > 1 || b > 1) {
    const double x = next_standard_gamma(a), y = next_standard_gamma(b);
    return x / (x + y);
  }
  while (true) {
    const double u = next_rand(), v = next_rand();
    const double x = std::pow(u, 1.0 / a), y = std::pow(v, 1.0 / b);
    if (x + y > 1) continue;
    if (x + y > 0) return x / (x + y);
    // Both have underflowed, so logarithms are used.
    const double log_x = std::log(u) / a, log_y = std::log(v) / b;
    const double greater = log_x > log_y ? log_x : log_y;
    return std::exp(log_x - greater -
                    std::log(std::exp(log_x - greater) + std::exp(log_y - greater)));
  }
}

int Generator::bernoulli(double p) {
  if (!(p >= 0 && p <= 1))
    throw Error(fmt::format("bernoulli: p must lie between 0 and 1, but it is {}", p));
  const Hold hold(*this);
  if (p > 0.5) {
    const double q = 1.0 - p;
    return next_rand() > std::exp(std::log(1.0 - q)) ? 0 : 1;
  }
  return next_rand() > std::exp(std::log(1.0 - p)) ? 1 : 0;
}

std::int64_t Generator::randint(std::int64_t low, std::int64_t high) {
  std::int64_t value;
  randint(low, high, {&value, 1});
  return value;
}

void Generator::randint(std::int64_t low, std::int64_t high, std::span<std::int64_t> out) {
  if (low >= high) {
    throw Error(fmt::format("randint: low must be less than high, but low is {} and high is {}",
                            low, high));
  }
  const Hold hold(*this);
  // Uses unsigned arithmetic, which wraps around, because the range may be wider than an int64.
  const auto offset = static_cast<std::uint64_t>(low);
  const std::uint64_t max = static_cast<std::uint64_t>(high) - offset - 1;
  for (std::int64_t& value : out) value = static_cast<std::int64_t>(offset + next_interval(max));
}

std::uint64_t Generator::interval(std::uint64_t max) {
  const Hold hold(*this);
  return next_interval(max);
}

std::uint64_t Generator::next_interval(std::uint64_t max) {
  if (max == 0) return 0;
  const std::uint64_t mask = ~std::uint64_t{0} >> std::countl_zero(max);
  const bool narrow = max <= 0xffffffffU;
  std::uint64_t value;
  do {
    value = (narrow ? next32() : next64()) & mask;
  } while (value > max);
  return value;
}

// A vector of n numbers.
static std::vector<std::int64_t> numbers(const char* op, std::int64_t n) try {
  return std::vector<std::int64_t>(static_cast<std::size_t>(n));
} catch (const std::exception&) {  // too long for a vector or for the memory
  throw Error(fmt::format("{}: there must be memory for the numbers, but they are {}", op, n));
}

std::vector<std::int64_t> Generator::permutation(std::int64_t n) {
  if (n < 0) throw Error(fmt::format("permutation: n must not be negative, but it is {}", n));
  std::vector<std::int64_t> order = numbers("permutation", n);
  std::iota(order.begin(), order.end(), std::int64_t{0});
  shuffle(std::span(order));
  return order;
}

std::vector<std::int64_t> Generator::choice(std::int64_t n, std::int64_t size, bool replace) {
  if (size < 0) throw Error(fmt::format("choice: size must not be negative, but it is {}", size));
  if (n < 0 || (n == 0 && size > 0)) {
    throw Error(fmt::format("choice: n must be positive, but it is {}", n));
  }
  if (replace) {
    std::vector<std::int64_t> chosen = numbers("choice", size);
    if (size > 0) randint(0, n, chosen);
    return chosen;
  }
  if (size > n) {
    throw Error(fmt::format(
        "choice: size must not exceed n without replacement, but size is {} and n is {}", size, n));
  }
  std::vector<std::int64_t> order = permutation(n);
  order.resize(static_cast<std::size_t>(size));
  return order;
}

Generator& generator() {
  if (generator_of_thread != nullptr) return *generator_of_thread;
  static Generator instance = [] {
    // Another thread may be drawing while this thread calls fork(). The child does not have this
    // other thread, so it needs a new lock.
    pthread_atfork(nullptr, nullptr, [] {
      new (&process_mutex) std::mutex;
      if (holds > 0) process_mutex.lock();
    });
    return Generator(std::random_device{}(), Generator::OfProcess());
  }();
  return instance;
}

void seed(std::uint32_t seed) { generator().seed(seed); }

GeneratorScope::GeneratorScope(Generator& generator)
    : before_(std::exchange(generator_of_thread, &generator)) {}
GeneratorScope::~GeneratorScope() { generator_of_thread = before_; }

}  // namespace autograd::random
