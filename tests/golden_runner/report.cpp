#include "tests/golden_runner/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>

#include "tests/golden_runner/compare.h"

namespace golden {

void Report::run(const std::string& name, const std::function<void()>& check) {
  if (!wanted_(name)) return;
  name_ = name;
  failed_ = false;
  try {
    check();
  } catch (const NotBuilt& missing) {
    ++skips_;
    ++skipped_[missing.what];
    return;
  } catch (const std::exception& error) {
    fail("call", error.what());
  }
  failed_ ? ++failures_ : ++passes_;
}

void Report::fail(const std::string& part, const std::string& facts) {
  failed_ = true;
  fmt::print("FAIL {} {}: {}\n", name_, part, facts);
}

void Report::compare(const std::string& part, const std::string& array, const autograd::Array& got,
                     const autograd::Array& expected, double tolerance) {
  const Difference d = difference(got, expected);
  if (d.error <= tolerance) return;
  const std::string facts = d.facts.empty() ? "" : "; " + d.facts;
  fail(part + " " + array,
       fmt::format("error {:.2g}, tolerance {:.2g}{}", d.error, tolerance, facts));
}

void Report::expect(bool holds, const std::string& part, const std::string& facts) {
  if (!holds) fail(part, facts);
}

int Report::finish() const {
  std::string line;
  for (const auto& [what, count] : skipped_) {
    const std::string entry = fmt::format("{} ({})", what, count);
    if (!line.empty() && line.size() + entry.size() > 110) {
      fmt::print("skipped: {}\n", line);
      line.clear();
    }
    line += (line.empty() ? "" : ", ") + entry;
  }
  if (!line.empty()) fmt::print("skipped: {}\n", line);
  fmt::print("{} passed, {} failed, {} skipped\n", passes_, failures_, skips_);
  std::fflush(stdout);
  return failures_;
}

double tolerance(const Value& err32, const std::string& part) {
  return std::max(1e-5, 10 * err32[part].number(0));
}

}  // namespace golden
