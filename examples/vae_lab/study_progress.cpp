#include "examples/vae_lab/study_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cmath>

namespace vae::lab {
namespace {

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string hours(double seconds) {
  const auto s = static_cast<long>(std::ceil(seconds));
  return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

}  // namespace

StudyProgress::StudyProgress(std::FILE* out, int rows, int epochs, bool always, Clock clock)
    : out_(out),
      shows_(always || isatty(fileno(out)) == 1),
      clock_(clock ? std::move(clock) : steady_seconds),
      start_(clock_()),
      rows_(rows),
      epochs_(epochs) {}

void StudyProgress::put(const std::string& text) {
  std::fputs(text.c_str(), out_);
  std::fflush(out_);
}

void StudyProgress::begin(const std::string& name, int epochs) {
  ++row_;
  name_ = name;
  row_epochs_ = epochs;
  epoch_ = 0;
  show();
}

void StudyProgress::epoch_done(int epoch) {
  epoch_ = epoch;
  show();
}

void StudyProgress::end(const std::string& result) {
  done_ += row_epochs_;
  put(fmt::format("{}{:>3}/{}  {}: {}\n", shows_ ? "\r\033[K" : "", row_, rows_, name_, result));
}

void StudyProgress::show() {
  constexpr double kEvery = 5;  // seconds between two lines, if the output is a file
  constexpr int kLength = 30;
  const int done = done_ + epoch_;
  const double now = clock_();
  const int marks = kLength * done / epochs_;
  // A training that ends in NaN ends early. Its epochs count as done, so the remaining time is an
  // upper estimate.
  const std::string left =
      done == 0 ? "" : fmt::format(", {} left", hours((now - start_) / done * (epochs_ - done)));
  if (!shows_) {
    if (epoch_ == 0 || epoch_ == row_epochs_ || now - last_ < kEvery) return;
    last_ = now;
    return put(fmt::format("     row {} of {}, {}: epoch {} of {}{}\n", row_, rows_, name_, epoch_,
                           row_epochs_, left));
  }
  put(fmt::format("\r\033[K[{:#<{}}{:.<{}}] row {} of {}, epoch {} of {}{}", "", marks, "",
                  kLength - marks, row_, rows_, epoch_, row_epochs_, left));
}

}  // namespace vae::lab
