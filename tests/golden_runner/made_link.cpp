#include "tests/golden_runner/made_link.h"

#include "autograd/base/error.h"
#include "tests/golden_runner/tree.h"

namespace golden {

void set_parameters(nn::Link& link, const Call& c) {
  auto found = parameters(link);
  for (const auto& [path, value] : c.params) {
    const auto parameter = found.find(path);
    if (parameter == found.end())
      throw autograd::Error(c.function + ": the link must have the parameter " + path +
                            ", but it has not");
    if (!parameter->second.is_initialized()) parameter->second.initialize(value.shape());
    parameter->second.set_array(value);
    c.variables[path] = parameter->second;
  }
  if (found.size() != c.params.size())
    throw autograd::Error(
        c.function + ": the link must have as many parameters as Chainer's, but it has others");
}

}  // namespace golden
