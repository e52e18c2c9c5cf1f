// The expected numbers were recorded from NumPy 1.24's legacy generator (numpy.random.seed and the
// functions of the same names) and must be met exactly, bit for bit.
#include "autograd/base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <random>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "autograd/base/error.h"
#include "tests/message.h"

namespace {

using autograd::random::Generator;
using autograd::random::State;
using Integers = std::vector<std::int64_t>;

// FNV-1a over 64-bit words: stands for sequences too long to be written out.
template <class T>
std::uint64_t checksum(const std::vector<T>& values) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const T& value : values)
    hash = (hash ^ std::bit_cast<std::uint64_t>(value)) * 0x100000001b3U;
  return hash;
}

template <class Draw>
std::vector<double> drawn(std::size_t n, Draw draw) {
  std::vector<double> values(n);
  draw(std::span<double>(values));
  return values;
}

// Calls in this order after seeding. The odd counts let a Gaussian deviate be kept over other
// draws.
struct Mixed {
  std::uint32_t seed;
  std::vector<double> rand;             // rand(3)
  std::vector<double> standard_normal;  // standard_normal(3)
  double rand_after;                    // rand()
  std::vector<double> normal;           // normal(1.5, 0.25, 4)
  std::vector<double> uniform;          // uniform(-2, 3, 2)
  Integers permutation;                 // permutation(10)
  Integers randint;                     // randint(-5, 100, 6)
  std::vector<double> last;             // standard_normal(2)
};

const Mixed kMixed[] = {
    {0U,
     {0x1.18fe1565f12a8p-1, 0x1.6e2d4cf608733p-1, 0x1.349d66b6e894bp-1},
     {-0x1.2258941855050p+1, 0x1.55633ae9cc424p+0, -0x1.af7986f57fa88p-1},
     0x1.c8967883a12f7p-1,
     {0x1.fe133dfdcc4aap+0, 0x1.7964dcc1cdd2fp+0, 0x1.9a473ef067296p+0, 0x1.89380286d570fp+0},
     {0x1.ae31aefdb0ee0p-1, 0x1.5061c0d2e2e4ap+1},
     {5, 1, 9, 2, 6, 7, 0, 3, 4, 8},
     {24, 14, 14, 9, 34, 27},
     {0x1.744b44bfd85f7p+0, 0x1.15e27a72824b0p+0}},
    {1U,
     {0x1.ab07d0ffa3c06p-2, 0x1.70ce5f3baf051p-1, 0x1.dfb906661c000p-14},
     {-0x1.9ab665f778871p-1, -0x1.cba69fc03e5b1p-2, -0x1.1b1e8fa6f47a2p+0},
     0x1.13dfc97629f54p-1,
     {0x1.161c6b384bfa2p+0, 0x1.efaafef63f181p+0, 0x1.4f4862d9caa01p+0, 0x1.946b22f4ed7b2p+0},
     {-0x1.dcf1a22a7e681p+0, 0x1.5a32cb323be26p+0},
     {2, 5, 3, 4, 6, 0, 8, 1, 9, 7},
     {52, -4, -5, 55, 76, 3},
     {-0x1.feb5e53a223c6p-3, -0x1.120c28f3001adp-1}},
    {42U,
     {0x1.7f8771e5f51ecp-2, 0x1.e6c4068bbd654p-1, 0x1.76c7e8f1e6751p-1},
     {-0x1.1ca42ce8158a6p+0, 0x1.468e4b5774960p-2, 0x1.1dbd0020eec47p-2},
     0x1.6a887d29a8282p-1,
     {0x1.c0ac484d1689cp+0, 0x1.61f421b486617p+0, 0x1.a2b94dc2d45b0p+0, 0x1.62575d513ee49p+0},
     {-0x1.ea479b788abf8p-2, 0x1.3f60600242df0p-1},
     {9, 5, 6, 4, 3, 1, 7, 2, 0, 8},
     {56, 41, 56, 45, 49, 58},
     {-0x1.dce842b16efe7p-2, 0x1.22640edfe6ef2p+0}},
    {4294967295U,
     {0x1.8fe69a3924820p-4, 0x1.d323d824032b1p-1, 0x1.93fc6f61af3f9p-1},
     {0x1.4d051339bc741p-4, 0x1.a3847f39c09c9p-2, 0x1.438a83ff956b5p-2},
     0x1.a83038637fdecp-2,
     {0x1.823e14e8b7805p+0, 0x1.40c0d653478e0p+0, 0x1.5d0f9a2d4051ap+0, 0x1.7e536cd33407ap+0},
     {-0x1.f008593975c74p-1, 0x1.77d0284ea8950p+1},
     {4, 2, 9, 0, 8, 6, 5, 1, 7, 3},
     {42, 40, 13, 60, 56, 38},
     {0x1.011ed02431336p+0, 0x1.95f9c31e2d17ap-1}}};

TEST(Random, MixedCallsDrawWhatNumPyDraws) {
  for (const Mixed& expected : kMixed) {
    SCOPED_TRACE(expected.seed);
    Generator g(expected.seed);
    EXPECT_EQ(drawn(3, [&](auto out) { g.rand(out); }), expected.rand);
    EXPECT_EQ(drawn(3, [&](auto out) { g.standard_normal(out); }), expected.standard_normal);
    EXPECT_EQ(g.rand(), expected.rand_after);
    EXPECT_EQ(drawn(4, [&](auto out) { g.normal(1.5, 0.25, out); }), expected.normal);
    EXPECT_EQ(drawn(2, [&](auto out) { g.uniform(-2, 3, out); }), expected.uniform);
    EXPECT_EQ(g.permutation(10), expected.permutation);
    Integers integers(6);
    g.randint(-5, 100, integers);
    EXPECT_EQ(integers, expected.randint);
    EXPECT_EQ(drawn(2, [&](auto out) { g.standard_normal(out); }), expected.last);
  }
}

TEST(Random, SingleCallsDrawWhatFillsDraw) {
  for (const Mixed& expected : kMixed) {
    SCOPED_TRACE(expected.seed);
    Generator g(expected.seed);
    for (double value : expected.rand) EXPECT_EQ(g.rand(), value);
    for (double value : expected.standard_normal) EXPECT_EQ(g.standard_normal(), value);
    EXPECT_EQ(g.rand(), expected.rand_after);
    for (double value : expected.normal) EXPECT_EQ(g.normal(1.5, 0.25), value);
    for (double value : expected.uniform) EXPECT_EQ(g.uniform(-2, 3), value);
    EXPECT_EQ(g.permutation(10), expected.permutation);
    for (std::int64_t value : expected.randint) EXPECT_EQ(g.randint(-5, 100), value);
    for (double value : expected.last) EXPECT_EQ(g.standard_normal(), value);
  }
}

// Sizes of a training run: noise, the order of MNIST's training images, the weights of a layer.
struct Long {
  std::uint32_t seed;
  std::uint64_t standard_normal;       // standard_normal(2001)
  std::uint64_t permutation;           // permutation(60000)
  std::uint64_t rand;                  // rand(1001)
  std::uint64_t normal;                // normal(0, sqrt(1 / 784), 392000)
  std::array<std::uint32_t, 3> words;  // words 0, 311 and 623 of get_state() after all that
  std::int32_t pos;
  double cached_gaussian;
};

const Long kLong[] = {{0U,
                       0xde7578bea8a9baa9U,
                       0x37e2de6b4232b8bdU,
                       0xdb751903860ed09eU,
                       0xa6bf88d1d40760e4U,
                       {4184290359U, 3352110661U, 1894161948U},
                       110,
                       -0x1.e84f819d860fep-1},
                      {1U,
                       0xd6a658ad52246f4eU,
                       0x1d2bece0ab64f71dU,
                       0x9e95c2a847a536ccU,
                       0xf57403939e5c4c8bU,
                       {3828266592U, 3824955606U, 3501208084U},
                       109,
                       -0x1.6ea728e7973a7p-1},
                      {42U,
                       0xcb85d91c0045030cU,
                       0xd4731ea5fc901411U,
                       0x722edd870f9a1b0fU,
                       0x8f74a1fe3519ec6bU,
                       {3189099377U, 26145167U, 2047424330U},
                       4,
                       0x1.dafd5f014851dp-1},
                      {4294967295U,
                       0x4b0637dfd77af72bU,
                       0x4d20cf6ea77ce2a5U,
                       0x7f380b46145cf3deU,
                       0x2b2cdbc62510ea72U,
                       {1248801069U, 3183150813U, 4210703292U},
                       99,
                       0x1.6f4eb9e491593p+1}};

// Also where a fill begins with one word left of those that are made together.
TEST(Random, FillsFromAnyWord) {
  for (const std::int32_t pos : {0, 1, 622, 623, 624}) {
    State state = Generator(7).state();
    state.pos = pos;
    Generator filling(state), single(state);
    for (const std::size_t n : {1U, 3U, 700U}) {
      std::vector<double> values(n);
      filling.rand(values);
      for (const double value : values) ASSERT_EQ(value, single.rand()) << pos;
    }
    EXPECT_EQ(filling.state().pos, single.state().pos);
  }
}

TEST(Random, LongSequencesAndTheStateAfterThemAreNumPys) {
  for (const Long& expected : kLong) {
    SCOPED_TRACE(expected.seed);
    Generator g(expected.seed);
    EXPECT_EQ(checksum(drawn(2001, [&](auto out) { g.standard_normal(out); })),
              expected.standard_normal);
    EXPECT_EQ(checksum(g.permutation(60000)), expected.permutation);
    EXPECT_EQ(checksum(drawn(1001, [&](auto out) { g.rand(out); })), expected.rand);
    EXPECT_EQ(checksum(drawn(392000, [&](auto out) { g.normal(0, std::sqrt(1.0 / 784), out); })),
              expected.normal);
    const State& state = g.state();
    EXPECT_EQ(state.key[0], expected.words[0]);
    EXPECT_EQ(state.key[311], expected.words[1]);
    EXPECT_EQ(state.key[623], expected.words[2]);
    EXPECT_EQ(state.pos, expected.pos);
    EXPECT_TRUE(state.has_gauss);
    EXPECT_EQ(state.cached_gaussian, expected.cached_gaussian);
  }
}

TEST(Random, WordsAreThoseOfTheStandardsTwister) {
  for (std::uint32_t seed : {0U, 5489U, 4294967295U}) {
    Generator g(seed);
    std::mt19937 standard(seed);
    for (int i = 0; i < 2000; ++i) ASSERT_EQ(g.interval(0xffffffffU), standard());
  }
}

TEST(Random, RandintCoversEveryWidthOfItsRange) {
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  Generator g(42);
  const auto draw = [&](std::int64_t low, std::int64_t high, std::size_t n) {
    Integers values(n);
    g.randint(low, high, values);
    return values;
  };
  EXPECT_EQ(draw(kMin, kMax, 3),
            (Integers{-2314326399425823309, 8314211556539077902, 4279532810384561223}));
  EXPECT_EQ(draw(0, 4294967296, 3), (Integers{2571218620, 2563451924, 670094950}));
  EXPECT_EQ(draw(0, 4294967295, 3), (Integers{1914837113, 669991378, 429389014}));
  EXPECT_EQ(draw(0, 8589934597, 4), (Integers{4537253172, 7395928407, 4298312065, 2652062880}));
  EXPECT_EQ(draw(0, 1, 3), (Integers{0, 0, 0}));  // draws nothing
  EXPECT_EQ(g.randint(0, 3), 1);
  EXPECT_EQ(g.rand(), 0x1.0cace00073c63p-1);
}

TEST(Random, ChoiceWithAndWithoutReplacement) {
  Generator g(3);
  EXPECT_EQ(g.choice(10, 4), (Integers{8, 9, 3, 8}));
  EXPECT_EQ(g.choice(10, 4, false), (Integers{9, 4, 1, 6}));
  EXPECT_EQ(g.choice(5, 5, false), (Integers{3, 0, 4, 1, 2}));
  EXPECT_EQ(g.rand(), 0x1.63bfed01e97dep-1);
  EXPECT_EQ(g.choice(0, 0), Integers{});
  EXPECT_EQ(g.choice(0, 0, false), Integers{});
}

TEST(Random, ShuffleWorksInPlaceOnAnyValues) {
  Generator g(9);
  std::string letters = "abcdefg";
  g.shuffle(std::span(letters));
  EXPECT_EQ(letters, "fbcdaeg");
  std::vector<std::string> words = {"alone"};
  g.shuffle(std::span(words));  // one value or none: draws nothing
  g.shuffle(std::span<std::string>());
  EXPECT_EQ(g.rand(), 0x1.b489237f37600p-7);
  EXPECT_EQ(g.permutation(0), Integers{});
  EXPECT_EQ(g.permutation(1), Integers{0});
  EXPECT_EQ(g.rand(), 0x1.c123235ac8d68p-1);
}

TEST(Random, StateResumesInTheMiddleOfAPair) {
  Generator g(7);
  g.rand();
  g.standard_normal();
  const State saved = g.state();
  EXPECT_TRUE(saved.has_gauss);

  const auto go_on = [](Generator& generator) {
    auto values = drawn(1501, [&](auto out) { generator.standard_normal(out); });
    for (std::int64_t i : generator.permutation(700)) values.push_back(static_cast<double>(i));
    return values;
  };
  const auto expected = go_on(g);
  const State end = g.state();
  Generator fresh(saved);
  EXPECT_EQ(go_on(fresh), expected);
  EXPECT_EQ(fresh.state(), end);
  g.set_state(saved);
  EXPECT_EQ(go_on(g), expected);
}

TEST(Random, SeedingForgetsTheKeptDeviate) {
  Generator g(1);
  g.standard_normal();
  g.seed(1);
  EXPECT_EQ(g.state(), Generator(1).state());
}

TEST(Random, TheGeneratorOfTheProcessIsSeededOnce) {
  autograd::random::seed(0);
  autograd::random::generator().rand();
  EXPECT_EQ(autograd::random::generator().rand(), kMixed[0].rand[1]);
}

// numpy.random.seed(3), then five draws and, where the number of rand() is not fixed, one rand().
TEST(Random, OtherDistributions) {
  const auto draws = [](auto draw) {
    Generator g(3);
    std::vector<double> values;
    for (int i = 0; i < 5; ++i) values.push_back(draw(g));
    values.push_back(g.rand());
    return values;
  };
  using Doubles = std::vector<double>;
  EXPECT_EQ(draws([](Generator& g) { return g.standard_exponential(); }),
            (Doubles{0.8002823868824798, 1.2315078467403449, 0.3437654016911953, 0.7150403060288149,
                     2.234430813605291, 0.8962930889334381}));
  EXPECT_EQ(draws([](Generator& g) { return g.laplace(); }),
            (Doubles{0.1071352063225345, 0.5383606661803996, -0.5416122425314, 0.021893125468869585,
                     1.5412836330453454, 0.8962930889334381}));
  EXPECT_EQ(draws([](Generator& g) { return g.gumbel(); }),
            (Doubles{0.22279062999516566, -0.20823931025149367, 1.0677958260852256,
                     0.3354163658087022, -0.8039865261039072, 0.8962930889334381}));
  EXPECT_EQ(draws([](Generator& g) { return g.standard_gamma(0.4); }),
            (Doubles{0.2251545327637475, 0.04564329515624933, 1.3491381416521717,
                     0.005589167292231907, 0.0006009335121741582, 0.029876210878566956}));
  EXPECT_EQ(draws([](Generator& g) { return g.standard_gamma(1); }),
            (Doubles{0.8002823868824798, 1.2315078467403449, 0.3437654016911953, 0.7150403060288149,
                     2.234430813605291, 0.8962930889334381}));
  EXPECT_EQ(draws([](Generator& g) { return g.standard_gamma(2.5); }),
            (Doubles{6.009833246106926, 2.8747981597832424, 1.7834733227529087, 1.6853034840381327,
                     2.1028059620658963, 0.2784872826479753}));
  EXPECT_EQ(draws([](Generator& g) { return g.beta(0.4, 0.7); }),
            (Doubles{0.26934174507150116, 0.10647214474797878, 0.05028056258077845,
                     0.001932852155113688, 0.0004722468858513218, 0.6491440476147607}));
  EXPECT_EQ(draws([](Generator& g) { return g.beta(2.5, 0.5); }),
            (Doubles{0.9583685906136665, 0.9945437504949097, 0.9074860375671392, 0.7267567968048078,
                     0.9286050125802013, 0.6931379183129963}));
  Generator unmoved(3);
  EXPECT_EQ(unmoved.standard_gamma(0), 0);
  EXPECT_EQ(unmoved.state(), Generator(3).state());
}

// numpy.random.seed(3); numpy.random.binomial(1, [0, .1, .5, .6, .9, 1.], size=(6, 6));
// numpy.random.rand()
TEST(Random, Bernoulli) {
  Generator g(3);
  std::vector<int> values;
  for (int i = 0; i < 6; ++i)
    for (double p : {0.0, 0.1, 0.5, 0.6, 0.9, 1.0}) values.push_back(g.bernoulli(p));
  EXPECT_EQ(values, (std::vector<int>{0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1,
                                      0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 1}));
  EXPECT_EQ(g.rand(), 0.6534109025235362);
}

TEST(Random, Errors) {
  Generator g(0);
  const State before = g.state();
  double number[1];
  EXPECT_EQ(message_of([&] { g.normal(0, -1); }),
            "normal: scale must not be negative, but it is -1");
  EXPECT_EQ(message_of([&] { g.normal(0, -0.0, number); }),
            "normal: scale must not be negative, but it is -0");
  EXPECT_EQ(message_of([&] { g.randint(3, 3); }),
            "randint: low must be less than high, but low is 3 and high is 3");
  EXPECT_EQ(message_of([&] { g.permutation(-1); }),
            "permutation: n must not be negative, but it is -1");
  EXPECT_EQ(message_of([&] { g.choice(3, -1); }),
            "choice: size must not be negative, but it is -1");
  EXPECT_EQ(message_of([&] { g.choice(0, 1); }), "choice: n must be positive, but it is 0");
  EXPECT_EQ(message_of([&] { g.choice(3, 4, false); }),
            "choice: size must not exceed n without replacement, but size is 4 and n is 3");
  EXPECT_EQ(message_of([&] { g.standard_gamma(-1); }),
            "standard_gamma: shape must not be negative, but it is -1");
  EXPECT_EQ(message_of([&] { g.beta(0, 2); }),
            "beta: a and b must be positive, but they are 0 and 2");
  EXPECT_EQ(message_of([&] { g.bernoulli(1.5); }),
            "bernoulli: p must lie between 0 and 1, but it is 1.5");
  State damaged = before;
  damaged.pos = 625;
  EXPECT_EQ(message_of([&] { g.set_state(damaged); }),
            "set_state: pos must be between 0 and 624, but it is 625");
  EXPECT_EQ(g.state(), before);
}

// What several threads draw at once from the generator of the process are stretches of its stream,
// each number once.
TEST(Random, ThreadsDrawStretchesOfOneStream) {
  namespace random = autograd::random;
  constexpr int kThreads = 4, kCalls = 500, kNumbers = 7;
  random::seed(11);
  std::vector<std::vector<double>> drawn_by(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&own = drawn_by[static_cast<std::size_t>(t)]] {
      for (int k = 0; k < kCalls; ++k) {
        double numbers[kNumbers];
        random::generator().rand(numbers);
        own.insert(own.end(), std::begin(numbers), std::end(numbers));
      }
    });
  for (std::thread& t : threads) t.join();
  std::multiset<std::vector<double>> stretches, expected;
  for (const auto& own : drawn_by)
    for (auto at = own.begin(); at != own.end(); at += kNumbers)
      stretches.emplace(at, at + kNumbers);
  Generator alone(11);
  for (int k = 0; k < kThreads * kCalls; ++k)
    expected.insert(drawn(kNumbers, [&](auto out) { alone.rand(out); }));
  EXPECT_EQ(stretches, expected);
  EXPECT_EQ(random::generator().state(), alone.state());
}

TEST(Random, AThreadMayHaveAGeneratorOfItsOwn) {
  namespace random = autograd::random;
  random::seed(1);
  const State before = random::generator().state();
  std::vector<std::vector<double>> drawn_by(2);
  std::vector<std::thread> threads;
  for (std::vector<double>& own : drawn_by)
    threads.emplace_back([&own] {
      Generator generator(5);
      const auto scope = random::using_generator(generator);
      for (int k = 0; k < 1000; ++k) own.push_back(random::generator().standard_normal());
      random::seed(6);
      own.push_back(random::generator().rand());
    });
  for (std::thread& t : threads) t.join();
  Generator five(5);
  std::vector<double> expected;
  for (int k = 0; k < 1000; ++k) expected.push_back(five.standard_normal());
  expected.push_back(Generator(6).rand());
  EXPECT_EQ(drawn_by[0], expected);
  EXPECT_EQ(drawn_by[1], expected);
  EXPECT_EQ(random::generator().state(), before);  // nothing was drawn from it

  Generator outer(2), inner(3);
  {
    const auto scope = random::using_generator(outer);
    {
      const auto nested = random::using_generator(inner);
      EXPECT_EQ(&random::generator(), &inner);
    }
    EXPECT_EQ(&random::generator(), &outer);
  }
  EXPECT_EQ(random::generator().state(), before);
}

// A copy of the generator of the process is one like any other.
TEST(Random, ACopyGoesOnFromTheSamePlace) {
  autograd::random::seed(9);
  autograd::random::generator().standard_normal();
  Generator copy = autograd::random::generator();
  EXPECT_EQ(copy.standard_normal(), autograd::random::generator().standard_normal());
  autograd::random::generator() = Generator(4);
  EXPECT_EQ(autograd::random::generator().rand(), Generator(4).rand());
}

}  // namespace
