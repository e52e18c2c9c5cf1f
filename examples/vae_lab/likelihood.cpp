#include "examples/vae_lab/likelihood.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <vector>

#include "examples/vae_lab/classes.h"
#include "nn/training/bar.h"
#include "nn/vae/importance_weighted_bound.h"

namespace vae::lab {
namespace {

// A progress bar, updated ten times per second.
class Progress {
 public:
  explicit Progress(double draws) : draws_(draws) {}
  ~Progress() { bar_.close(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void operator()(double done) {
    const auto now = std::chrono::steady_clock::now();
    if (!bar_.shows() || now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    const double seconds = std::chrono::duration<double>(now.time_since_epoch()).count();
    bar_.write(bar_.line("    bound", done) +
               bar_.speed(seconds, done * draws_, done, (1 - done) * draws_, false));
  }

 private:
  nn::training::Bar bar_{stdout, false, 50};
  double draws_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace

std::string likelihood_bound(const LabOptions& options, const Model& model,
                             const ImageSet& images) {
  F::random::Generator generator(static_cast<std::uint32_t>(options.seed));
  const Likelihood likelihood =
      model.likelihood(with_classes(images.train, images.train_labels, model.classes));
  const std::int64_t K = *options.eval_iwae;
  std::vector<double> bounds;
  {
    Progress progress(static_cast<double>(K * images.test.length(0)));
    bounds = nn::vae::importance_weighted_bound(
                 with_classes(images.test, images.test_labels, model.classes), K, model.encode,
                 likelihood.log_p, {.progress = [&](double done) { progress(done); }}, generator)
                 .to_vector<double>();
  }
  double mean =
      std::accumulate(bounds.begin(), bounds.end(), 0.0) / static_cast<double>(bounds.size());
  if (std::isnan(mean)) mean = std::abs(mean);  // fmt would print the sign of a NaN
  return fmt::format("Test log likelihood bound, K = {}: {:.2f} nats per image ({}{})", K, mean,
                     likelihood.pixels, options.beta == 1 ? "" : "; --beta does not affect it");
}

}  // namespace vae::lab
