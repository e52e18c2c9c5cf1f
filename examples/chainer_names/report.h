#pragma once

#include <string>
#include <string_view>

namespace chainer_names {

struct Report {
  std::string text;  // a line for each use of a name, and a summary
  int missing = 0;   // names that are not here
};

// Says of each name of Chainer in the program `python` how it is spelled here. `file` begins each
// line.
Report report(std::string_view python, std::string_view file);

}  // namespace chainer_names
