#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/array/array.h"

// Predicts posterior collapse: why a variational autoencoder draws the same image for every input.
//
// A reconstruction term c * sum((x - y)^2) beside beta * KL is, up to a constant and the factor
// beta, the negative evidence lower bound (ELBO) of a decoder whose outputs are Gaussian with the
// variance sigma^2 = beta / (2 c). With a linear decoder its optimum is probabilistic PCA: a latent
// unit encodes a principal direction of the data if and only if the variance lambda along it, an
// eigenvalue of the covariance, exceeds sigma^2. The unit's KL is then ln(lambda / sigma^2) / 2,
// and the squared error along the direction falls from lambda to sigma^2. If no eigenvalue exceeds
// sigma^2, the code of the best linear model is independent of the input: the posterior has
// collapsed.
//
// Two statements hold for every decoder. Above the border, c > beta / (2 lambda_1), the collapsed
// model is not a minimum: some code has a lower loss. And no code lowers the loss by more than the
// reconstruction term of the mean, c * total_variance. One statement holds for linear decoders
// only: below the border, a decoder with hidden layers may have a code with a lower loss, far from
// the collapsed model, which small steps do not reach. Data with rare, large features are an
// example.
//
// M. E. Tipping, C. M. Bishop, "Probabilistic principal component analysis", 1999. J. Lucas,
// G. Tucker, R. Grosse, M. Norouzi, "Don't blame the ELBO! A linear VAE perspective on posterior
// collapse", 2019.
namespace nn::vae {

struct CollapseOptions {
  double weight = 1;              // c: of one squared error, in the loss of one example
  double beta = 1;                // of the KL divergence of one example
  std::optional<int> units = {};  // of the latent code: no more directions than that can be used
};

struct CollapsePrediction {
  double sigma2;          // beta / (2 weight)
  double lambda_1;        // the largest eigenvalue
  double total_variance;  // the sum of all eigenvalues: the squared error of the mean
  int directions;         // eigenvalues above sigma2
  int used;               // those among them for which there is a latent unit
  bool collapse;          // none is used
  // The border, beta / (2 lambda_1): the largest weight that collapses. Infinite for constant data.
  double critical_weight;
  // The KL divergence of an example, in nats: the sum of ln(lambda / sigma2) / 2 over the
  // directions used.
  double kl;
  // The squared error of an example, with z drawn: total_variance minus (lambda - sigma2) for each
  // direction used.
  double squared_error;

  // Whether the weight is so close above the border that the linear theory predicts a KL of less
  // than 0.1 nats. Too close to decide for a decoder with hidden layers, which is not linear.
  bool on_border() const { return !collapse && kl < 0.1; }
  // Whether the weight is less than five times the border, half of what cure_factor() leads to. The
  // code is used, but carries so little information that outputs look much alike.
  bool faint(double weight) const { return weight < 5 * critical_weight; }
};

// The prediction for data whose covariance has these eigenvalues. The list must be complete, in any
// order; eigenvalues that are negative by rounding count as 0. Throws unless there is at least one
// eigenvalue, all are finite, weight is positive and finite, beta is nonnegative and finite, and
// units, if given, is at least 1.
CollapsePrediction predict_collapse(std::span<const double> eigenvalues,
                                    const CollapseOptions& options = {});

// The factor by which to multiply the weight so that outputs differ clearly between inputs. It
// leads to ten times the border, where the KL of the first direction is ln(10) / 2 = 1.15 nats; at
// the border itself it is 0.
double cure_factor(const CollapsePrediction& prediction, const CollapseOptions& options);

struct CollapseWording {
  // How the text describes the outputs of a collapsed model.
  std::string_view without_code = "every input gives the same output, close to the mean";
  // How the user of a program multiplies the weight by this factor: "--loss sum_squared_error".
  std::function<std::string(double factor)> cure = {};
};
// The prediction in words, in lines of at most 100 characters: first the expected behaviour, then
// the border and the cure, then the numbers behind them. `outputs` is the number of outputs of the
// decoder, which is the number of eigenvalues.
std::string describe(const CollapsePrediction& prediction, const CollapseOptions& options,
                     std::size_t outputs, const CollapseWording& wording = {});

// Computing the eigenvalues for more outputs would take too long.
inline constexpr std::int64_t kMostOutputs = 4096;
// The same for data x (n, ...). For more than kMostOutputs outputs, a line that says that there is
// no prediction.
std::string describe_collapse(const autograd::Array& x, const CollapseOptions& options,
                              const CollapseWording& wording = {});

// The optimal variance sigma^2 of a decoder that learns one variance shared by all its outputs, by
// minimising
//
//   eigenvalues.size() / 2 ln sigma^2 + error / (2 sigma^2) + beta KL,
//
// where the error is beta sigma^2 for each used direction and lambda for each unused one. The
// optimum is sigma^2 = (sum of the unused lambda) / (eigenvalues.size() - beta used), where the
// used directions are those with lambda above beta sigma^2; 0 if all variance is explained. The
// corresponding weight is 1 / (2 sigma^2). Ignores options.weight. Throws as predict_collapse.
//
// O. Rybkin, K. Daniilidis, S. Levine, "Simple and effective VAE training with calibrated
// decoders", 2021.
double learned_variance(std::span<const double> eigenvalues, const CollapseOptions& options = {});

// The eigenvalues of the covariance of x (n, ...), n examples, in ascending order. MNIST takes a
// second.
std::vector<double> covariance_eigenvalues(const autograd::Array& x);

// The prediction for data x (n, ...).
CollapsePrediction predict_collapse(const autograd::Array& x, const CollapseOptions& options = {});

}  // namespace nn::vae
