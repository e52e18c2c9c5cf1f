#include "examples/vae_lab/rec_loss.h"

#include <algorithm>
#include <cmath>

#include "autograd/array/compare.h"
#include "autograd/functions/functions.h"

namespace vae::lab {
namespace {

namespace F = autograd;
using Variance = RecLoss::Variance;

// -log p(x) of each pixel, for a continuous Bernoulli variable with the given logit (G.
// Loaiza-Ganem, J. P. Cunningham, "The continuous Bernoulli: fixing a pervasive error in
// variational autoencoders", 2019). Its density on [0, 1] is the Bernoulli term times the
// normaliser
//
//   C = 2 artanh(1 - 2p) / (1 - 2p) = u coth(u) * 2,  u = logit / 2.
//
// p is clipped to [1e-7, 1 - 1e-7]. At x = 0, the density grows without bound as p goes to 0.
// Without the limit, a decoder of images whose border is always black would optimize mainly these
// pixels.
//
// Near u = 0, numerator and denominator vanish. There, log(u coth(u)) is computed by its Taylor
// series; the next term is below u^8 / 100.
Variable continuous_bernoulli_nll(const Variable& x, const Variable& any_logit) {
  const double most = std::log(1e7);
  const Variable logit = F::clip(any_logit, -most, most);
  const Variable u = 0.5 * F::absolute(logit), u2 = u * u;
  const F::Array small = F::array::greater(F::Array::full({}, 0.25, u.dtype()), u.array());
  const F::Array one = F::Array::full(u.shape(), 1, u.dtype());
  const Variable series = u2 * (1. / 3 - u2 * (7. / 90 - u2 * (62. / 2835)));
  const Variable safe = F::where(small, one, u);  // the quotient's gradient at 0 is NaN
  const Variable direct = F::log(safe) - F::log(F::tanh(safe));
  const Variable log_c = std::log(2.) + F::where(small, series, direct);
  return F::bernoulli_nll(x, logit, F::Reduce::no) - log_c;
}

// -log p(x) of pixels with the mean y and a common variance.
Variable one_variance_nll(const Variable& x, const Variable& y, const Variable& ln_var) {
  return F::gaussian_nll(x, y, F::broadcast_to(ln_var, x.shape()));
}

constexpr RecLoss kRecLosses[] = {
    // A sum over the pixels, like the KL divergence, which is a sum over the latent units.
    {.name = "bernoulli_nll",
     .formula = "F::bernoulli_nll(x, logits) / (k * batchsize)",
     .term = [](const Draw& d) { return F::bernoulli_nll(d.x, d.logits()) / (d.k * d.batchsize); },
     .log_likelihood =
         [](const Variable& x, const Variable& logits) {
           return -F::sum(F::bernoulli_nll(x, logits, F::Reduce::no), 1);
         }},

    // A mean over the pixels: the weight is 784 times too small.
    {.name = "mean_squared_error",
     .formula = "F::mean_squared_error(x, y) / k",
     .term = [](const Draw& d) { return F::mean_squared_error(d.x, d.y()) / d.k; },
     .weight = [](const Sizes& s) { return 1 / s.pixels; }},

    {.name = "pixels_x_mean_squared_error",
     .formula = "pixels * F::mean_squared_error(x, y) / k",
     .term = [](const Draw& d) { return d.pixels * F::mean_squared_error(d.x, d.y()) / d.k; },
     .weight = [](const Sizes&) { return 1.; }},

    // A mean that is divided by the batch size once more: the weight is too small again.
    {.name = "pixels_x_mean_squared_error_over_batch",
     .formula = "pixels * F::mean_squared_error(x, y) / (k * batchsize)",
     .term =
         [](const Draw& d) {
           return d.pixels * F::mean_squared_error(d.x, d.y()) / (d.k * d.batchsize);
         },
     .weight = [](const Sizes& s) { return 1 / s.batchsize; }},

    {.name = "sum_squared_error",
     .formula = "F::mean(F::sum(F::square(x - y), 1)) / k",
     .term = [](const Draw& d) { return F::mean(F::sum(F::square(d.x - d.y()), 1)) / d.k; },
     .weight = [](const Sizes&) { return 1.; }},

    // An accidental weight, on images of 0 to 255.
    {.name = "mean_squared_error_255",
     .formula = "F::mean_squared_error(255 * x, 255 * y) / k",
     .term = [](const Draw& d) { return F::mean_squared_error(255 * d.x, 255 * d.y()) / d.k; },
     .weight = [](const Sizes& s) { return 255 * 255 / s.pixels; }},

    {.name = "gaussian_nll",
     .formula = "F::gaussian_nll(x, y, 2 * ln(sigma)) / (k * batchsize), --sigma fixed",
     .term =
         [](const Draw& d) { return one_variance_nll(d.x, d.y(), d.ln_var) / (d.k * d.batchsize); },
     .weight = [](const Sizes& s) { return 1 / (2 * s.sigma * s.sigma); }},

    // O. Rybkin, K. Daniilidis, S. Levine, "Simple and effective VAE training with calibrated
    // decoders", 2021: the variance as a parameter, and as the one that fits the batch best.
    {.name = "gaussian_nll_learned",
     .formula = "the same; sigma is a parameter of the model with the initial value --sigma",
     .term =
         [](const Draw& d) { return one_variance_nll(d.x, d.y(), d.ln_var) / (d.k * d.batchsize); },
     .variance = Variance::parameter},

    {.name = "gaussian_nll_optimal",
     .formula = "the same with the best sigma of each batch, sigma^2 = F::mean_squared_error(x, y)",
     .term =
         [](const Draw& d) {
           const Variable y = d.y();
           const Variable ln_var = F::log(F::mean_squared_error(d.x, y) + kLeastVariance);
           return one_variance_nll(d.x, y, ln_var) / (d.k * d.batchsize);
         },
     .variance = Variance::best},

    {.name = "continuous_bernoulli",
     .formula = "bernoulli_nll with the normaliser that makes it a density on [0, 1]",
     .term =
         [](const Draw& d) {
           return F::sum(continuous_bernoulli_nll(d.x, d.logits())) / (d.k * d.batchsize);
         },
     .log_likelihood =
         [](const Variable& x, const Variable& logits) {
           return -F::sum(continuous_bernoulli_nll(x, logits), 1);
         }},
};

}  // namespace

std::span<const RecLoss> rec_losses() { return kRecLosses; }

const RecLoss* find_rec_loss(std::string_view name) {
  const auto* const found = std::ranges::find(kRecLosses, name, &RecLoss::name);
  return found == std::end(kRecLosses) ? nullptr : found;
}

}  // namespace vae::lab
