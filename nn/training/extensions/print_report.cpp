#include "nn/training/extensions/print_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "nn/serializers/serializer.h"
#include "nn/text.h"
#include "nn/training/extensions/log_report.h"
#include "nn/training/trainer.h"

namespace nn::training::extensions {
namespace {

std::size_t width(const std::string& entry) { return std::max<std::size_t>(10, entry.size()); }

}  // namespace

PrintReport::PrintReport(std::vector<std::string> entries, PrintReportOptions options)
    : entries_(std::move(entries)), options_(std::move(options)) {}

// All of them if the output is not a terminal.
std::size_t PrintReport::entries_that_fit() const {
  const std::size_t columns = text::columns(options_.out);
  if (columns == 0) return entries_.size();
  std::size_t used = 0, count = 0;
  for (const std::string& entry : entries_) {
    used += width(entry) + (count == 0 ? 0 : 2);
    if (used > columns) break;
    ++count;
  }
  return std::max<std::size_t>(count, 1);
}

std::span<const std::string> PrintReport::shown() const {
  return std::span(entries_).first(std::min(shown_, entries_.size()));
}

void PrintReport::operator()(Trainer& trainer) {
  std::string text;
  if (!header_printed_) {
    shown_ = entries_that_fit();
    for (const std::string& entry : shown())
      text += fmt::format("{}{:<{}}", text.empty() ? "" : "  ", entry, width(entry));
    text += "\n";
    header_printed_ = true;
  }
  const auto* own = std::get_if<std::shared_ptr<LogReport>>(&options_.log_report);
  if (own != nullptr) (**own)(trainer);
  const LogReport& report =
      own != nullptr ? **own
                     : trainer.get_extension<LogReport>(std::get<std::string>(options_.log_report));
  for (; printed_ < report.log().size(); ++printed_) {
    text += options_.to_files ? "\033[J" : text::clear_rest(options_.out);
    for (const std::string& entry : shown()) {
      if (const Number* value = report.log()[printed_].find(entry)) {
        const double number =
            std::isnan(double(*value)) ? std::abs(double(*value)) : double(*value);  // never -nan
        text += fmt::format("{:<{}g}  ", number, width(entry));
      } else {
        text += std::string(width(entry) + 2, ' ');
      }
    }
    text += "\n";
  }
  if (!text.empty()) text::put(options_.out, text, "PrintReport");
}

void PrintReport::serialize(Serializer& s) {
  if (const auto* own = std::get_if<std::shared_ptr<LogReport>>(&options_.log_report))
    (*own)->serialize(s["_log_report"]);
}

}  // namespace nn::training::extensions
