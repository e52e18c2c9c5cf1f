#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "nn/training/extension.h"

namespace vae::lab {

// A schedule for the weight of the KL term, which grows to --beta. So the model can form a code
// before the KL divergence costs much.
struct BetaSchedule {
  std::string_view name;
  std::string_view formula;
  double (*factor)(double t);  // factor of --beta after the fraction t of the training, in [0, 1]
};
std::span<const BetaSchedule> beta_schedules();
const BetaSchedule* find_beta_schedule(std::string_view name);

// Sets `factor` before each iteration, and writes factor * beta into the observation as main/beta.
class Annealing : public nn::training::Extension {
 public:
  Annealing(const BetaSchedule& schedule, std::shared_ptr<double> factor, double beta,
            double epochs)
      : schedule_(schedule), factor_(std::move(factor)), beta_(beta), epochs_(epochs) {}

  void operator()(nn::training::Trainer& trainer) override;
  void initialize(nn::training::Trainer& trainer) override { set(trainer); }
  std::string default_name() const override { return "Annealing"; }
  int default_priority() const override { return nn::training::kPriorityWriter; }

 private:
  void set(nn::training::Trainer& trainer);

  const BetaSchedule& schedule_;
  std::shared_ptr<double> factor_;
  double beta_, epochs_;
};

}  // namespace vae::lab
