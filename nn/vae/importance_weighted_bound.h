#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "autograd/base/random.h"
#include "autograd/graph/variable.h"

// How probable data are to a model with a latent code, p(x) = E[p(x | z)] over z ~ N(0, 1), which
// has no closed form where the decoder has hidden layers. Draws z_1, ..., z_K from an encoder's
// q(z | x) give
//
//   L_K = E log 1/K sum_k p(x | z_k) p(z_k) / q(z_k | x)
//
// a lower bound of log p(x). L_1 is the evidence lower bound that a variational autoencoder is
// trained with; the bound never falls with K and converges to log p(x), as fast as q is good: it
// misses about Var(w) / (2 K), w being a weight p(x | z) p(z) / q(z | x) over its mean. With the
// exact posterior as q every weight is p(x), and L_K is log p(x) for every K.
//
// Y. Burda, R. Grosse, R. Salakhutdinov, "Importance weighted autoencoders", 2016.
namespace nn::vae {

struct ImportanceWeightedBoundOptions {
  // Examples at a time, and draws at a time for each of them: log_likelihood is given at most
  // batch_size * chunk rows, which sets the memory that is needed. The same numbers are drawn with
  // every chunk.
  std::int64_t batch_size = 100;
  std::int64_t chunk = 10;
  // Told what part of all draws is done, after every chunk.
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
// A draw of L_K for each of the n examples in x (n, ...), float64 (n); over a test set their mean
// is what papers print. The logarithm of the sum is gathered as the weights come, so that the
// memory does not depend on K. The model is run in test mode and without graphs. Noise is drawn by
// standard_normal, batch by batch of examples, the first draw of all of them before the second.
// Throws unless there is an example, K, batch_size and chunk are at least 1, and the functions give
// these shapes.
autograd::Array importance_weighted_bound(
    const autograd::Array& x, std::int64_t K,
    const std::function<
        std::pair<autograd::Variable, autograd::Variable>(const autograd::Variable& x)>& encode,
    const std::function<autograd::Variable(const autograd::Variable& x,
                                           const autograd::Variable& z)>& log_likelihood,
    const ImportanceWeightedBoundOptions& options = {},
    autograd::random::Generator& generator = autograd::random::generator());

}  // namespace nn::vae
