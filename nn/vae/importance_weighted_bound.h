#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "autograd/base/random.h"
#include "autograd/graph/variable.h"

// Estimates the likelihood of data under a model with a latent code, p(x) = E[p(x | z)] over z ~
// N(0, 1), which has no closed form if the decoder has hidden layers. Samples z_1, ..., z_K from an
// encoder's q(z | x) give
//
//   L_K = E log 1/K sum_k p(x | z_k) p(z_k) / q(z_k | x)
//
// a lower bound of log p(x). L_1 is the evidence lower bound that a variational autoencoder is
// trained with; L_K does not decrease with K and converges to log p(x). The gap is about Var(w) /
// (2 K), where w is the weight p(x | z) p(z) / q(z | x) divided by its mean. If q is the exact
// posterior, every weight is p(x), and L_K = log p(x) for every K.
//
// Y. Burda, R. Grosse, R. Salakhutdinov, "Importance weighted autoencoders", 2016.
namespace nn::vae {

struct ImportanceWeightedBoundOptions {
  // The number of examples processed at a time, and of samples processed at a time for each of
  // them. log_likelihood gets at most batch_size * chunk rows, which determines the memory needed.
  // The samples do not depend on `chunk`.
  std::int64_t batch_size = 100;
  std::int64_t chunk = 10;
  // Called after every chunk with the fraction of all samples that is done.
  std::function<void(double done)> progress = {};
};

// For any model with
//
//   encode: x -> (mu, ln_var)        the diagonal Gaussian q(z | x), both (n, units)
//   log_likelihood: (x, z) -> (n)    log p(x | z) of each example, in nats: every term that does
//                                    not depend on z belongs to it, too
//
//   const Array bound = importance_weighted_bound(test, 5000,
//       [&](const Variable& x) { return model.encode(x); },
//       [&](const Variable& x, const Variable& z) {
//         return -F::sum(F::bernoulli_nll(x, model.decode(z, false), F::Reduce::no), 1);
//       });
//
// One estimate of L_K for each of the n examples in x (n, ...), float64 (n). Papers report their
// mean over a test set. The logarithm of the sum is accumulated, so the memory does not depend on
// K. The model runs in test mode and without graphs. Noise is drawn by standard_normal, for one
// batch of examples after another, and within a batch the first sample of all examples before the
// second. Throws unless n, K, batch_size and chunk are at least 1 and the functions return the
// shapes above.
autograd::Array importance_weighted_bound(
    const autograd::Array& x, std::int64_t K,
    const std::function<
        std::pair<autograd::Variable, autograd::Variable>(const autograd::Variable& x)>& encode,
    const std::function<autograd::Variable(const autograd::Variable& x,
                                           const autograd::Variable& z)>& log_likelihood,
    const ImportanceWeightedBoundOptions& options = {},
    autograd::random::Generator& generator = autograd::random::generator());

}  // namespace nn::vae
