#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "nn/reporting/summary.h"
#include "nn/training/extension.h"

namespace nn::training::extensions {

struct LogReportOptions {
  // The values to log; all unless given.
  std::optional<std::vector<std::string>> keys = {};
  // When a line is complete. The extension itself is to be called in each iteration.
  Trigger trigger = {1, "epoch"};
  // May change a line before it is written.
  std::function<void(LogEntry&)> postprocess = {};
  // The name of the file in the folder of results, perhaps with values of the line: "log_{epoch}".
  // Empty: no file.
  std::string filename = "log";
  // Write NaN and infinities as null. Otherwise they are NaN, Infinity and -Infinity, as Python's json
  // module and Chainer write and read them; readers that keep to the standard refuse such a file.
  bool strict_json = false;
};

// Means of the reported values over each interval, kept as a list and written as JSON after each. A
// line has the values in the order in which they were first reported, then epoch, iteration and
// elapsed_time. chainer.training.extensions.LogReport.
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
