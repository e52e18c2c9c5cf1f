#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/array/array.h"

// Why a variational autoencoder draws the same image for every input, as arithmetic.
//
// A reconstruction term c * sum((x - y)^2) beside beta * KL is, but for a constant and the factor
// beta, the negative evidence lower bound of a Gaussian decoder whose variance is sigma^2 = beta /
// (2 c). With a linear decoder the optimum is probabilistic PCA: a latent unit is used for a
// direction of the data only if the variance lambda there, an eigenvalue of the covariance, exceeds
// sigma^2. Its KL is then ln(lambda / sigma^2) / 2, and what it leaves of the squared error is
// sigma^2 instead of lambda. If no eigenvalue is that large, the code of the best model says
// nothing about the input: the posterior has collapsed, and no optimizer can help. A decoder with
// hidden layers bends these lines, but goes through the threshold at about the same weight.
//
// M. E. Tipping, C. M. Bishop, "Probabilistic principal component analysis", 1999. J. Lucas, G.
// Tucker, R. Grosse, M. Norouzi, "Don't blame the ELBO! A linear VAE perspective on posterior
// collapse", 2019.
namespace nn::training {

struct CollapseOptions {
  double weight = 1;              // c: of one squared error, in the loss of one example
  double beta = 1;                // of the KL divergence of one example
  std::optional<int> units = {};  // of the latent code: no more directions than that can be used
};

struct CollapsePrediction {
  double sigma2;           // beta / (2 weight)
  double lambda_1;         // the largest eigenvalue
  double total_variance;   // the sum of all eigenvalues
  int directions;          // eigenvalues above sigma2
  int used;                // those among them for which there is a latent unit
  bool collapse;           // none is used
  double critical_weight;  // beta / (2 lambda_1): a smaller weight collapses; infinite for constant
                           // data
  double kl;  // of an example, in nats: the sum of ln(lambda / sigma2) / 2 over the directions used
  double squared_error;  // of an example, with z drawn: total_variance minus the sum of lambda -
                         // sigma2 over those
};

// The prediction for data whose covariance has these eigenvalues, in any order, all of them; those
// that rounding made negative count as 0. Throws unless there is an eigenvalue, all are finite,
// weight is positive, beta is not negative, both are finite, and units, if given, is at least 1.
CollapsePrediction predict_collapse(std::span<const double> eigenvalues,
                                    const CollapseOptions& options = {});

// The prediction in two lines: the numbers, and plainly what they say. `eigenvalues`: how many
// there are. `cure`: how this program is told the smallest weight that would work, if it is told.
std::string describe(const CollapsePrediction& prediction, const CollapseOptions& options,
                     std::size_t eigenvalues, std::string_view cure = {});

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

}  // namespace nn::training
