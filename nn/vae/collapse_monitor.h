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
  // The prefix of the reported values kl_per_unit, active_units and output_spread.
  std::string prefix = "main/";
  std::int64_t batch_size = 500;
  // After how many uninformative epochs in a row to warn of a collapse.
  int patience = 3;
  // Where to print warnings; nullptr: nowhere.
  std::FILE* out = stdout;
};

// Monitors whether the latent code of a variational autoencoder carries information about its
// input. For any model with
//
//   encode: x -> (mu, ln_var)   the diagonal Gaussian q(z | x), both (n, units)
//   decode: z -> y              the means of the outputs; may be left out
//
//   trainer.extend(nn::vae::CollapseMonitor(
//       test_images, [&](const Variable& x) { return model.encode(x); },
//       [&](const Variable& z) { return model.decode(z); }));
//
// At the end of each epoch it evaluates the examples x and writes into the observation
//
//   kl_per_unit     the mean over x and over the units of (mu^2 + exp(ln_var) - ln_var - 1) / 2,
//                   in nats
//   active_units    how many units have a variance of mu over x above 0.01 (Y. Burda, R. Grosse,
//                   R. Salakhutdinov, "Importance weighted autoencoders", 2016, section 5.2)
//   output_spread   the standard deviation over x of decode(mu), averaged over the outputs: 0 if
//                   all outputs are the same
//
// An epoch is uninformative if no unit is active and, given a decoder, the output spread is below
// 0.001. After `patience` uninformative epochs in a row over which the KL divergence has not grown,
// the monitor prints one warning that includes a cure. If x and y have one shape, it distinguishes
// two cases by the squared error of decode(mu): the outputs of a collapsed model are close to the
// mean of x; the outputs of a model that has not learned yet are all alike, but their squared error
// is more than twice that of the mean.
//
// The model runs in test mode and without graphs, on the means of the code; no random numbers are
// drawn and the model does not change. The monitor stores x and the two functions.
class CollapseMonitor : public training::Extension {
 public:
  using Encode = std::function<std::pair<Variable, Variable>(const Variable& x)>;
  using Decode = std::function<Variable(const Variable& z)>;

  // x (n, ...) holds n >= 1 examples; throws if n is 0.
  CollapseMonitor(autograd::Array x, Encode encode, Decode decode = {},
                  CollapseMonitorOptions options = {});

  void operator()(training::Trainer& trainer) override;
  std::string default_name() const override { return "CollapseMonitor"; }
  training::Trigger default_trigger() override { return {1, "epoch"}; }
  int default_priority() const override { return training::kPriorityWriter; }
  void serialize(Serializer& s) override;

  // Evaluates the examples, as at the end of an epoch, but does not report or warn. Updates the
  // results below and returns the output spread (0 without a decoder).
  double look();
  // Results of the last look(), one number for each unit.
  std::vector<double> kl() const { return kl_; }                   // mean over x, in nats
  std::vector<double> code_variance() const { return variance_; }  // of mu over x
  // The units whose variance of mu over x is above 0.01.
  int active_units() const;
  // The mean over x of the squared error of decode(mu), and the squared error of the mean of x.
  // Empty without a decoder, or if y and x have different shapes.
  struct Errors {
    double output, mean;
  };
  std::optional<Errors> errors() const { return errors_; }
  // Whether a collapse was reported.
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
  // The number of uninformative epochs in a row, and the KL divergence after the first of them.
  std::int64_t silent_ = 0;
  double silent_kl_ = 0;
  bool collapsed_ = false, unlearned_ = false;  // what was warned of
};

}  // namespace nn::vae

// Also available in the namespace of the extensions.
namespace nn::training::extensions {
using vae::CollapseMonitor;
using vae::CollapseMonitorOptions;
}  // namespace nn::training::extensions
