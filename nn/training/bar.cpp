#include "nn/training/bar.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "autograd/base/error.h"
#include "nn/text.h"

namespace nn::training {

Bar::Bar(std::FILE* out, bool to_files, int length)
    : out_(out), shows_(out != nullptr && (to_files || text::is_terminal(out))), length_(length) {
  if (length < 0)
    throw autograd::Error(
        fmt::format("ProgressBar: bar_length must not be negative, but is {}", length));
}

std::string Bar::line(const std::string& title, double rate) const {
  const int marks = std::clamp(static_cast<int>(rate * length_), 0, length_);
  return fmt::format("{} [{:#<{}}{:.<{}}] {:>6}\n", title, "", marks, "", length_ - marks,
                     fmt::format("{:.2f}%", rate * 100));
}

std::string Bar::speed(double now, double iteration, double epoch_detail, double left,
                       bool in_epochs) {
  recent_.push_back({iteration, epoch_detail, now});
  if (recent_.size() > 100) recent_.pop_front();
  const Moment& old = recent_.front();
  const double span = now - old.time;
  const auto per_second = [span](double done) {
    return span == 0 ? std::numeric_limits<double>::infinity() : done / span;
  };
  const double iterations = per_second(iteration - old.iteration);
  const double seconds =
      left / (in_epochs ? per_second(epoch_detail - old.epoch_detail) : iterations);
  return fmt::format("{:>10.5g} iters/sec. Estimated time to finish: {}.\n", iterations,
                     text::timedelta(std::max(seconds, 0.0)));
}

void Bar::write(const std::string& lines) {
  const auto count = std::count(lines.begin(), lines.end(), '\n');
  text::put(out_, fmt::format("\033[J{}\033[{}A", lines, count), "ProgressBar");
}

void Bar::close() {
  if (shows_) text::put(out_, "\033[J", "ProgressBar");
}

}  // namespace nn::training
