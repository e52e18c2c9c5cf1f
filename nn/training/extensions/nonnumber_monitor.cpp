#include "nn/training/extensions/nonnumber_monitor.h"

#include <fmt/format.h>

#include <cmath>

#include "nn/serializers/serializer.h"
#include "nn/text.h"
#include "nn/training/trainer.h"

namespace nn::training::extensions {

void NonNumberMonitor::operator()(Trainer& trainer) {
  if (epoch_ != 0) return;
  for (const auto& [name, value] : trainer.observation()) {
    if (!value.is_scalar() || std::isfinite(value.item())) continue;
    epoch_ = static_cast<std::int64_t>(std::ceil(trainer.updater().epoch_detail()));
    const std::string sentence = fmt::format(
        "NonNumberMonitor: observed values must be finite, but {} is {} in epoch {} (iteration "
        "{}): a smaller learning rate or another optimizer may help",
        name,
        std::isnan(value.item()) ? "NaN"
        : options_.stop          ? "infinite"
                                 : "infinite, with NaN to follow,",
        epoch_, trainer.updater().iteration());
    if (options_.stop) throw autograd::Error(sentence);
    if (options_.out != nullptr)
      text::put(options_.out, text::clear_rest(options_.out) + sentence + ".\n",
                "NonNumberMonitor");
    return;
  }
}

void NonNumberMonitor::serialize(Serializer& s) {
  if (!s.is_saving() && !s.contains("_epoch")) return;  // a snapshot without this extension
  s.count("_epoch", epoch_);
}

}  // namespace nn::training::extensions
