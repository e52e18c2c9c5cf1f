// NumPy's legacy random numbers (`numpy.random.RandomState`), bit for bit: the same seed and the
// same sequence of calls give the same doubles, permutations and integers. Chainer draws everything
// on a CPU from that generator, so a program ported from it can be compared number by number.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace autograd::random {

// What `numpy.random.get_state()` returns after the algorithm's name: the words of the Mersenne
// twister, how many of them are used up, and the second of a pair of Gaussian deviates where it is
// still to be handed out (0 otherwise).
struct State {
  static constexpr int kWords = 624;

  std::array<std::uint32_t, kWords> key;
  std::int32_t pos;
  bool has_gauss;
  double cached_gaussian;

  bool operator==(const State&) const = default;
};

// A stream of random numbers. Numbers are drawn as doubles; a float is a cast of one. Filling a
// span draws the same numbers as single calls do.
//
// The generator of the process, generator(), may be used by several threads at once: each call
// draws one stretch of its stream. Which thread gets which stretch is then not determined; see
// using_generator(). Any other generator is not to be used by two threads at once.
class Generator {
 public:
  // As `numpy.random.seed(seed)`.
  explicit Generator(std::uint32_t seed) { this->seed(seed); }
  explicit Generator(const State& state) { set_state(state); }
  // Another generator, which goes on from the same place.
  Generator(const Generator& other) : state_(other.state()) {}
  Generator& operator=(const Generator& other) {
    set_state(other.state());
    return *this;
  }

  // While it lives, no other thread draws from the generator of the process. For another generator
  // it does nothing.
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

  // Starts the stream anew and forgets a kept Gaussian deviate.
  void seed(std::uint32_t seed);

  State state() const;
  // Throws Error where `state.pos` is outside [0, 624].
  void set_state(const State& state);

  // Uniform in [0, 1), a multiple of 2^-53. Two words a number.
  double rand();
  void rand(std::span<double> out);

  // low + (high - low) * rand()
  double uniform(double low, double high);
  void uniform(double low, double high, std::span<double> out);

  // Mean 0 and variance 1, by Marsaglia's polar method: deviates are made in pairs, and the second
  // one is kept for the next call, whichever function that is made through.
  double standard_normal();
  void standard_normal(std::span<double> out);

  // loc + scale * standard_normal(). Throws Error where scale is negative.
  double normal(double loc, double scale);
  void normal(double loc, double scale, std::span<double> out);

  // With the density e^-x, x >= 0: -log(1 - rand()).
  double standard_exponential();

  // With the density e^-|x| / 2, and e^-(x + e^-x). One rand() each.
  double laplace();
  double gumbel();

  // With the density x^(shape - 1) e^-x / gamma(shape), x > 0; 0 for the shape 0. Throws Error
  // where shape is negative.
  double standard_gamma(double shape);

  // With the density x^(a - 1) (1 - x)^(b - 1) / beta(a, b), 0 < x < 1. Throws Error where a or b
  // is not positive.
  double beta(double a, double b);

  // 1 with the probability p, else 0: NumPy's binomial(1, p). One rand(). Throws Error where p is
  // outside [0, 1].
  int bernoulli(double p);

  // Uniform over low, ..., high - 1, as NumPy's randint with its default dtype (int64). Throws
  // where low >= high.
  std::int64_t randint(std::int64_t low, std::int64_t high);
  void randint(std::int64_t low, std::int64_t high, std::span<std::int64_t> out);

  // Uniform over 0, ..., max, both included. Draws one word a try (two where max needs more than 32
  // bits), cuts it to as many bits as max has, and tries again where that exceeds max. For max = 0
  // nothing is drawn.
  std::uint64_t interval(std::uint64_t max);

  // Puts the values into a random order in place: Fisher and Yates, from the last value down.
  template <class T>
  void shuffle(std::span<T> values) {
    const Hold hold(*this);
    for (std::size_t i = values.size(); i-- > 1;) {
      using std::swap;
      swap(values[i], values[static_cast<std::size_t>(next_interval(i))]);
    }
  }

  // 0, ..., n - 1, shuffled. Throws Error where n is negative.
  std::vector<std::int64_t> permutation(std::int64_t n);

  // `size` of the numbers 0, ..., n - 1. With replacement they are randint(0, n), without it the
  // first `size` of permutation(n). Throws Error where size is negative, where it exceeds n without
  // replacement, and where there is nothing to choose from.
  std::vector<std::int64_t> choice(std::int64_t n, std::int64_t size, bool replace = true);

 private:
  struct OfProcess {};
  Generator(std::uint32_t seed, OfProcess) : Generator(seed) { of_process_ = true; }
  friend Generator& generator();

  // What the public functions of such names do, without a Hold.
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

// The generator that every function that draws uses unless it is given another one: that of the
// process, or the one that the innermost using_generator() of this thread names. Until it is seeded
// its numbers differ from run to run, as NumPy's do.
Generator& generator();

// Seeds generator().
void seed(std::uint32_t seed);

// While it lives, generator() is `generator` in this thread. So trainings that run in several
// threads at once draw the same numbers each time:
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
