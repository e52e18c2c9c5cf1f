#pragma once

#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "nn/training/extension.h"

namespace nn::training::extensions {

class LogReport;

struct PrintReportOptions {
  // The LogReport whose lines are printed: the name of one that extends the trainer, or an object
  // that PrintReport calls itself.
  std::variant<std::string, std::shared_ptr<LogReport>> log_report = "LogReport";
  std::FILE* out = stdout;
  // Clear the rest of the screen before each row even if `out` is a file or a pipe, as Chainer
  // does; the file then contains the escape codes.
  bool to_files = false;
};

// Prints the lines of a LogReport as a table: the header once, then a row for each line, values
// with %g. A column is as wide as its name, but at least 10; a missing value leaves it blank.
// Columns that do not fit on the terminal are left out; the log has them. On a terminal the rest of
// the screen is cleared before each row (ESC[J), because a progress bar may be there.
// chainer.training.extensions.PrintReport.
class PrintReport : public Extension {
 public:
  explicit PrintReport(std::vector<std::string> entries, PrintReportOptions options = {});

  void operator()(Trainer& trainer) override;
  std::string default_name() const override { return "PrintReport"; }
  void serialize(Serializer& s) override;

 private:
  std::size_t entries_that_fit() const;
  std::span<const std::string> shown() const;

  std::vector<std::string> entries_;
  PrintReportOptions options_;
  bool header_printed_ = false;
  std::size_t printed_ = 0;
  std::size_t shown_ = 0;  // columns, the first ones
};

}  // namespace nn::training::extensions
