#pragma once

#include <functional>
#include <map>
#include <string>

#include "autograd/array/array.h"
#include "tests/golden_runner/value.h"

namespace golden {

// Thrown by what runs a case: the library does not have this yet.
struct NotBuilt {
  std::string what;
};

// Counts cases, and prints a line for each number that is wrong.
class Report {
 public:
  explicit Report(std::function<bool(const std::string&)> wanted) : wanted_(std::move(wanted)) {}

  // Runs `check` for the case `name`, if it is wanted. The case fails if anything in it fails or
  // throws.
  void run(const std::string& name, const std::function<void()>& check);

  // Inside a case. `array` names what is compared, `part` the tolerance that it has.
  void compare(const std::string& part, const std::string& array, const autograd::Array& got,
               const autograd::Array& expected, double tolerance);
  void expect(bool holds, const std::string& part, const std::string& facts);

  // Prints what was skipped, and the last line. Returns how many cases failed.
  int finish() const;

 private:
  void fail(const std::string& part, const std::string& facts);

  std::function<bool(const std::string&)> wanted_;
  std::string name_;
  bool failed_ = false;
  int passes_ = 0, failures_ = 0, skips_ = 0;
  std::map<std::string, int> skipped_;
};

// What is allowed where Chainer's own float32 was `err32[part]` off.
double tolerance(const Value& err32, const std::string& part);

}  // namespace golden
