#pragma once

#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nn/parameter.h"
#include "nn/training/extension.h"

namespace nn::vae {

struct CollapseMonitorOptions {
  // Its columns are prefix + kl_per_unit, active_units and output_spread.
  std::string prefix = "main/";
  std::int64_t batch_size = 500;
  // For how many epochs in a row the code must say nothing before it is called collapsed.
  int patience = 3;
  // Where to warn; nullptr: nowhere.
  std::FILE* out = stdout;
};

// Watches whether the latent code of a variational autoencoder still says anything about its input.
// For any model with
//
//   encode: x -> (mu, ln_var)   the diagonal Gaussian q(z | x), both (n, units)
//   decode: z -> y              the means of the outputs; may be left out
//
//   trainer.extend(nn::vae::CollapseMonitor(
//       test_images, [&](const Variable& x) { return model.encode(x); },
//       [&](const Variable& z) { return model.decode(z); }));
//
// At the end of each epoch it goes once through the examples x, and writes into the observation
//
//   kl_per_unit     the mean over x and over the units of (mu^2 + exp(ln_var) - ln_var - 1) / 2,
//                   in nats
//   active_units    how many units have a variance of mu over x above 0.01 (Y. Burda, R. Grosse,
//                   R. Salakhutdinov, "Importance weighted autoencoders", 2016, section 5.2)
//   output_spread   the standard deviation over x of decode(mu), averaged over the outputs: 0 if
//                   all outputs are the same
//
// The code says nothing in an epoch if no unit is active and, where there is a decoder, the output
// spread is below 0.001. When it has said nothing for `patience` epochs in a row, and the KL
// divergence has not grown over them, the monitor warns once, with the cure. If x and y have one
// shape, it tells two cases apart by the squared error of decode(mu): a collapsed model gives
// outputs close to the mean of x; one that has not learned yet gives outputs that are all alike but
// miss x by more than twice what the mean misses.
//
// The model is run in test mode and without graphs, on the means of the code: nothing is drawn,
// nothing is changed. The functions are used as they are given, x is kept.
class CollapseMonitor : public training::Extension {
 public:
  using Encode = std::function<std::pair<Variable, Variable>(const Variable& x)>;
  using Decode = std::function<Variable(const Variable& z)>;

  // x (n, ...): n examples. Throws if there is none.
  CollapseMonitor(autograd::Array x, Encode encode, Decode decode = {},
                  CollapseMonitorOptions options = {});

  void operator()(training::Trainer& trainer) override;
  std::string default_name() const override { return "CollapseMonitor"; }
  training::Trigger default_trigger() override { return {1, "epoch"}; }
  int default_priority() const override { return training::kPriorityWriter; }
  void serialize(Serializer& s) override;

  // Goes once through the examples, as at the end of each epoch, but reports and warns nothing:
  // fills what follows, and returns the output spread (0 without decode).
  double look();
  // Of the last look: a number for each unit.
  std::vector<double> kl() const { return kl_; }                   // mean over x, in nats
  std::vector<double> code_variance() const { return variance_; }  // of mu over x
  // The units whose variance of mu over x is above 0.01.
  int active_units() const;
  // The mean over x of the squared error of decode(mu), and that of the mean of x; none where
  // nothing is decoded or y has another shape than x.
  struct Errors {
    double output, mean;
  };
  std::optional<Errors> errors() const { return errors_; }
  // Whether it has warned of a collapse.
  bool collapsed() const { return collapsed_; }

 private:
  void warn(training::Trainer& trainer, double spread);
  autograd::Array batch(std::int64_t start) const;
  double error_of_mean();

  autograd::Array x_;
  Encode encode_;
  Decode decode_;
  CollapseMonitorOptions options_;
  std::vector<double> kl_, variance_;
  std::optional<Errors> errors_;
  std::optional<double> error_of_mean_;
  // The epochs in a row in which the code has said nothing, and the KL divergence after the first.
  std::int64_t silent_ = 0;
  double silent_kl_ = 0;
  bool collapsed_ = false, unlearned_ = false;  // what was warned of
};

}  // namespace nn::vae

// It is an extension of a trainer, too, and is found among them.
namespace nn::training::extensions {
using vae::CollapseMonitor;
using vae::CollapseMonitorOptions;
}  // namespace nn::training::extensions
