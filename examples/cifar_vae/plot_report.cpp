#include "examples/cifar_vae/plot_report.h"

#include "examples/pictures/plot.h"
#include "nn/files/read_file.h"
#include "nn/reporting/text.h"
#include "nn/training/trainer.h"

namespace cifar_vae {

void PlotReport::operator()(nn::training::Trainer& trainer) {
  if (!pictures::can_plot()) return;
  const std::string path = trainer.out() + "/" + log_;
  const nn::Bytes bytes = nn::read_file(path);
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  pictures::Plot plot;
  plot.x_label = x_key_;
  for (const std::string& key : y_keys_) plot.series.emplace_back().name = key;
  for (const nn::LogEntry& entry : nn::text::load_log(text, path)) {
    for (std::size_t i = 0; i < y_keys_.size(); ++i) {
      const nn::Number* x = entry.find(x_key_);
      const nn::Number* y = entry.find(y_keys_[i]);
      if (x == nullptr || y == nullptr) continue;
      plot.series[i].x.push_back(*x);
      plot.series[i].y.push_back(*y);
    }
  }
  pictures::write_plot(trainer.out() + "/" + filename_, plot);
}

}  // namespace cifar_vae
