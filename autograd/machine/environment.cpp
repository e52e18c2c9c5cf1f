#include "autograd/machine/environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "autograd/base/error.h"

namespace autograd {

std::string_view environment_choice(const char* variable,
                                    std::initializer_list<std::string_view> names) {
  const char* wanted = std::getenv(variable);
  if (!wanted || !*wanted) return *names.begin();
  const auto found = std::find(names.begin(), names.end(), wanted);
  if (found != names.end()) return *found;
  std::string known;
  for (std::string_view name : names) {
    if (!known.empty()) known += name == *(names.end() - 1) ? " or " : ", ";
    known += name;
  }
  throw Error(fmt::format("{}: must be {}, but it is {}", variable, known, wanted));
}

}  // namespace autograd
