#include "examples/vae_lab/beta_schedule.h"

#include <algorithm>
#include <cmath>

#include "nn/training/trainer.h"

namespace vae::lab {
namespace {

constexpr BetaSchedule kBetaSchedules[] = {
    {"constant", "always beta", [](double) { return 1.; }},
    {"linear", "rises from 0 to beta in the first half of the training",
     [](double t) { return std::min(2 * t, 1.); }},
    // H. Fu et al., "Cyclical annealing schedule: a simple approach to mitigating KL vanishing",
    // 2019, with its M = 4 and R = 0.5
    {"cyclic",
     "rises four times from 0 to beta, each time in the first half of a quarter of the training",
     [](double t) { return t >= 1 ? 1. : std::min(2 * (4 * t - std::floor(4 * t)), 1.); }},
    // S. R. Bowman et al., "Generating sentences from a continuous space", 2016
    {"sigmoid", "beta / (1 + exp(-20 (t - 1/4))) after the fraction t of the training",
     [](double t) { return 1 / (1 + std::exp(-20 * (t - 0.25))); }},
};

}  // namespace

std::span<const BetaSchedule> beta_schedules() { return kBetaSchedules; }

const BetaSchedule* find_beta_schedule(std::string_view name) {
  const auto* const found = std::ranges::find(kBetaSchedules, name, &BetaSchedule::name);
  return found == std::end(kBetaSchedules) ? nullptr : found;
}

void Annealing::set(nn::training::Trainer& trainer) {
  *factor_ = schedule_.factor(trainer.updater().epoch_detail() / epochs_);
}

void Annealing::operator()(nn::training::Trainer& trainer) {
  trainer.observation()["main/beta"] = *factor_ * beta_;  // of the finished step
  set(trainer);
}

}  // namespace vae::lab
