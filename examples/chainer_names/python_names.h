#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chainer_names {

// A name of Chainer in a Python program.
struct Use {
  int line = 0;           // counted from 1
  std::string written;    // as the program writes it: "F.relu"
  std::string full_name;  // "chainer.functions.relu"
};

// The uses of names below the module chainer, in the order of the program. The names are found by the
// program's import statements: "import chainer.functions as F", "from chainer import training".
// Names in comments and strings do not count, and neither do the import statements of modules.
std::vector<Use> find_names(std::string_view python);

}  // namespace chainer_names
