#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "nn/reporting/summary.h"
#include "nn/training/extension.h"

namespace nn::training::extensions {

struct LogReportOptions {
  // The values to log; by default all.
  std::optional<std::vector<std::string>> keys = {};
  // When to complete a line. The extension itself must be called in each iteration.
  Trigger trigger = {1, "epoch"};
  // Called with each line before it is written, and may change it.
  std::function<void(LogEntry&)> postprocess = {};
  // The file name in the result folder, which may contain values of the line: "log_{epoch}". Empty:
  // no file.
  std::string filename = "log";
  // Write NaN and infinities as null. By default they are written as NaN, Infinity and -Infinity,
  // as Python's json module and Chainer do; strict JSON parsers reject such a file.
  bool strict_json = false;
};

// Averages the reported values over each interval, and rewrites the list of all lines as JSON after
// each interval. A line holds the values in the order in which they were first reported, then
// epoch, iteration and elapsed_time. chainer.training.extensions.LogReport.
class LogReport : public Extension {
 public:
  LogReport() : LogReport(LogReportOptions()) {}
  explicit LogReport(LogReportOptions options) : options_(std::move(options)) {}

  void operator()(Trainer& trainer) override;
  std::string default_name() const override { return "LogReport"; }
  void serialize(Serializer& s) override;

  const std::vector<LogEntry>& log() const& { return log_; }
  std::vector<LogEntry> log() const&& { return log_; }

 private:
  LogReportOptions options_;
  DictSummary summary_;
  std::vector<LogEntry> log_;
};

}  // namespace nn::training::extensions
