// NumPy's legacy random numbers (`numpy.random.RandomState`), bit for bit: the same seed and the
// same sequence of calls give the same doubles, permutations and integers. On a CPU Chainer draws
// all its random numbers from that generator, so a port of a Chainer program can be compared with
// the original number by number.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace autograd::random {

// What `numpy.random.get_state()` returns after the algorithm's name: the words of the Mersenne
// twister, how many of them are used up, whether the second of a pair of Gaussian deviates is kept
// for the next call, and this deviate (0 if none is kept).
struct State {
  static constexpr int kWords = 624;

  std::array<std::uint32_t, kWords> key;
  std::int32_t pos;
  bool has_gauss;
  double cached_gaussian;

  bool operator==(const State&) const = default;
};

// A stream of random numbers. Numbers are drawn as doubles; floats are doubles cast to float.
// Filling a span draws the same numbers as repeated single calls.
//
// The generator of the process, generator(), may be used by several threads at once: each call
// draws one contiguous part of the stream. Which thread gets which part is not determined; for
// reproducible numbers see using_generator(). Any other generator must not be used by two threads
// at once.
class Generator {
 public:
  // Starts like `numpy.random.seed(seed)`.
  explicit Generator(std::uint32_t seed) { this->seed(seed); }
  explicit Generator(const State& state) { set_state(state); }
  // A copy is an independent generator that continues from the same state.
  Generator(const Generator& other) : state_(other.state()) {}
  Generator& operator=(const Generator& other) {
    set_state(other.state());
    return *this;
  }

  // A lock: while a Hold on the generator of the process exists, no other thread draws from it. A
  // Hold on any other generator does nothing.
  class [[nodiscard]] Hold {
   public:
    explicit Hold(const Generator& generator) : holds_(generator.of_process_) {
      if (holds_) lock();
    }
    ~Hold() {
      if (holds_) unlock();
    }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    static void lock();
    static void unlock();
    bool holds_;
  };

  // Restarts the stream and discards a kept Gaussian deviate.
  void seed(std::uint32_t seed);

  State state() const;
  // Throws Error if `state.pos` is outside [0, 624].
  void set_state(const State& state);

  // Uniform in [0, 1), a multiple of 2^-53. Each number uses two words.
  double rand();
  void rand(std::span<double> out);

  // low + (high - low) * rand()
  double uniform(double low, double high);
  void uniform(double low, double high, std::span<double> out);

  // Mean 0 and variance 1, by Marsaglia's polar method. Deviates are made in pairs; the second one
  // is kept for the next call that needs one, whichever function this call is to.
  double standard_normal();
  void standard_normal(std::span<double> out);

  // loc + scale * standard_normal(). Throws Error if scale is negative.
  double normal(double loc, double scale);
  void normal(double loc, double scale, std::span<double> out);

  // From the density e^-x, x >= 0: -log(1 - rand()).
  double standard_exponential();

  // From the densities e^-|x| / 2 and e^-(x + e^-x). Each number uses one rand().
  double laplace();
  double gumbel();

  // From the density x^(shape - 1) e^-x / gamma(shape), x > 0; always 0 for shape = 0. Throws Error
  // if shape is negative.
  double standard_gamma(double shape);

  // From the density x^(a - 1) (1 - x)^(b - 1) / beta(a, b), 0 < x < 1. Throws Error if a or b is
  // not positive.
  double beta(double a, double b);

  // 1 with probability p, else 0: NumPy's binomial(1, p). Uses one rand(). Throws Error if p is
  // outside [0, 1].
  int bernoulli(double p);

  // Uniform over low, ..., high - 1, as NumPy's randint with its default dtype (int64). Throws if
  // low >= high.
  std::int64_t randint(std::int64_t low, std::int64_t high);
  void randint(std::int64_t low, std::int64_t high, std::span<std::int64_t> out);

  // Uniform over 0, ..., max, both included. Rejection sampling: draws a word (two if max has more
  // than 32 bits), keeps as many bits as max has, and tries again while the result exceeds max. For
  // max = 0 nothing is drawn.
  std::uint64_t interval(std::uint64_t max);

  // Shuffles the values in place, by the algorithm of Fisher and Yates from the last value down.
  template <class T>
  void shuffle(std::span<T> values) {
    const Hold hold(*this);
    for (std::size_t i = values.size(); i-- > 1;) {
      using std::swap;
      swap(values[i], values[static_cast<std::size_t>(next_interval(i))]);
    }
  }

  // 0, ..., n - 1, shuffled. Throws Error if n is negative.
  std::vector<std::int64_t> permutation(std::int64_t n);

  // `size` of the numbers 0, ..., n - 1. With replacement they are randint(0, n), without it the
  // first `size` of permutation(n). Throws Error if size is negative, if it exceeds n without
  // replacement, or if n is 0 and size is not.
  std::vector<std::int64_t> choice(std::int64_t n, std::int64_t size, bool replace = true);

 private:
  struct OfProcess {};
  Generator(std::uint32_t seed, OfProcess) : Generator(seed) { of_process_ = true; }
  friend Generator& generator();

  // The implementations of the public functions without "next_" in their names; these take no Hold.
  std::uint32_t next32();
  std::uint64_t next64();
  double next_rand();
  double next_standard_normal();
  double next_standard_exponential();
  double next_standard_gamma(double shape);
  std::uint64_t next_interval(std::uint64_t max);
  void twist();

  State state_;
  bool of_process_ = false;
};

// The default generator of all functions that draw random numbers: the one named by the innermost
// using_generator() of this thread, else the generator of the process. Until the latter is seeded,
// its numbers differ from run to run, as NumPy's do.
Generator& generator();

// Seeds generator().
void seed(std::uint32_t seed);

// While a GeneratorScope exists, generator() returns `generator` in this thread. With a generator
// of its own, each of several trainings in concurrent threads draws the same numbers in every run:
//   random::Generator own(seed);
//   auto scope = random::using_generator(own);
class [[nodiscard]] GeneratorScope {
 public:
  explicit GeneratorScope(Generator& generator);
  ~GeneratorScope();
  GeneratorScope(const GeneratorScope&) = delete;
  GeneratorScope& operator=(const GeneratorScope&) = delete;

 private:
  Generator* before_;
};
inline GeneratorScope using_generator(Generator& generator) { return GeneratorScope(generator); }

}  // namespace autograd::random
