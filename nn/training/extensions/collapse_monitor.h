#pragma once

#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nn/parameter.h"
#include "nn/training/extension.h"

namespace nn::training::extensions {

struct CollapseMonitorOptions {
  // Its columns are prefix + kl_per_unit, active_units and output_spread.
  std::string prefix = "main/";
  std::int64_t batch_size = 500;
  // Where to warn; nullptr: nowhere.
  std::FILE* out = stdout;
};

// Watches whether the latent code of a variational autoencoder still says anything about its input.
// For any model with
//
//   encode: x -> (mu, ln_var)   the diagonal Gaussian q(z | x), both (n, units)
//   decode: z -> y              the means of the outputs; may be left out
//
//   trainer.extend(extensions::CollapseMonitor(test_images, [&](const Variable& x) { return
//   model.encode(x); },
//                                              [&](const Variable& z) { return model.decode(z);
//                                              }));
//
// At the end of each epoch it goes once through the examples x, and writes into the observation
//
//   kl_per_unit     the mean over x and over the units of (mu^2 + exp(ln_var) - ln_var - 1) / 2, in
//   nats active_units    how many units have a variance of mu over x above 0.01 (Y. Burda, R.
//   Grosse, R. Salakhutdinov,
//                   "Importance weighted autoencoders", 2016, section 5.2)
//   output_spread   the standard deviation over x of decode(mu), averaged over the outputs: 0 if
//   all are the same
//
// When at the end of an epoch no unit is active, and the KL divergence has not grown since the
// epoch before, it warns: in one sentence with the cure, and only once. Right after the start of a
// training, when a code has yet to form, it grows.
//
// The model is run in test mode and without graphs, on the means of the code: nothing is drawn,
// nothing is changed. The functions are used as they are given, x is kept.
class CollapseMonitor : public Extension {
 public:
  using Encode = std::function<std::pair<Variable, Variable>(const Variable& x)>;
  using Decode = std::function<Variable(const Variable& z)>;

  // x (n, ...): n examples. Throws if there is none.
  CollapseMonitor(autograd::Array x, Encode encode, Decode decode = {},
                  CollapseMonitorOptions options = {});

  void operator()(Trainer& trainer) override;
  std::string default_name() const override { return "CollapseMonitor"; }
  Trigger default_trigger() override { return {1, "epoch"}; }
  int default_priority() const override { return kPriorityWriter; }
  void serialize(Serializer& s) override;

  // Goes once through the examples, as at the end of each epoch, but reports and warns nothing:
  // fills kl() and code_variance(), and returns the output spread (0 without decode).
  double look();
  // Of the last look: a number for each unit.
  std::vector<double> kl() const { return kl_; }                   // mean over x, in nats
  std::vector<double> code_variance() const { return variance_; }  // of mu over x
  // The units whose variance of mu over x is above 0.01.
  int active_units() const;
  // Whether it has warned.
  bool collapsed() const { return collapsed_; }

 private:
  autograd::Array x_;
  Encode encode_;
  Decode decode_;
  CollapseMonitorOptions options_;
  std::vector<double> kl_, variance_;
  std::optional<double> last_kl_;
  bool collapsed_ = false;
};

}  // namespace nn::training::extensions
