#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/array/array.h"

// Why a variational autoencoder draws the same image for every input, as arithmetic.
//
// A reconstruction term c * sum((x - y)^2) beside beta * KL is, up to a constant and the factor
// beta, the negative evidence lower bound (ELBO) of a decoder whose outputs are Gaussian with the
// variance sigma^2 = beta / (2 c). With a linear decoder its optimum is probabilistic PCA: a latent
// unit is used for a direction of the data exactly if the variance lambda there, an eigenvalue of
// the covariance, exceeds sigma^2. The unit's KL is then ln(lambda / sigma^2) / 2, and it leaves
// sigma^2 of the squared error instead of lambda. If no eigenvalue is that large, the code of the
// best linear model says nothing about the input: the posterior has collapsed.
//
// What holds for every decoder: above the border, c > beta / (2 lambda_1), the collapsed model is
// no minimum, so that a code pays; and no code can repay more than the whole reconstruction term of
// the mean, c * total_variance. What does not: below the border a decoder with hidden layers may
// still find a code that pays, by a jump that small steps do not lead to. Data with rare, large
// features are such.
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
  // Of an example, in nats: the sum of ln(lambda / sigma2) / 2 over the directions used.
  double kl;
  // Of an example, with z drawn: total_variance less lambda - sigma2 for each direction used.
  double squared_error;

  // Whether the weight is so little above the border that the linear theory gives the code less
  // than 0.1 nats: too close to tell, for a decoder with hidden layers is not linear.
  bool on_border() const { return !collapse && kl < 0.1; }
  // Whether the weight is less than five times the border, half of what cure_factor() leads to: a
  // code pays, but says so little that outputs look much alike.
  bool faint(double weight) const { return weight < 5 * critical_weight; }
};

// The prediction for data whose covariance has these eigenvalues, in any order, all of them; those
// that rounding made negative count as 0. Throws unless there is an eigenvalue, all are finite,
// weight is positive, beta is not negative, both are finite, and units, if given, is at least 1.
CollapsePrediction predict_collapse(std::span<const double> eigenvalues,
                                    const CollapseOptions& options = {});

// What the weight has to be multiplied with, for outputs that tell inputs apart: to ten times the
// border, where the widest direction has a code of ln(10) / 2 = 1.15 nats. At the border itself the
// code is worth nothing yet.
double cure_factor(const CollapsePrediction& prediction, const CollapseOptions& options);

struct CollapseWording {
  // What a model without a code gives.
  std::string_view without_code = "every input gives the same output, close to the mean";
  // How the user of a program multiplies the weight by this factor: "--loss sum_squared_error".
  std::function<std::string(double factor)> cure = {};
};
// The prediction in words, lines of at most 100 characters: first what is to be expected, then the
// border and the cure, then the numbers behind them. `outputs`: how many the decoder has, that is,
// how many eigenvalues there are.
std::string describe(const CollapsePrediction& prediction, const CollapseOptions& options,
                     std::size_t outputs, const CollapseWording& wording = {});

// The eigenvalues of more outputs would take long.
inline constexpr std::int64_t kMostOutputs = 4096;
// The same for data x (n, ...); for more than kMostOutputs outputs a line that says so.
std::string describe_collapse(const autograd::Array& x, const CollapseOptions& options,
                              const CollapseWording& wording = {});

// The variance sigma^2 that a decoder gives to each of its outputs if it learns it, one for all, in
// the optimum of
//
//   eigenvalues.size() / 2 ln sigma^2 + error / (2 sigma^2) + beta KL,
//
// where the error is beta sigma^2 for each direction that is used and lambda for each that is not:
// sigma^2 = (sum of the lambda not used) / (eigenvalues.size() - beta used), the directions used
// being those above beta sigma^2. 0 if nothing is left over. With it, weight is 1 / (2 sigma^2).
// options.weight is not looked at; throws as predict_collapse.
//
// O. Rybkin, K. Daniilidis, S. Levine, "Simple and effective VAE training with calibrated
// decoders", 2021.
double learned_variance(std::span<const double> eigenvalues, const CollapseOptions& options = {});

// The eigenvalues of the covariance of x (n, ...), n examples, in ascending order. MNIST takes a
// second.
std::vector<double> covariance_eigenvalues(const autograd::Array& x);

// The prediction for data x (n, ...) themselves.
CollapsePrediction predict_collapse(const autograd::Array& x, const CollapseOptions& options = {});

}  // namespace nn::vae
