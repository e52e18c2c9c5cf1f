#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "nn/training/extension.h"

namespace vae::lab {

// How the weight of the KL term grows to --beta, so that the code can form before it has to pay.
struct BetaSchedule {
  std::string_view name;
  std::string_view formula;
  double (*factor)(double t);  // of --beta after the fraction t of the training, 0 to 1
};
std::span<const BetaSchedule> beta_schedules();
const BetaSchedule* find_beta_schedule(std::string_view name);

// Sets `factor` for each iteration, and writes factor * beta into the observation as main/beta.
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
