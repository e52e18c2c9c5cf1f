#include "autograd/base/random_distributions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>
#include <string>

#include "tests/message.h"

// What NumPy 1.24 draws after numpy.random.seed(11).
namespace autograd::random {
namespace {

void expect_same(double a, double b, const std::string& what) {
  EXPECT_LE(std::fabs(a - b), 1e-12 * std::fabs(b)) << what << ": " << a << " and " << b;
}

TEST(RandomDistributions, DrawNumPysNumbers) {
  Generator g(0);
  struct {
    std::string name;
    std::function<double()> draw;
    std::vector<double> first;
    double sum_of_1000, next;
  } const table[] = {
      // clang-format off
      {"laplace", [&] { return double(laplace(1, 2, g)); }, {-1.0403081945666357, -5.49092821372846, 0.8471816475896579}, 1085.823351267535, 0.13472567088820075},
      {"gumbel", [&] { return double(gumbel(1, 2, g)); }, {4.231114377208341, 8.857587425813655, 1.9491024461200146}, 2059.202431851991, 0.13472567088820075},
      {"logistic", [&] { return double(logistic(1, 2, g)); }, {-2.029042792299018, -6.837887809329328, 0.7052157000119927}, 1105.5995803184865, 0.13472567088820075},
      {"lognormal", [&] { return double(lognormal(0.5, 0.25, g)); }, {2.5532413900731, 1.5349253543916674, 1.4606166607806956}, 1698.5784327936206, 0.08342481919203115},
      {"exponential", [&] { return double(exponential(2.5, g)); }, {0.49694970423438534, 0.04916845689877862, 1.5554105169277817}, 2529.0420103448664, 0.13472567088820075},
      {"gamma", [&] { return double(gamma(1.7, 2, g)); }, {9.203379374812217, 2.117543890519565, 2.714008841714274}, 3412.088222194927, 0.26411400748418534},
      {"chisquare", [&] { return double(chisquare(3, g)); }, {8.520180670573069, 1.7682979867620034, 2.315482206144477}, 2951.3385274450125, 0.13090683951186566},
      {"noncentral_chisquare above 1", [&] { return double(noncentral_chisquare(3, 1, g)); }, {1.3398469998022344, 2.962681792285869, 1.554055124678562}, 3967.415732662774, 0.9612562088131036},
      {"noncentral_chisquare below 1", [&] { return double(noncentral_chisquare(0.5, 3, g)); }, {2.877142694833048e-07, 3.8104399596173, 3.014676440726956}, 3575.6865488260905, 0.30529716805867124},
      {"f", [&] { return double(f(3, 5, g)); }, {4.006249266096109, 1.115734724924702, 0.42386724192877173}, 1570.2832047850707, 0.43375456769722365},
      {"noncentral_f", [&] { return double(noncentral_f(3, 4, 2, g)); }, {1.2654212229453496, 0.9227490789781203, 2.233811367977519}, 3353.15795169261, 0.07347262178420444},
      {"standard_t", [&] { return double(standard_t(1.5, g)); }, {2.606954042537314, -4.532124247492692, -0.3241347719751536}, 57.06796205330177, 0.9077828043644438},
      {"standard_cauchy", [&] { return double(standard_cauchy(g)); }, {-6.115413760735399, 0.1826260667154936, 0.025919325548556214}, -18.02841044636689, 0.5937084078391817},
      {"pareto", [&] { return double(pareto(3, g)); }, {0.06850445008473138, 0.00657733050901399, 0.23045998242168397}, 492.41148412968903, 0.13472567088820075},
      {"weibull", [&] { return double(weibull(1.5, g)); }, {0.3406028559489121, 0.07286143381126943, 0.7287915831347677}, 914.2450304641685, 0.13472567088820075},
      {"power", [&] { return double(power(0.3, g)); }, {0.0033093474320181984, 1.9873582943223985e-06, 0.07690473307817718}, 236.38175901240385, 0.13472567088820075},
      {"rayleigh", [&] { return double(rayleigh(2, g)); }, {1.2610468086276705, 0.3966598821107216, 2.23098938907582}, 2536.259411464218, 0.13472567088820075},
      {"triangular", [&] { return double(triangular(-1, 0, 3, g)); }, {-0.1508364377182233, -0.7208925548278973, 0.4620130650415346}, 688.3686038202181, 0.13472567088820075},
      {"vonmises", [&] { return double(vonmises(2.5, 4, g)); }, {2.355043451630322, 1.5080429738995953, 2.510019817956046}, 1749.3308038524865, 0.4443736213168572},
      {"vonmises near 0", [&] { return double(vonmises(0, 3e-6, g)); }, {-0.5663323206163287, -2.2774448246635526, 0.04015199280095594}, -44.69659393772597, 0.3674406825378693},
      {"vonmises at 0", [&] { return double(vonmises(1, 0, g)); }, {-2.0089247931094416, -3.019226102420976, -0.23110481388201645}, 47.092327106243495, 0.13472567088820075},
      {"wald", [&] { return double(wald(3, 0.5, g)); }, {0.1476790392635099, 1.509045740674858, 3.061500193533427}, 2786.1248896724787, 0.3968205226557123},
      {"poisson below 10", [&] { return double(poisson(2.5, g)); }, {1.0, 3.0, 0.0}, 2495.0, 0.7352187718573818},
      {"poisson above 10", [&] { return double(poisson(1000, g)); }, {967.0, 997.0, 993.0}, 1001758.0, 0.6164299586037927},
      {"binomial by inversion", [&] { return double(binomial(10, 0.4, g)); }, {3.0, 1.0, 4.0}, 4036.0, 0.13472567088820075},
      {"binomial by rejection", [&] { return double(binomial(1000, 0.9, g)); }, {895.0, 898.0, 895.0}, 899926.0, 0.4011598925048856},
      {"negative_binomial", [&] { return double(negative_binomial(5, 0.1, g)); }, {86.0, 49.0, 39.0}, 44724.0, 0.9329798720846428},
      {"geometric by inversion", [&] { return double(geometric(0.02, g)); }, {10.0, 1.0, 31.0}, 50576.0, 0.13472567088820075},
      {"geometric by search", [&] { return double(geometric(0.5, g)); }, {1.0, 1.0, 1.0}, 2012.0, 0.13472567088820075},
      {"hypergeometric of few", [&] { return double(hypergeometric(5, 3, 4, g)); }, {3.0, 3.0, 2.0}, 2489.0, 0.603273365758868},
      {"hypergeometric of many", [&] { return double(hypergeometric(50, 30, 40, g)); }, {23.0, 25.0, 30.0}, 24956.0, 0.47062696928738534},
      {"hypergeometric of fewer good", [&] { return double(hypergeometric(30, 50, 70, g)); }, {27.0, 25.0, 29.0}, 26311.0, 0.34311621805537207},
      {"zipf", [&] { return double(zipf(2, g)); }, {1.0, 1.0, 1.0}, 5001.0, 0.06752654225508559},
      {"logseries", [&] { return double(logseries(0.97, g)); }, {1.0, 10.0, 5.0}, 9112.0, 0.8428803691869456},
      // clang-format on
  };
  for (const auto& row : table) {
    g.seed(11);
    double sum = 0;
    for (int i = 0; i < 1000; ++i) {
      const double x = row.draw();
      if (i < 3) expect_same(x, row.first[static_cast<std::size_t>(i)], row.name);
      sum += x;
    }
    // Rounded sums of numbers with other signs may lose digits that the numbers have.
    EXPECT_NEAR(sum, row.sum_of_1000, 1e-9 * (1 + std::fabs(row.sum_of_1000))) << row.name;
    EXPECT_EQ(g.rand(), row.next) << row.name;
  }
}

TEST(RandomDistributions, ChoosesByProbabilities) {
  using Places = std::vector<std::int64_t>;
  Generator g(11);
  const std::vector<double> five{0.1, 0.2, 0.3, 0.2, 0.2}, four{0.1, 0.2, 0.3, 0.4};
  EXPECT_EQ(choice(five, 3, false, g), (Places{1, 0, 2}));
  EXPECT_EQ(choice(five, 3, false, g), (Places{3, 2, 0}));
  EXPECT_EQ(choice(five, 3, false, g), (Places{2, 4, 3}));
  EXPECT_EQ(choice(four, 6, true, g), (Places{1, 3, 3, 1, 3, 0}));
  EXPECT_EQ(g.rand(), 0.11673726878001622);
}

TEST(RandomDistributions, DrawsVectors) {
  Generator g(11);
  const std::vector<double> alpha{0.5, 1, 2}, pvals{0.2, 0.3, 0.1, 0.4};
  const std::vector<double> x = dirichlet(alpha, g);
  expect_same(x[0], 0.10479227634580356, "dirichlet");
  expect_same(x[1], 0.26620506188400717, "dirichlet");
  expect_same(x[2], 0.6290026617701893, "dirichlet");
  EXPECT_EQ(multinomial(12, pvals, g), (std::vector<std::int64_t>{5, 4, 1, 2}));
  EXPECT_EQ(g.rand(), 0.10873607186897494);
}

TEST(RandomDistributions, SharesTheBitsOfAWord) {
  Generator g(11);
  std::vector<std::uint8_t> small(9);
  randint(3, 77, std::span(small), g);
  EXPECT_EQ(small, (std::vector<std::uint8_t>{28, 42, 41, 49, 66, 17, 20, 7, 31}));
  bool flags[12];
  randint(0, 2, std::span<bool>(flags), g);
  const bool expected[12] = {true, false, false, false, true, false,
                             true, false, true,  false, true, true};
  EXPECT_TRUE(std::equal(std::begin(flags), std::end(flags), std::begin(expected)));
  std::vector<std::int32_t> large(3);
  randint(-2147483648LL, 2147483647LL, std::span(large), g);
  EXPECT_EQ(large, (std::vector<std::int32_t>{-1313763401, 966083853, 1830871372}));
  const std::vector<std::byte> drawn = bytes(6, g);
  const int values[6] = {161, 118, 146, 107, 71, 194};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(static_cast<int>(drawn.at(i)), values[i]);
  EXPECT_EQ(drawn.size(), 6u);
  EXPECT_EQ(g.rand(), 0.4854270981677824);
}

TEST(RandomDistributions, SeedsByAnArray) {
  const std::vector<std::uint32_t> three{1, 2, 3};
  Generator g = seeded(three);
  EXPECT_EQ(g.rand(), 0.6098612722867289);
  EXPECT_EQ(g.rand(), 0.8866970434146851);
  std::vector<std::uint32_t> many(700);
  std::iota(many.begin(), many.end(), 0U);
  EXPECT_EQ(seeded(many).rand(), 0.867898393018711);
}

TEST(RandomDistributions, AtTheEndsOfTheParameters) {
  Generator g(1);
  const State before = g.state();
  EXPECT_EQ(poisson(0, g), 0);
  EXPECT_EQ(weibull(0, g), 0);
  EXPECT_EQ(hypergeometric(3, 4, 0, g), 0);
  EXPECT_EQ(g.state(), before);
  EXPECT_EQ(binomial(7, 0, g), 0);
  EXPECT_EQ(binomial(7, 1, g), 7);
  EXPECT_EQ(geometric(1, g), 1);
  EXPECT_EQ(geometric(1e-300, g), std::numeric_limits<std::int64_t>::max());
  EXPECT_GE(poisson(9.2e18, g), 9'100'000'000'000'000'000);
  EXPECT_EQ(hypergeometric(20, 0, 15, g), 15);
}

TEST(RandomDistributions, RefusesWhatNumPyRefuses) {
  Generator g(1);
  const State before = g.state();
  const std::vector<double> none, half{0.5}, minus{-1, 2}, two{1, 0, 0}, more{0.9, 0.9, 0};
  const std::vector<std::uint32_t> no_words;
  EXPECT_EQ(message_of([&] { poisson(-1, g); }),
            "poisson: lam must lie between 0 and 9.22e18, but it is -1");
  EXPECT_EQ(message_of([&] { poisson(std::nan(""), g); }),
            "poisson: lam must lie between 0 and 9.22e18, but it is nan");
  EXPECT_EQ(message_of([&] { gumbel(0, -1, g); }),
            "gumbel: scale must not be negative, but it is -1");
  EXPECT_EQ(message_of([&] { binomial(-1, 0.5, g); }),
            "binomial: n must not be negative, but it is -1");
  EXPECT_EQ(message_of([&] { binomial(1, 1.5, g); }),
            "binomial: p must lie between 0 and 1, but it is 1.5");
  EXPECT_EQ(message_of([&] { triangular(1, 0, 2, g); }),
            "triangular: left <= mode <= right must hold and left < right, but they are 1, 0 and "
            "2");
  EXPECT_EQ(message_of([&] { hypergeometric(1, 2, 4, g); }),
            "hypergeometric: no count may be negative, nor nsample exceed ngood + nbad, but ngood "
            "is 1, nbad 2 and nsample 4");
  EXPECT_EQ(message_of([&] { choice(half, 1, true, g); }),
            "choice: the sum of the probabilities must be 1, but it is 0.5");
  EXPECT_EQ(message_of([&] { choice(minus, 1, true, g); }),
            "choice: a probability must not be negative, but it is -1");
  EXPECT_EQ(message_of([&] { choice(two, 2, false, g); }),
            "choice: without replacement so many probabilities as are chosen must not be 0, but it "
            "is 1");
  EXPECT_EQ(message_of([&] { multinomial(3, more, g); }),
            "multinomial: the probabilities but for the last must sum to 1 at most, but it is 1.8");
  EXPECT_EQ(message_of([&] { zipf(1, g); }), "zipf: a must exceed 1, but it is 1");
  EXPECT_EQ(message_of([&] { seeded(no_words); }),
            "seeded: there must be a word, but there is none");
  std::vector<std::uint8_t> room(1);
  EXPECT_EQ(message_of([&] { randint(0, 257, std::span(room), g); }),
            "randint: low must be less than high and both in the range of the dtype, but low is 0 "
            "and high is 257");
  EXPECT_EQ(g.state(), before);
}

}  // namespace
}  // namespace autograd::random
