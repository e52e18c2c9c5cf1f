#pragma once

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/loss/loss.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/trigonometric.h"
#include "autograd/functions/noise/noise.h"
#include "nn/links/connection/linear.h"
#include "nn/reporting/reporter.h"

// The small VAE of Chainer's recorded run.
class VAE : public nn::Chain {
 public:
  nn::Linear le1{12, 7}, le2{7, 7}, le3_mu{7, 3}, le3_ln_var{7, 3}, ld1{3, 7}, ld2{7, 7},
      ld3{7, 12};

  void list(nn::Members& m) override {
    m("le1", le1)("le2", le2)("le3_mu", le3_mu)("le3_ln_var", le3_ln_var);
    m("ld1", ld1)("ld2", ld2)("ld3", ld3);
  }
  nn::Variable operator()(const nn::Variable& x) { return loss(x, {}); }
  nn::Variable loss(const nn::Variable& x, const autograd::GaussianOptions& noise) {
    const nn::Variable h = tanh(le2(tanh(le1(x))));
    const nn::Variable mu = le3_mu(h), ln_var = le3_ln_var(h);
    const nn::Variable z = autograd::gaussian(mu, ln_var, noise);
    const nn::Variable y = ld3(tanh(ld2(tanh(ld1(z)))));
    const auto batch = static_cast<double>(x.length(0));
    const nn::Variable rec_loss = autograd::bernoulli_nll(x, y) / batch;
    const nn::Variable latent_loss = autograd::gaussian_kl_divergence(mu, ln_var) / batch;
    nn::Variable loss = rec_loss + latent_loss;
    nn::report({{"loss", loss}, {"rec_loss", rec_loss}, {"latent_loss", latent_loss}}, *this);
    return loss;
  }
};
