#include "autograd/functions/loss/discriminative_loss.h"

#include <cmath>

#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

// Two images of 2 x 2 pixels with two channels; the second one shows instance 1 only.
const Array kInstances = Array::of<std::int64_t>({1, 1, 2, 0, 1, 0, 0, 1}, Shape{2, 2, 2});

// The same by loops, for norm 1.
std::vector<double> by_loops(const Array& embeddings, const Array& labels, double delta_v,
                             double delta_d) {
  const std::vector<double> x = values(embeddings), t = values(labels);
  const auto pixel = [&](int n, int c, int p) {
    return x[static_cast<std::size_t>((n * 2 + c) * 4 + p)];
  };
  double mu[2][2][2] = {}, variance = 0, distance = 0, regularization = 0;
  for (int k = 0; k < 2; ++k)
    for (int n = 0; n < 2; ++n) {
      double count = 0;
      for (int p = 0; p < 4; ++p) {
        if (t[static_cast<std::size_t>(n * 4 + p)] != k + 1) continue;
        ++count;
        for (int c = 0; c < 2; ++c) mu[k][n][c] += pixel(n, c, p);
      }
      for (int c = 0; c < 2; ++c) mu[k][n][c] /= std::max(count, 1.0);
      for (int c = 0; c < 2; ++c) regularization += std::abs(mu[k][n][c]) / 4;
    }
  for (int k = 0; k < 2; ++k) {
    double total = 0, count = 0;
    for (int n = 0; n < 2; ++n)
      for (int p = 0; p < 4; ++p) {
        if (t[static_cast<std::size_t>(n * 4 + p)] != k + 1) continue;
        const double d =
            std::abs(mu[k][n][0] - pixel(n, 0, p)) + std::abs(mu[k][n][1] - pixel(n, 1, p));
        total += std::pow(std::max(d - delta_v, 0.0), 2), ++count;
      }
    variance += total / std::max(count, 1.0) / 2;
  }
  for (int n = 0; n < 2; ++n) {
    const double d = std::abs(mu[0][n][0] - mu[1][n][0]) + std::abs(mu[0][n][1] - mu[1][n][1]);
    distance += std::pow(std::max(2 * delta_d - d, 0.0), 2) / 2;
  }
  return {variance, distance, regularization};
}

TEST(DiscriminativeLoss, IsWhatItsFormulaSays) {
  const Array x = numbers({2, 2, 2, 2});
  const std::vector<double> expected = by_loops(x, kInstances, 0.25, 0.75);
  const auto [variance, distance, regularization] = discriminative_margin_based_clustering_loss(
      x, kInstances, 0.25, 0.75, 2, {.alpha = 2, .beta = 3, .gamma = 4});
  EXPECT_NEAR(variance.item(), 2 * expected[0], 1e-14);
  EXPECT_NEAR(distance.item(), 3 * expected[1], 1e-14);
  EXPECT_NEAR(regularization.item(), 4 * expected[2], 1e-14);
  EXPECT_GT(expected[0], 0);
}

TEST(DiscriminativeLoss, HasDerivativesWithBothNorms) {
  for (const int norm : {1, 2})
    expect_derivatives(
        [norm](const Variables& v) {
          const auto [variance, distance, regularization] =
              discriminative_margin_based_clustering_loss(v[0], kInstances, 0.25, 0.75, 2,
                                                          {.norm = norm});
          return Variables{variance, distance, regularization};
        },
        {numbers({2, 2, 2, 2})});
}

TEST(DiscriminativeLoss, RefusesWhatDoesNotFit) {
  const Array x = numbers({2, 2, 2, 2});
  EXPECT_EQ(
      message_of([&] { discriminative_margin_based_clustering_loss(x, kInstances, 1, 1, 3); }),
      "discriminative_margin_based_clustering_loss: max_embedding_dim must be the number of "
      "channels, which 3 is not, but embeddings is float64(2, 2, 2, 2)");
  EXPECT_EQ(
      message_of([&] { discriminative_margin_based_clustering_loss(x, kInstances, 1, 1, 2, 3); }),
      "discriminative_margin_based_clustering_loss: norm must be 1 or 2, but it is 3");
}

}  // namespace
}  // namespace autograd
