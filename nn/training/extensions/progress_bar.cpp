#include "nn/training/extensions/progress_bar.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "nn/training/trainer.h"

namespace nn::training::extensions {

ProgressBar::ProgressBar(ProgressBarOptions options)
    : options_(std::move(options)), bar_(options_.out, options_.to_files, options_.bar_length) {
  if (options_.update_interval <= 0)
    throw autograd::Error(fmt::format("ProgressBar: update_interval must be positive, but is {}",
                                      options_.update_interval));
}

void ProgressBar::operator()(Trainer& trainer) {
  const Updater& updater = trainer.updater();
  if (!bar_.shows() || updater.iteration() % options_.update_interval != 0) return;
  if (!options_.training_length)
    options_.training_length = trainer.stop_trigger().get_training_length();
  if (!options_.training_length)
    throw autograd::Error(
        "ProgressBar: training_length must be given unless the stop trigger is an interval, but it "
        "is not");

  const auto& [length, unit] = *options_.training_length;
  const auto iteration = static_cast<double>(updater.iteration());
  const double epoch = updater.epoch_detail();
  const double done = unit == "iteration" ? iteration : epoch;
  bar_.write(bar_.line("     total", std::min(done / length, 1.0)) +
             bar_.line("this epoch", epoch - std::floor(epoch)) +
             fmt::format("{:10} iter, {} epoch / {} {}s\n", updater.iteration(), updater.epoch(),
                         length, unit) +
             bar_.speed(trainer.now(), iteration, epoch, length - done, unit != "iteration"));
}

}  // namespace nn::training::extensions
